"""Log-in, log-out and hand-over agree with the reference on a sound backend, and each fault has its symptom."""

from __future__ import annotations

from typing import Any

import pytest

from id_isolation.backend.protocol import BackendBroke, BackendRefused, Connection, Handshake, Session
from id_isolation.power.twins.designs import OpaqueBackend
from id_isolation.world.delivery import Delivery, Line

from .staged import played, symptom


@pytest.mark.parametrize(
    "steps",
    [
        ["log-in t1 A", "again - t1", "log-in t2 B", "expire - t1", "again - t2"],
        ["connect c1 A", "connect c2 B", "expire - c1", "run r1 c2"],
        ["log-in t1 A", "hand-over - t1 B", "again - t1"],
        ["connect c1 A", "hand-over - c1 B", "connect c2 c1"],
        ["stranger"],
    ],
    ids=lambda steps: steps[-1],
)
def test_a_sound_backend_agrees(steps: list[str]) -> None:
    """To the end, and after it."""
    assert symptom(steps) is None


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        (["again - t9", "expire - t9", "hand-over - t9 B", "log-in t1 Z"], []),
        (["log-in t1 A", "expire - t1", "again - t1", "expire - t1"], ["logs in", "loses token 1"]),
        (["log-in t1 A", "hand-over - t1 A", "hand-over - t1 Z"], ["logs in"]),
    ],
    ids=["unknown", "expired", "to oneself"],
)
def test_a_step_that_cannot_be_done_is_left_out_of_the_story(steps: list[str], told: list[str]) -> None:
    """Unknown or expired tokens, unknown users, and a hand-over to whom it belongs."""
    stage, disagreement = played(steps)
    assert disagreement is None
    assert [words in sentence for words, sentence in zip(told, stage.told, strict=True)] == [True] * len(told)


class _OneSession(OpaqueBackend):
    """All users get one session ID."""

    async def log_in(self, token: str) -> Session:
        return Session(self._user_of(token), "session_of_all")


class _AlwaysAna(OpaqueBackend):
    """Whoever logs in is ana."""

    async def log_in(self, token: str) -> Session:
        return Session("ana" if self._user_of(token) else "", f"session_of_{self._user_of(token)}")


class _LetsExpiredIn(OpaqueBackend):
    """A token that was good once opens a session for ever."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, Session] = {}

    async def log_in(self, token: str) -> Session:
        if token not in self.known:
            self.known[token] = await super().log_in(token)
        return self.known[token]


class _LetsAnybodyConnect(OpaqueBackend):
    """A bad token opens a connection."""

    async def connect(self, handshake: Handshake) -> Connection:
        try:
            return await super().connect(handshake)
        except BackendRefused:
            return Connection("ws_of_nobody", "nobody")


class _NeverEnds(Delivery):
    async def still_valid(self, line: Line) -> bool:
        return True


class _EndsAll(Delivery):
    """One token that has ended ends every line."""

    ended = False

    async def still_valid(self, line: Line) -> bool:
        self.ended = self.ended or not await super().still_valid(line)
        return not self.ended


class _KeepsLines(OpaqueBackend):
    delivery = _NeverEnds


class _TakesLines(OpaqueBackend):
    delivery = _EndsAll


@pytest.mark.parametrize(
    ("backend", "steps", "wrong", "victim"),
    [
        (_OneSession, ["log-in t1 A", "log-in t2 B"], "shared-session", "A"),
        (_AlwaysAna, ["log-in t1 A", "log-in t2 B"], "swapped-user", "A"),
        (_LetsExpiredIn, ["log-in t1 A", "expire - t1"], "ended-token-opens", "A"),
        (_LetsAnybodyConnect, ["stranger"], "ended-token-opens", ""),
        (_LetsAnybodyConnect, ["log-in t1 B", "expire - t1"], "ended-token-opens", "B"),
        (_KeepsLines, ["connect c1 A", "expire - c1"], "outlives-its-token", "A"),
        (_KeepsLines, ["connect c1 A", "hand-over - c1 B"], "outlives-its-token", "A"),
        (_TakesLines, ["connect c1 A", "connect c2 B", "expire - c1"], "taken-from-another", "B"),
    ],
)
def test_each_fault_is_told_with_whom_it_hurts(backend: type[Any], steps: list[str], wrong: str, victim: str) -> None:
    """The first disagreement of the history."""
    disagreement = played(steps, backend())[1]
    assert disagreement is not None
    assert (disagreement.symptom, disagreement.victim) == (wrong, victim)


class _GivesTheLastOne(OpaqueBackend):
    """The session of the token that ended last is the next one's of its user."""

    def __init__(self) -> None:
        super().__init__()
        self.last: dict[str, Session] = {}

    def _user_of(self, token: str) -> str:
        before = self._records.get(token)
        try:
            user = super()._user_of(token)
        except BackendRefused:
            if before is not None:
                self.last[before.user] = before
            raise
        if token not in self._records and user in self.last:
            self._records[token] = self.last.pop(user)
        return user


class _OneForEachUser(OpaqueBackend):
    """All tokens of a user have one session, for as long as one of them is valid."""

    async def log_in(self, token: str) -> Session:
        user = self._user_of(token)
        known = next((kept for kept in self._records.values() if kept.user == user), None)
        self._records[token] = known or await super().log_in(token)
        return self._records[token]


class _OutlivesItsToken(_OneForEachUser):
    """A user's session goes on when the token that opened it has ended."""

    def _user_of(self, token: str) -> str:
        kept = dict(self._records)
        try:
            return super()._user_of(token)
        finally:
            self._records = kept


def test_the_id_of_a_session_that_has_ended_is_not_given_again() -> None:
    """Nor to the same user."""
    steps = ["log-in t1 A", "expire - t1", "log-in t2 B", "log-in t3 A"]
    disagreement = played(steps, _GivesTheLastOne())[1]
    assert disagreement is not None
    assert (disagreement.symptom, disagreement.victim) == ("reused-id", "A")
    assert disagreement.sentence.endswith("which has ended")
    assert symptom(steps) is None


@pytest.mark.parametrize("backend", [_OneForEachUser, _OutlivesItsToken])
def test_a_session_that_lives_may_be_given_to_another_token_of_its_user(backend: type[Any]) -> None:
    """Renewal is a policy, and so is whether a session outlives the token that opened it."""
    steps = ["log-in t1 A", "log-in t2 A", "expire - t1", "again - t2", "log-in t3 A", "expire - t2", "expire - t3"]
    assert symptom(steps, backend()) is None
    assert symptom(["log-in t1 A", "expire - t1", "log-in t2 A", "log-in t3 B"], backend()) is None


class _CannotReassign(OpaqueBackend):
    def __init__(self) -> None:
        super().__init__()
        service = self.tokens

        class Tokens:
            issue, withdraw = service.issue, service.withdraw

            async def reassign(self, token: str, user: str) -> None:
                raise BackendBroke("tokens are not handed over here")

        self.tokens = Tokens()  # type: ignore[assignment]


def test_a_service_that_hands_no_token_over_is_no_fault() -> None:
    """The step is left out, and the token stays its owner's."""
    stage, disagreement = played(["log-in t1 A", "hand-over - t1 B", "again - t1"], _CannotReassign())
    assert disagreement is None
    assert [sentence.split()[0] for sentence in stage.told] == ["ana", "ana"]
    assert stage.reference.tokens["t1"].owner == "A"
