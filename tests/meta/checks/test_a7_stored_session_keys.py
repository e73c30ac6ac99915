"""Tests of A7: stored sessions whose keys are made of user and thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

import pytest

from id_isolation.backend.protocol import BackendRefused, ContextIds
from id_isolation.checks.a7_stored_session_keys import no_two_pairs_share_a_session
from id_isolation.plan.kinds import Level

from ..bare import context_on, findings_of
from .small import Small

Key = Callable[[str, str], object]


def _pair(user: str, thread: str) -> object:
    return user, thread


@dataclass
class _Stored:
    """Sessions by a key of user and thread; texts in `refused` are no part of any name."""

    key: Key = _pair
    refused: str = ""
    runs: dict[object, str] = field(default_factory=dict)
    users: dict[object, str] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=count)

    async def store(self, user: str, thread: str | None = None) -> ContextIds:
        return await self.store_run(user, thread or "", None)

    async def store_run(self, user: str, thread: str, run: str | None) -> ContextIds:
        if any(mark in f"{user}{thread}" for mark in self.refused):
            raise BackendRefused("not this name")
        key = self.key(user, thread)
        stored = self.runs[key] = run or self.runs.get(key) or f"run_{next(self.numbers)}"
        self.users[key] = user
        return ContextIds(user, thread, stored, "")

    async def find(self, user: str, thread: str) -> str | None:
        return self.runs.get(self.key(user, thread))

    async def invalidate(self, user: str) -> int:
        gone = [key for key, owner in self.users.items() if owner == user]
        for key in gone:
            del self.runs[key], self.users[key]
        return len(gone)


class _KeepsTheFirstRun(_Stored):
    async def store_run(self, user: str, thread: str, run: str | None) -> ContextIds:
        return await super().store_run(user, thread, await self.find(user, thread) or run)


def _symptoms(stored: _Stored) -> list[str]:
    backend = Small()
    backend.stored = stored
    world = context_on(backend, "A7", level=Level.STRICT)
    findings = findings_of(no_two_pairs_share_a_session, world)
    assert world.judged_count > 50 or findings
    return [finding.symptom for finding in findings]


@pytest.mark.parametrize(
    "stored",
    [
        _Stored(),
        _Stored(lambda user, thread: f"{len(user)}:{user}{thread}"),
        _Stored(lambda user, thread: f"{user!a}:{thread!a}"),
        _Stored(lambda user, thread: f"{user}:{thread}", refused=":"),
    ],
    ids=["a pair", "length first", "both quoted", "joined, and the joint refused"],
)
def test_keys_that_tell_user_and_thread_apart_are_no_finding(stored: _Stored) -> None:
    """However they do it."""
    assert _symptoms(stored) == []


@pytest.mark.parametrize("joint", [":", "_", "|", "\x1f", ""])
def test_keys_that_join_user_and_thread_are_found(joint: str) -> None:
    """By whatever separator, or by none."""
    assert _symptoms(_Stored(lambda user, thread: f"{user}{joint}{thread}")) == ["shared-session"]


def test_users_that_only_the_store_takes_for_one_are_found() -> None:
    """Letter case, here."""
    assert "shared-session" in _symptoms(_Stored(lambda user, thread: (user.lower(), thread)))


def test_a_session_that_keeps_an_older_run_than_it_is_given_is_found() -> None:
    """Its user would be answered with what has ended."""
    assert _symptoms(_KeepsTheFirstRun()) == ["another-run"]


def test_a_key_that_leaves_the_user_out_is_told_as_that() -> None:
    """And not as two texts that are joined to one."""
    backend = Small()
    backend.stored = _Stored(lambda user, thread: thread)
    world = context_on(backend, "A7", level=Level.STRICT)
    (finding,) = findings_of(no_two_pairs_share_a_session, world)
    assert finding.symptom == "user-left-out"
    assert "join" not in f"{finding.problem} {finding.evidence[0]}"
