"""What is released late is waited for, and what never is costs its time once."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from id_isolation.backend.protocol import ContextIds
from id_isolation.checks.parts import released as released
from id_isolation.checks.parts.released import Release

from ..bare import Bare, context_on

CONTEXT = ContextIds("ana", "thread_1", "run_1", "req_1")


class _Held:
    """Holds two resources, one of which goes after so many looks."""

    def __init__(self, looks: int | None) -> None:
        self.looks, self.looked = looks, 0

    async def held(self) -> Mapping[str, ContextIds]:
        self.looked += 1
        gone = self.looks is not None and self.looked > self.looks
        return {"of another": CONTEXT, **({} if gone else {"late": CONTEXT})}


def _release(looks: int | None) -> tuple[_Held, Release]:
    cleanup = _Held(looks)
    return cleanup, Release(context_on(Bare(cleanup=cleanup)))


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(released, "_PATIENCE", 0.2)
    monkeypatch.setattr(released, "_AFTER_IN_VAIN", 0.0)


async def test_what_goes_at_a_later_look_is_not_left() -> None:
    """When it goes is a policy."""
    cleanup, release = _release(3)
    assert await release.left(["late"]) == set()
    assert cleanup.looked == 4


async def test_what_is_gone_at_once_is_looked_at_once() -> None:
    """What is right costs nothing."""
    cleanup, release = _release(0)
    assert await release.left(["late"]) == set()
    assert cleanup.looked == 1


async def test_what_stays_is_left_and_is_not_waited_for_again() -> None:
    """A search that shrinks a failure would wait for it each time."""
    cleanup, release = _release(None)
    assert await release.left(["late", "of nobody"]) == {"late"}
    before = cleanup.looked
    assert before > 2
    assert await release.left(["late"]) == {"late"}
    assert cleanup.looked == before + 1


async def test_what_was_there_before_is_nobodys_leftover() -> None:
    """Another check may have left it."""
    _, release = _release(None)
    assert await release.left_beside({"of another"}) == {"late"}
    assert await release.left_beside({"of another", "late"}) == set()
