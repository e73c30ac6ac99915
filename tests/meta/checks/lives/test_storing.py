"""Stored sessions and what time does to them agree with the reference, and each fault has its symptom."""

from __future__ import annotations

from typing import Any

import pytest

from id_isolation.backend.protocol import ContextIds
from id_isolation.power.twins.designs import OpaqueBackend

from .staged import Clock, played


class _Sweeps(OpaqueBackend):
    """A sweep ends all sessions: rightly after a day, wrongly before."""

    async def expire(self, older_than_hours: float) -> int:
        count = len(self._stored)
        self._stored.clear()
        return count


class _ByThread(OpaqueBackend):
    """One session for a thread, whosever it is."""

    async def store(self, user: str, thread: str | None = None) -> ContextIds:
        return await super().store("everybody", thread)


@pytest.mark.parametrize(
    ("backend", "steps"),
    [
        (OpaqueBackend, ["store s1 A 0", "store s2 A 0", "store s3 A 1", "store s4 B 0"]),
        (OpaqueBackend, ["store s1 A 0", "invalidate - A", "store s2 A 0", "invalidate - B"]),
        (OpaqueBackend, ["store s1 A 0", "wait", "sweep", "store s2 B 0"]),
        (_Sweeps, ["store s1 A 0", "store s2 B 1", "wait", "sweep"]),
    ],
    ids=["again", "ended", "kept", "swept"],
)
def test_a_sound_backend_agrees(backend: type[Any], steps: list[str]) -> None:
    """A session is given again, made anew after its end, and may go or stay when it is a day old."""
    stage, disagreement = played(steps, backend(), Clock())
    assert disagreement is None
    assert len(stage.told) == len(steps)


@pytest.mark.parametrize(
    ("backend", "steps", "wrong"),
    [
        (_ByThread, ["store s1 A 0", "store s2 B 0"], "shared-stored-session"),
        (_Sweeps, ["store s1 A 0", "sweep"], "taken-from-another"),
        (_Sweeps, ["wait", "store s1 A 0", "sweep"], "taken-from-another"),
    ],
    ids=["shared", "swept at once", "swept when others are old"],
)
def test_each_fault_is_told_with_whom_it_hurts(backend: type[Any], steps: list[str], wrong: str) -> None:
    """It is always the first user here."""
    disagreement = played(steps, backend(), Clock())[1]
    assert disagreement is not None
    assert (disagreement.symptom, disagreement.victim) == (wrong, "A")


class _SweepsEverySecondTime(OpaqueBackend):
    """A sweep marks what is there, and the next one ends it."""

    marked: frozenset[tuple[str, str]] = frozenset()

    async def expire(self, older_than_hours: float) -> int:
        gone = [key for key in self._stored if key in self.marked]
        self.marked = frozenset(self._stored)
        for key in gone:
            del self._stored[key]
        return len(gone)


def test_a_session_that_outlived_a_sweep_is_as_old_as_it_was() -> None:
    """Whoever stores it again has the old one, and the next sweep may end it."""
    steps = ["store s1 A 0", "wait", "sweep", "store s2 A 0", "sweep"]
    stage, disagreement = played(steps, _SweepsEverySecondTime(), Clock())
    assert disagreement is None
    assert len(stage.told) == len(steps)


def test_an_unknown_user_stores_and_ends_nothing() -> None:
    """The steps are left out."""
    assert played(["store s1 Z 0", "invalidate - Z"])[0].told == []
