"""Tests of A3 on stored sessions: what is too old may be hidden first and taken away later, and is counted then."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import pytest

from id_isolation.backend.protocol import ContextIds
from id_isolation.checks.a3_ended_sessions import ending_one_users_sessions_spares_others
from id_isolation.plan.kinds import Surface

from ..bare import Bare, context_on, findings_of


@dataclass
class _Stored:
    """Sessions by user and thread; `sweeps` says whether a sweep hides what is too old, and `counts` what it tells."""

    sweeps: bool
    counts: int
    expires = True
    made: dict[tuple[str, str], float] = field(default_factory=dict)
    oldest: float = 0.0

    async def store(self, user: str, thread: str | None = None) -> ContextIds:
        thread = thread or f"thread of {user}"
        if self.made.get((user, thread), 0.0) <= self.oldest:
            self.made[user, thread] = time.time()
        return ContextIds(user, thread, f"run in {thread}", "")

    async def find(self, user: str, thread: str) -> str | None:
        return f"run in {thread}" if self.made.get((user, thread), 0.0) > self.oldest else None

    async def invalidate(self, user: str) -> int:
        gone = [key for key in self.made if key[0] == user]
        for key in gone:
            del self.made[key]
        return len(gone)

    async def expire(self, older_than_hours: float) -> int:
        if self.sweeps:
            self.oldest = time.time() - older_than_hours * 3600
        return self.counts


@pytest.mark.parametrize(
    ("stored", "symptoms"),
    [
        (_Stored(True, 2), []),
        (_Stored(True, 0), []),
        (_Stored(True, 1), ["miscounted"]),
        (_Stored(False, 0), ["survives-its-end"]),
    ],
    ids=["counted", "counted later", "counted by halves", "never ended"],
)
def test_a_sweep_that_tells_of_none_has_hidden_all(stored: _Stored, symptoms: list[str]) -> None:
    """Any other number is that of the sessions which went."""
    world = context_on(Bare(stored=stored), "A3", Surface.GENERATOR)
    found = findings_of(ending_one_users_sessions_spares_others, world)
    assert [finding.symptom for finding in found] == symptoms
