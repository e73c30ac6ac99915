"""Tests of log-ins at once: whose session each of them may be given."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from id_isolation.backend.protocol import Session
from id_isolation.checks.parts.program import Program
from id_isolation.checks.parts.programs import programs_of
from id_isolation.plan.kinds import Surface
from id_isolation.world.users import user_number

from ..bare import Bare, context_on
from .small import Accounts, Small, Tokens


def _log_ins(backend: Bare) -> list[Program]:
    return programs_of(context_on(backend, "X5", Surface.AUTH))


class _OneForAll(Accounts):
    """Every log-in gets the same session ID, which is on record for nobody."""

    async def log_in(self, token: str) -> Session:
        return Session(self.user_of(token), "session_of_all")


class _TheFirst(Accounts):
    """Whoever logs in gets the session of who came first."""

    async def log_in(self, token: str) -> Session:
        return self.sessions[0] if self.sessions else await super().log_in(token)


class _OnRecordForAnother(Accounts):
    """The session is given as it should be, and kept for somebody else."""

    async def records(self) -> list[Session]:
        return [Session("admin", session.session_id) for session in self.sessions]


class _GivenForAnother(Accounts):
    """The other way round."""

    async def log_in(self, token: str) -> Session:
        return Session("admin", (await super().log_in(token)).session_id)


class _AtFirstUse(Accounts):
    """A session is made when it is first used: a log-in gives none, and those on record have no ID yet."""

    async def log_in(self, token: str) -> Session:
        self.sessions.append(Session(self.user_of(token), ""))
        return self.sessions[-1]


class _OneForEach(Accounts):
    """A user who logs in again is given the session there is."""

    async def log_in(self, token: str) -> Session:
        user = self.user_of(token)
        known = (session for session in self.sessions if session.user == user)
        return next(known, None) or await super().log_in(token)


class _Forgets(Accounts):
    async def records(self) -> list[Session]:
        return []


@pytest.mark.parametrize(
    ("sessions", "words"),
    [
        (Accounts, ""),
        (_Forgets, ""),
        (_AtFirstUse, ""),
        (_OneForEach, ""),
        (_OneForAll, f"{user_number(0)} and {user_number(1)} were given one session, session_of_all."),
        (_TheFirst, f"the session session_of_{user_number(0)} is {user_number(0)}'s."),
        (_GivenForAnother, f"the session session_of_{user_number(0)} is admin's."),
        (_OnRecordForAnother, f"the session session_of_{user_number(0)} is admin's."),
    ],
)
def test_each_user_has_a_session_of_its_own(sessions: type[Accounts], words: str) -> None:
    """By what log-in gives and by the records; that there is a record at all is for others to judge."""
    by_two_tasks, *_ = _log_ins(Bare(tokens=Tokens(), sessions=sessions()))

    async def in_turn() -> list[Any]:
        return [await work() for work in by_two_tasks.work]

    told = by_two_tasks.violated(asyncio.run(in_turn()))
    assert (told is None) if not words else (told or "").endswith(words)


def test_a_lane_without_a_result_is_not_compared() -> None:
    """It met a lock of another loop."""
    program, *_ = _log_ins(Small())
    first, second = user_number(0), user_number(1)
    assert program.violated([None, (second, "s2")]) is None
    assert program.violated([None, (first, "s1")]) == f"{second} logged in, and the session s1 is {first}'s."
