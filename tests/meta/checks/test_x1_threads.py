"""Tests of X1 on backends of a few lines, whose IDs repeat for a reason."""

from __future__ import annotations

import threading
from itertools import count
from typing import Any

from id_isolation.backend.protocol import Session
from id_isolation.checks.context import CheckContext
from id_isolation.checks.x1_threads import unique_over_threads
from id_isolation.plan.kinds import Surface
from id_isolation.world.effort import Effort

from ..bare import context_on
from .small import Accounts, Minting, Small

FEW = Effort(0.2)


def _small(minting: Minting | None = None, sessions: Any = None) -> Small:
    backend = Small()
    backend.minting = minting or backend.minting
    backend.sessions = sessions or backend.sessions
    return backend


def _symptoms(world: CheckContext) -> set[str]:
    world.close()
    world.judge_history()
    assert world.judged_count > 0
    return {finding.symptom for finding in world.findings}


class _PerThread(Minting):
    """Numbers what it mints for each thread apart."""

    def __init__(self) -> None:
        super().__init__()
        self.own = threading.local()

    @property
    def numbers(self) -> Any:
        if not hasattr(self.own, "numbers"):
            self.own.numbers = count()
        return self.own.numbers

    @numbers.setter
    def numbers(self, _: Any) -> None:
        """One for all is not wanted."""


def test_one_counter_for_all_threads_is_no_finding() -> None:
    """`itertools.count` gives each number once."""
    world = context_on(_small(), "X1", effort=FEW)
    unique_over_threads(world)
    assert _symptoms(world) == set()


def test_a_counter_for_each_thread_is_found_by_threads() -> None:
    """Each thread has a user of its own, so it is the context IDs, which name none, that repeat."""
    world = context_on(_small(_PerThread()), "X1", effort=FEW)
    unique_over_threads(world)
    assert _symptoms(world) == {"repeated-id"}


class _LogIn(Accounts):
    """Gives each log-in the session that `session_of` names for its user."""

    def __init__(self, session_of: Any) -> None:
        super().__init__()
        self.session_of = session_of

    async def log_in(self, token: str) -> Session:
        user = self.user_of(token)
        return Session(user, self.session_of(user))


def _by_log_ins(session_of: Any) -> set[str]:
    world = context_on(_small(sessions=_LogIn(session_of)), "X1", Surface.AUTH, effort=FEW)
    unique_over_threads(world)
    return _symptoms(world)


def test_one_session_for_each_user_is_a_policy() -> None:
    """Nothing was minted where a user who logs in again is given the session there is."""
    assert _by_log_ins("session_of_{}".format) == set()


def test_sessions_that_are_made_when_they_are_first_used_are_no_repeat() -> None:
    """A log-in without a session ID has given nobody anything."""
    assert _by_log_ins(lambda user: "") == set()


def test_two_users_in_one_session_are_told_as_that() -> None:
    """Nobody can tell from outside whether it was minted twice, and the finding does not say so."""
    world = context_on(_small(sessions=_LogIn(lambda user: "session_of_all")), "X1", Surface.AUTH, effort=FEW)
    unique_over_threads(world)
    assert _symptoms(world) == {"shared-session"}
    assert world.findings[0].problem == "Two users are given one session."
