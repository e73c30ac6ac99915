"""C3 learns beside its history whether a look-up makes a stored session young again; both ways are right."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from id_isolation.history.finding import Outcome

from .holding import Registry, Stored, by_run, judged


class _Aging(Stored):
    """Sessions that a sweep ends by their age; a look-up makes them young again where expiry slides."""

    def __init__(self, slides: bool) -> None:
        super().__init__()
        self.slides = slides
        self.since: dict[tuple[str, str], datetime] = {}

    async def store(self, user, thread=None):  # type: ignore[no-untyped-def]
        self.since[(user, thread or "default")] = datetime.now(UTC)
        return await super().store(user, thread)

    async def find(self, user, thread):  # type: ignore[no-untyped-def]
        if self.slides and (user, thread) in self.since:
            self.since[(user, thread)] = datetime.now(UTC)
        return await super().find(user, thread)

    async def expire(self, older_than_hours):  # type: ignore[no-untyped-def]
        now = datetime.now(UTC)
        old = [key for key, at in self.since.items() if (now - at).total_seconds() > older_than_hours * 3600]
        for key in old:
            self.since.pop(key)
            self.runs.pop(key, None)
        return len(old)


@pytest.mark.parametrize(("slides", "way"), [(True, "sliding expiry"), (False, "time of creation")])
def test_how_stored_sessions_grow_old(slides: bool, way: str) -> None:
    """Neither is a finding."""
    verdict = judged("C3", cleanup=Registry(by_run), stored=_Aging(slides))
    assert verdict.outcome is Outcome.PASSED
    assert way in dict(verdict.policies)["a stored session"]
