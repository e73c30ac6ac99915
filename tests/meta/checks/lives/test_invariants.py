"""After every step each event is its user's, and nobody names or finds what is another's."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from id_isolation.backend.protocol import ContextIds
from id_isolation.power.twins.designs import OpaqueBackend
from id_isolation.world.delivery import Delivery, Line, Run

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


def test_every_event_and_every_users_facts_are_judged() -> None:
    """A play without a run judges the users' facts alone."""
    with_runs, without = played(TWO)[0], played(["connect c1 A", "connect c2 B"])[0]
    assert without.world.judged_count == 4
    assert with_runs.world.judged_count > 8


class _ByThread(OpaqueBackend):
    """Stored sessions are looked up by thread alone."""

    async def find(self, user: str, thread: str) -> str | None:
        return next((kept.run for (_, known), kept in self._stored.items() if known == thread), None)


class _FromTheOtherThread(OpaqueBackend):
    """Who asks for a thread finds what is stored for another one."""

    async def find(self, user: str, thread: str) -> str | None:
        return next((kept.run for (_, known), kept in self._stored.items() if known != thread), None)


class _NeverInvalidates(OpaqueBackend):
    async def invalidate(self, user: str) -> int:
        return 0


@pytest.mark.parametrize(
    ("backend", "steps", "wrong"),
    [
        (_ByThread, ["store s1 A 0", "store s2 B 1"], "foreign-stored-session"),
        (_FromTheOtherThread, ["store s1 A 0"], "foreign-stored-session"),
        (_NeverInvalidates, ["store s1 A 0", "invalidate - A"], "survives-its-end"),
    ],
)
def test_a_stored_session_leads_to_its_owner_while_it_lives(backend: type[Any], steps: list[str], wrong: str) -> None:
    """And not to whoever asks, nor beyond its end."""
    disagreement = played(steps, backend())[1]
    assert disagreement is not None
    assert (disagreement.symptom, disagreement.victim) == (wrong, "A")
    assert symptom(steps) is None


class _EndedForAnybody(Delivery):
    """Whoever names a run or thread that has ended may have it."""

    def __init__(self, backend: Any) -> None:
        super().__init__(backend)
        self.over: set[str | None] = set()

    async def end(self, run_id: str, run: Run) -> None:
        self.over |= {run_id, run.context.thread}
        await super().end(run_id, run)

    def may_name(self, line: Line, run: str | None, thread: str | None) -> bool:
        return bool({run, thread} & self.over) or super().may_name(line, run, thread)


class _EndedForItsOwner(_EndedForAnybody):
    """Whoever had a run may still name it."""

    def may_name(self, line: Line, run: str | None, thread: str | None) -> bool:
        names_own = run is not None and run.rpartition(" of ")[2] == line.user
        return names_own if run in self.over else Delivery.may_name(self, line, run, thread)


class _RunsNameTheirUser(OpaqueBackend):
    delivery = _EndedForItsOwner

    def mint_context(self, user: str, operation: str) -> ContextIds:
        made = super().mint_context(user, operation)
        return replace(made, run=f"{made.run} of {user}")


@pytest.mark.parametrize("end", ["end - c1 r1", "close - c1", "crash - c1"])
def test_what_has_ended_is_named_by_no_other_user(end: str) -> None:
    """However it ended; whether its owner may name it is a policy."""
    steps = ["connect c1 A", "connect c2 B", "connect c3 A", "run r1 c1", end]
    disagreement = played(steps, _delivering(_EndedForAnybody))[1]
    assert disagreement is not None
    assert (disagreement.symptom, disagreement.victim, disagreement.lane) == ("named-by-another", "A", "B")
    assert "the ended run " in disagreement.sentence
    assert symptom(steps, _RunsNameTheirUser()) is None


class _ConnectEndsOwnRuns(Delivery):
    """A line that opens ends what its user does on other lines, and leaves those open."""

    async def open(self, line: Line) -> None:
        await super().open(line)
        for name, run in list(self.runs.items()):
            if run.context.user == line.user:
                await self.end(name, run)


class _ClosesALittleLater(_ConnectEndsOwnRuns):
    """The older lines are told to close in a moment."""

    async def open(self, line: Line) -> None:
        older = [other for other in self.lines.values() if other.user == line.user]
        await super().open(line)
        self.closing = [asyncio.ensure_future(self._tell(other)) for other in older]

    async def _tell(self, line: Line) -> None:
        for _ in range(3):
            await asyncio.sleep(0)
        await line.close(4000, "replaced")


def test_a_users_own_step_ends_no_run_whose_line_stays_open() -> None:
    """A line that gives way to a newer one is closed, if not at once."""
    steps = ["connect c1 A", "run r1 c1", "connect c2 A"]
    disagreement = played(steps, _delivering(_ConnectEndsOwnRuns))[1]
    assert disagreement is not None
    assert (disagreement.symptom, disagreement.victim) == ("taken-run", "A")
    assert symptom(steps, _delivering(_ClosesALittleLater)) is None
