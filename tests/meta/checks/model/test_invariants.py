"""After every step each event is its user's, and each fact is as it was for whoever did nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pytest

from id_isolation.backend.protocol import ContextIds, Session
from id_isolation.power.twins.opaque import OpaqueBackend
from id_isolation.sockets.delivery import Delivery, Line, Run

from .staged import played, symptom

TWO = ["connect c1 A", "run r1 c1", "connect c2 B", "run r2 c2"]


class _ToAll(Delivery):
    async def recipients(self, run: Run, event: Mapping[str, Any]) -> Sequence[Line]:
        return list(self.lines.values())


class _ToOwn(Delivery):
    """To every connection of the run's user: a design like another."""

    async def recipients(self, run: Run, event: Mapping[str, Any]) -> Sequence[Line]:
        return [line for line in self.lines.values() if line.user == run.context.user]


class _ToNobody(Delivery):
    async def recipients(self, run: Run, event: Mapping[str, Any]) -> Sequence[Line]:
        return []


class _ForgetsOthers(Delivery):
    """A line that opens ends everybody's runs."""

    async def open(self, line: Line) -> None:
        await super().open(line)
        for name, run in list(self.runs.items()):
            await self.end(name, run)


class _OneLine(Delivery):
    """A line that opens takes the place of all others."""

    async def open(self, line: Line) -> None:
        self.lines.clear()
        await super().open(line)


class _AnyThread(Delivery):
    def may_name(self, line: Line, run: str | None, thread: str | None) -> bool:
        return thread is not None or super().may_name(line, run, thread)


def _delivering(delivery: type[Delivery]) -> OpaqueBackend:
    backend = OpaqueBackend()
    backend.delivery = delivery  # type: ignore[attr-defined]
    return backend


@pytest.mark.parametrize("delivery", [Delivery, _ToOwn])
def test_right_delivery_agrees(delivery: type[Delivery]) -> None:
    """To one of the user's connections, or to all of them."""
    assert symptom([*TWO, "connect c3 A", "run r3 c3"], _delivering(delivery)) is None


@pytest.mark.parametrize(
    ("delivery", "wrong", "victim", "lane"),
    [
        (_ToAll, "foreign-event", "A", "B"),
        (_ToNobody, "lost-event", "A", ""),
        (_ForgetsOthers, "taken-run", "A", ""),
        (_AnyThread, "named-by-another", "A", "B"),
    ],
)
def test_wrong_delivery_is_told_with_who_is_hurt_and_who_gained(
    delivery: type[Delivery], wrong: str, victim: str, lane: str
) -> None:
    """The lane is the other user's where something crossed."""
    disagreement = played(TWO, _delivering(delivery))[1]
    assert disagreement is not None
    assert (disagreement.symptom, disagreement.victim, disagreement.lane) == (wrong, victim, lane)


def test_a_connection_whose_place_another_takes_is_taken_from_its_user() -> None:
    """Also where no run shows it."""
    disagreement = played(["connect c1 A", "connect c2 B"], _delivering(_OneLine))[1]
    assert disagreement is not None
    assert (disagreement.symptom, disagreement.victim) == ("taken-from-another", "A")
    assert disagreement.subject == "connection c1"


def test_every_event_and_every_users_facts_are_judged() -> None:
    """A play without a run judges the users' facts alone."""
    with_runs, without = played(TWO)[0], played(["connect c1 A", "connect c2 B"])[0]
    assert without.probe.judged_count == 4
    assert with_runs.probe.judged_count > 8


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


class _ByThread(OpaqueBackend):
    """Stored sessions are looked up by thread alone."""

    async def find(self, user: str, thread: str) -> str | None:
        return next((kept.run for (_, known), kept in self._stored.items() if known == thread), None)


class _NeverInvalidates(OpaqueBackend):
    async def invalidate(self, user: str) -> int:
        return 0


class _InvalidatesAll(OpaqueBackend):
    async def invalidate(self, user: str) -> int:
        self._stored.clear()
        return 1


@pytest.mark.parametrize(
    ("backend", "steps", "wrong", "victim"),
    [
        (_LogInClears, ["log-in t1 A", "log-in t2 B"], "taken-from-another", "A"),
        (_OneResource, TWO, "taken-from-another", "A"),
        (_InvalidatesAll, ["store s1 A 0", "store s2 B 0", "invalidate - B"], "taken-from-another", "A"),
        (_ByThread, ["store s1 A 0", "store s2 B 1"], "foreign-stored-session", "A"),
        (_NeverInvalidates, ["store s1 A 0", "invalidate - A"], "survives-its-end", "A"),
        (_RecordsSwapped, ["log-in t1 A", "connect c1 B", "log-in t2 B"], "taken-from-another", "A"),
    ],
)
def test_what_one_user_does_takes_nothing_from_another(
    backend: type[Any], steps: list[str], wrong: str, victim: str
) -> None:
    """Sessions, what runs hold, and what is stored; nor does what ended lead anywhere."""
    disagreement = played(steps, backend())[1]
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
