"""Sharing that a system declares is no leak; the same sharing undeclared is one, and so is what goes beyond it."""

from __future__ import annotations

from typing import Any

import pytest

from id_isolation.history.finding import Outcome
from id_isolation.judging.judge import judge
from id_isolation.plan.kinds import Level, Surface
from id_isolation.world.effort import Effort

from .rooms import DeclaredRooms, LeakyRooms, Rooms, StoredByRoom


def outcome(backend: Any, check: str, surface: Surface = Surface.WEBSOCKET) -> tuple[Outcome, set[str]]:
    verdict = judge(backend, check, surface, Level.STRICT, 1, Effort(0.3))
    return verdict.outcome, {finding.symptom for finding in verdict.findings}


@pytest.mark.parametrize("check", ["E1", "E4"])
def test_rooms_that_nobody_declared_are_leaks(check: str) -> None:
    """The events of one user reach another, who may name the thread too."""
    assert outcome(Rooms(), check)[0] is Outcome.FAILED


@pytest.mark.parametrize("check", ["E1", "E2", "E4", "E6"])
def test_declared_rooms_are_none(check: str) -> None:
    """The policy is asked about the thread and the user of every event."""
    assert outcome(DeclaredRooms(), check) == (Outcome.PASSED, set())


def test_what_goes_beyond_the_declared_sharing_is_a_leak() -> None:
    """One event in another room is enough."""
    assert outcome(LeakyRooms(), "E1") == (Outcome.FAILED, {"foreign-event"})


@pytest.mark.parametrize(
    ("rooms", "wanted"),
    [pytest.param(Rooms, Outcome.FAILED, marks=pytest.mark.slow), (DeclaredRooms, Outcome.PASSED)],
)
def test_stored_sessions_may_be_shared_where_that_is_declared(rooms: type, wanted: Outcome) -> None:
    """A user of the same room finds the room's stored session."""
    backend = rooms()
    backend.stored = StoredByRoom()
    assert outcome(backend, "U3", Surface.GENERATOR)[0] is wanted
