"""What a user has stays but for what a step is about, and what an ID leads to is its owner."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pytest

from id_isolation.backend.protocol import ContextIds, Session
from id_isolation.power.twins.designs import OpaqueBackend
from id_isolation.world.delivery import Delivery, Line, Run

from .staged import Clock, played, symptom

TWO = ["connect c1 A", "run r1 c1", "connect c2 B", "run r2 c2"]


class _OneLine(Delivery):
    """A line that opens takes the place of all others."""

    async def open(self, line: Line) -> None:
        self.lines.clear()
        await super().open(line)


def _made(kind: type[Any]) -> Any:
    """A backend of this kind, or a sound one that delivers so."""
    if not issubclass(kind, Delivery):
        return kind()
    backend: Any = OpaqueBackend()
    backend.delivery = kind
    return backend


class _RecordsSwapped(OpaqueBackend):
    """Once two are logged in, the records are each other's."""

    async def records(self) -> Collection[Session]:
        real = list(await super().records())
        if len(real) < 2:
            return real
        return [Session(other.user, mine.session_id) for mine, other in zip(real, reversed(real), strict=True)]


class _LogInClears(OpaqueBackend):
    """A log-in forgets the session before it, whosever that is."""

    async def log_in(self, token: str) -> Session:
        self._records.clear()
        return await super().log_in(token)


class _OneResource(OpaqueBackend):
    """What is registered replaces everything that was."""

    async def register(self, context: ContextIds, resource: str) -> None:
        self._held.clear()
        await super().register(context, resource)


class _InvalidatesAll(OpaqueBackend):
    async def invalidate(self, user: str) -> int:
        self._stored.clear()
        return 1


@pytest.mark.parametrize(
    ("backend", "steps", "wrong", "victim"),
    [
        (_OneLine, ["connect c1 A", "connect c2 B"], "taken-from-another", "A"),
        (_LogInClears, ["log-in t1 A", "log-in t2 B"], "taken-from-another", "A"),
        (_OneResource, TWO, "taken-from-another", "A"),
        (_InvalidatesAll, ["store s1 A 0", "store s2 B 0", "invalidate - B"], "taken-from-another", "A"),
        (_RecordsSwapped, ["log-in t1 A", "connect c1 B", "log-in t2 B"], "taken-from-another", "A"),
    ],
)
def test_what_one_user_does_takes_nothing_from_another(
    backend: type[Any], steps: list[str], wrong: str, victim: str
) -> None:
    """Places, sessions, what runs hold, and what is stored."""
    disagreement = played(steps, _made(backend))[1]
    assert disagreement is not None
    assert (disagreement.symptom, disagreement.victim) == (wrong, victim)
    assert symptom(steps) is None


class _BothOnRecord(OpaqueBackend):
    """Every session is on record for both users from the start."""

    async def records(self) -> Collection[Session]:
        return [Session(user, kept.session_id) for kept in self._records.values() for user in ("ana", "ben")]


def test_a_session_that_leads_to_another_user_too_has_a_wrong_owner() -> None:
    """One of a stranger who does not play is nobody's leak."""
    disagreement = played(["log-in t1 A"], _BothOnRecord())[1]
    assert disagreement is not None
    assert (disagreement.symptom, disagreement.sentence.split(" leads to ")[1]) == ("wrong-owner", "ben")


class _EndFreesAll(Delivery):
    """The end of one run releases what all runs of its user hold, or those of all users."""

    everybodys = False

    async def end(self, run_id: str, run: Run) -> None:
        held = [(other.context.user, name) for name, other in self.runs.items()]
        await super().end(run_id, run)
        for user, name in held:
            if self.everybodys or user == run.context.user:
                await self.backend.cleanup.release(user, name)  # type: ignore[union-attr]


class _SecondThreadDropsFirst(OpaqueBackend):
    async def store(self, user: str, thread: str | None = None) -> ContextIds:
        if (user, thread) not in self._stored:
            await self.invalidate(user)
        return await super().store(user, thread)


class _StoringLogsOut(OpaqueBackend):
    async def store(self, user: str, thread: str | None = None) -> ContextIds:
        self._records = {token: kept for token, kept in self._records.items() if kept.user != user}
        return await super().store(user, thread)


class _ExpiryLogsOut(OpaqueBackend):
    """A token that is refused takes all sessions with it."""

    def _user_of(self, token: str) -> str:
        if not self._service.auth_result(token).success:
            self._records.clear()
        return super()._user_of(token)


