"""Tests of A1: log-ins that are under way at once, in whatever order they are answered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from id_isolation.backend.protocol import Session
from id_isolation.checks.a1_concurrent_log_ins import concurrent_log_ins_stay_apart
from id_isolation.history.finding import Finding
from id_isolation.plan.kinds import Level, Surface
from id_isolation.world.effort import Effort

from ..bare import Bare, context_on, findings_of
from .small import Accounts, Tokens


class _Paced(Tokens):
    """Answers after as many turns of the event loop as it is told to."""

    def __init__(self) -> None:
        self.turns: Callable[[str], int] = lambda token: 0

    def pace(self, turns: Callable[[str], int]) -> None:
        self.turns = turns

    async def wait_for(self, token: str) -> None:
        for _ in range(self.turns(token)):
            await asyncio.sleep(0)


class _LogIns(Accounts):
    """Asks the service, and then enters a session under the token."""

    def __init__(self) -> None:
        super().__init__()
        self.service = _Paced()

    async def log_in(self, token: str) -> Session:
        await self.service.wait_for(token)
        return self.enter(token, self.user_of(token))

    def enter(self, token: str, user: str, number: int | None = None) -> Session:
        id_ = f"session_{len(self.sessions) if number is None else number}"
        self.sessions.append(Session(user, id_, token, self.claims(user)))
        return self.sessions[-1]

    def claims(self, user: str) -> dict[str, object]:
        """What the caller is handed besides."""
        return {"user_id": user, "role": "user"}


class _HandsOutNothing(_LogIns):
    def claims(self, user: str) -> dict[str, object]:
        return {}


class _AnswersInOrder(_LogIns):
    """Asks for one token at a time, and takes an answer back that nobody waits for any more."""

    def __init__(self) -> None:
        super().__init__()
        self.lock = asyncio.Lock()
        self.answers: list[str] = []

    async def log_in(self, token: str) -> Session:
        async with self.lock:
            self.answers.append(self.user_of(token))
            try:
                await self.service.wait_for(token)
            except asyncio.CancelledError:
                self.given_up()
                raise
            return self.enter(token, self.answers.pop(0))

    def given_up(self) -> None:
        self.answers.clear()


class _LeavesTheAnswer(_AnswersInOrder):
    """The next one takes it for its own."""

    def given_up(self) -> None:
        pass


class _TokenInOnePlace(_LogIns):
    last = ""

    async def log_in(self, token: str) -> Session:
        self.last = token
        await self.service.wait_for(token)
        return self.enter(token, self.user_of(self.last))


class _WrongOnRecord(_TokenInOnePlace):
    """Hands out the right session, and stores another one."""

    async def log_in(self, token: str) -> Session:
        return Session(self.user_of(token), (await super().log_in(token)).session_id, token)


class _WrongInHand(_HandsOutNothing):
    """Stores the right session, and hands out the user whom it asked for last."""

    last = ""

    async def log_in(self, token: str) -> Session:
        self.last = token
        session = await super().log_in(token)
        return Session(self.user_of(self.last), session.session_id)


class _CountsBeforeTheAnswer(_LogIns):
    async def log_in(self, token: str) -> Session:
        number = len(self.sessions)
        await self.service.wait_for(token)
        return self.enter(token, self.user_of(token), number)


class _OneAnswerForAll(_LogIns):
    """What every caller is handed is one object."""

    def __init__(self) -> None:
        super().__init__()
        self.handed: dict[str, object] = {}

    def claims(self, user: str) -> dict[str, object]:
        self.handed["user_id"] = user
        return self.handed


def _found(sessions: Any, tokens: Any) -> list[Finding]:
    world = context_on(Bare(tokens=tokens, sessions=sessions), "A1", Surface.AUTH, Level.PLAN, effort=Effort(0.2))
    findings = findings_of(concurrent_log_ins_stay_apart, world)
    assert world.judged_count > 0
    return findings


@pytest.mark.parametrize("make", [_LogIns, _HandsOutNothing, _AnswersInOrder])
def test_log_ins_that_stay_apart_pass(make: type[_LogIns]) -> None:
    """In whatever order they are answered, and whichever is given up."""
    sessions = make()
    assert _found(sessions, sessions.service) == []


def test_a_service_that_nobody_can_pace_is_asked_all_the_same() -> None:
    """Nor does a user who keeps one session for all log-ins meet anybody else's."""
    assert _found(Accounts(), Tokens()) == []


@pytest.mark.parametrize(
    "make",
    [_WrongInHand, _TokenInOnePlace, _CountsBeforeTheAnswer, _WrongOnRecord, _OneAnswerForAll, _LeavesTheAnswer],
    ids=["user in hand", "user", "session ID", "record", "claims", "after one is given up"],
)
def test_a_log_in_that_ends_in_anothers_session_is_found(make: type[_LogIns]) -> None:
    """By whichever of these it shows, though each log-in by itself is right."""
    sessions = make()
    (finding,) = _found(sessions, sessions.service)
    assert finding.symptom == "swapped-session"
    assert "session_" in finding.evidence[0]
    assert any(event.leak for event in finding.history)
    assert {shown.text for shown in finding.ids} & {event.answer for event in finding.history}


@pytest.mark.parametrize("make", [_TokenInOnePlace, _CountsBeforeTheAnswer, _OneAnswerForAll, _LeavesTheAnswer])
def test_the_same_faults_hurt_nobody_while_log_ins_come_one_by_one(make: type[_LogIns]) -> None:
    """So it is the log-ins at once that are judged."""
    sessions = make()
    world = context_on(Bare(tokens=sessions.service, sessions=sessions), "A1", Surface.AUTH)
    told = [world.run(sessions.log_in(f"token of {user}")) for user in ("ana", "ben")]
    world.close()
    assert [session.user for session in told] == ["ana", "ben"]
    assert told[0].session_id != told[1].session_id