class _OwnLineForgotten(Delivery):
    """A line that opens takes the places of its user's others, which stay open."""

    async def open(self, line: Line) -> None:
        self.lines = {name: other for name, other in self.lines.items() if other.user != line.user}
        await super().open(line)


@pytest.mark.parametrize(
    ("backend", "steps", "said"),
    [
        (_EndFreesAll, ["connect c1 A", "run r1 c1", "run r2 c1", "end - c1 r1"], "what "),
        (_SecondThreadDropsFirst, ["store s1 A 0", "store s2 A 1"], "the stored session "),
        (_StoringLogsOut, ["log-in t1 A", "store s1 A 0"], "the session "),
        (_ExpiryLogsOut, ["log-in t1 A", "log-in t2 A", "expire - t2"], "the session "),
        (_OwnLineForgotten, ["connect c1 A", "connect c2 A"], "the connection "),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else None,
)
def test_what_a_user_does_takes_nothing_else_of_its_own(backend: type[Any], steps: list[str], said: str) -> None:
    """Neither what another run holds, nor another thread's session, nor another token's, nor another line."""
    disagreement = played(steps, _made(backend))[1]
    assert disagreement is not None
    assert (disagreement.symptom, disagreement.victim) == ("taken-along", "A")
    assert disagreement.sentence.startswith(said)
    assert symptom(steps) is None


class _EndClears(_EndFreesAll):
    everybodys = True


def test_what_another_user_loses_is_told_first() -> None:
    """It is worse than what the user who did it loses as well."""
    steps = ["connect c1 A", "run r1 c1", "run r2 c1", "connect c2 B", "run r3 c2", "end - c1 r1"]
    disagreement = played(steps, _made(_EndClears))[1]
    assert disagreement is not None
    assert (disagreement.symptom, disagreement.victim) == ("taken-from-another", "B")


class _OneForEachUser(OpaqueBackend):
    """A log-in ends the sessions that its user had."""

    async def log_in(self, token: str) -> Session:
        user = self._user_of(token)
        self._records = {known: kept for known, kept in self._records.items() if kept.user != user}
        return await super().log_in(token)


class _NewAtEveryUse(OpaqueBackend):
    """A token that is used, in whatever way, has a new session from then on."""

    def _user_of(self, token: str) -> str:
        self._records.pop(token, None)
        return super()._user_of(token)


class _RecordsMadeLate(OpaqueBackend):
    """A session is on record from the second look on."""

    looks = 0

    async def records(self) -> Collection[Session]:
        self.looks += 1
        return list(self._records.values()) if self.looks > 4 else []


class _OneOfAll(OpaqueBackend):
    """All tokens of a user have one session, and the end of one of them ends it."""

    async def log_in(self, token: str) -> Session:
        user = self._user_of(token)
        mine = [kept for kept in self._records.values() if kept.user == user]
        self._records[token] = mine[0] if mine else Session(user, f"session {len(self._records)} of {token}")
        return self._records[token]

    def _user_of(self, token: str) -> str:
        ended = None if self._service.auth_result(token).success else self._records.get(token)
        self._records = {known: kept for known, kept in self._records.items() if kept is not ended}
        return super()._user_of(token)


class _AgesAway(OpaqueBackend):
    """Whatever is stored is gone when the clock is put forward."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()

    async def find(self, user: str, thread: str) -> str | None:
        return None if self.clock.moved else await super().find(user, thread)


@pytest.mark.parametrize(
    ("backend", "steps"),
    [
        (_OneForEachUser, ["log-in t1 A", "log-in t2 A", "again - t1", "connect c1 A", "hand-over - c1 B"]),
        (_NewAtEveryUse, ["log-in t1 A", "again - t1", "connect c1 t1", "again - c1", "hand-over - t1 B"]),
        (_RecordsMadeLate, ["log-in t1 A", "log-in t2 B", "connect c1 A", "connect c2 B", "again - t1"]),
        (_OneOfAll, ["log-in t1 A", "log-in t2 A", "expire - t1", "log-in t3 A"]),
    ],
)
def test_a_policy_of_log_in_is_no_loss(backend: type[Any], steps: list[str]) -> None:
    """One session for each user, a new one at every use, one of all tokens, or records that are made late."""
    assert symptom(steps, backend()) is None


def test_what_is_a_day_old_may_be_gone() -> None:
    """By its age, and by nothing that a user did."""
    backend = _AgesAway()
    assert played(["store s1 A 0", "wait", "store s2 A 0"], backend, backend.clock)[1] is None
