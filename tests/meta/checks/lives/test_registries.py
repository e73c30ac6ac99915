"""What has ended is held no more once its time is up, and records are added for what is new alone."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

import pytest

from id_isolation.backend.protocol import ContextIds, Session
from id_isolation.power.twins.designs import OpaqueBackend
from id_isolation.world.delivery import Delivery, Line, Run

from .staged import played, symptom

AND_ANOTHER = ["connect c1 A", "run r1 c1", "connect c2 B"]


class _WhenAllAreGone(Delivery):
    """Ended lines are kept until no line is left."""

    gone: list[Line]
    count = 0

    async def open(self, line: Line) -> None:
        self.count += 1
        await super().open(line)

    async def close(self, line: Line, clean: bool) -> None:
        self.count -= 1
        self.gone = [*getattr(self, "gone", []), line]
        while self.gone and not self.count:
            await super().close(self.gone.pop(), clean)


class _RunsStayOnTheList(Delivery):
    """A run that is ended stays on the list until its line is closed."""

    async def end(self, run_id: str, run: Run) -> None:
        await super().end(run_id, run)
        if run.connection_id in self.lines:
            self.runs[run_id] = run


class _ReleasedWithTheLine(Delivery):
    """What a run holds is released when its line is closed, and not at its end."""

    async def end(self, run_id: str, run: Run) -> None:
        if run.connection_id in self.lines:
            self.runs.pop(run_id, None)
            self.threads.pop(run.context.thread, None)
        else:
            await super().end(run_id, run)

    async def close(self, line: Line, clean: bool) -> None:
        await super().close(line, clean)
        for context in list((await self.backend.cleanup.held()).values()):  # type: ignore[union-attr]
            await self.backend.cleanup.release(line.user, context.run)  # type: ignore[union-attr]


def _delivering(delivery: type[Delivery]) -> OpaqueBackend:
    backend = OpaqueBackend()
    backend.delivery = delivery  # type: ignore[attr-defined]
    return backend


@pytest.mark.parametrize(
    ("delivery", "last", "said"),
    [
        (_WhenAllAreGone, "close - c1", "what the ended run "),
        (_RunsStayOnTheList, "end - c1 r1", "the ended run "),
        (_ReleasedWithTheLine, "end - c1 r1", "what the ended run "),
    ],
)
def test_what_has_ended_is_held_no_more_though_others_go_on(delivery: type[Delivery], last: str, said: str) -> None:
    """At the end of the play, when all is over, nothing would be left."""
    stage, disagreement = played([*AND_ANOTHER, last], _delivering(delivery))
    assert disagreement is not None
    assert (disagreement.symptom, disagreement.victim) == ("left-behind", "A")
    assert disagreement.sentence.startswith(said)
    assert len(stage.told) == 4
    assert symptom(AND_ANOTHER, _delivering(delivery)) is None


def test_the_place_of_a_closed_line_is_free() -> None:
    """Also where it held nothing else."""
    disagreement = played(["connect c1 A", "connect c2 B", "drop - c1"], _delivering(_WhenAllAreGone))[1]
    assert disagreement is not None
    assert disagreement.sentence.startswith("the place of the closed connection ")


class _SweptInAMoment(Delivery):
    """Another task releases what a closed line had."""

    async def close(self, line: Line, clean: bool) -> None:
        async def later() -> None:
            for _ in range(5):
                await asyncio.sleep(0)
            await Delivery.close(self, line, clean)

        self.sweeping = [*getattr(self, "sweeping", []), asyncio.ensure_future(later())]


class _RunsComeAlong(Delivery):
    """Who comes back with the ID of a line has its runs."""

    async def open(self, line: Line) -> None:
        old = self.lines.get(line.connection_id)
        await super().open(line)
        if old is not None:
            self._started[line] = self._started.pop(old, [])


class _BackWithTheId(OpaqueBackend):
    """A connection may have the ID that it brings."""

    delivery = _RunsComeAlong

    async def connect(self, handshake: Any) -> Any:
        made = await super().connect(handshake)
        brought = handshake.preliminary_id
        return type(made)(brought or made.connection_id, made.user, made.context)


def test_a_sweep_and_runs_that_come_along_are_no_leftovers() -> None:
    """The one is waited for; the others go on until the line that has them is closed."""
    assert symptom([*AND_ANOTHER, "close - c1"], _delivering(_SweptInAMoment)) is None
    steps = ["connect c1 A", "run r1 c1", "connect c2 c1 c1", "close - c1", "connect c3 B", "close - c2"]
    assert symptom(steps, _BackWithTheId()) is None


class _RecordForEachUse(OpaqueBackend):
    """Each use of a token adds a record."""

    async def log_in(self, token: str) -> Session:
        known = await super().log_in(token)
        self._records[f"{token}{len(self._records)}"] = known
        return known


class _TwoIndexes(OpaqueBackend):
    """Each session is on record under its token and under its ID."""

    async def records(self) -> Collection[Session]:
        return [*self._records.values(), *self._records.values()]


class _FilesConnections(OpaqueBackend):
    """Each connection has a record beside its token's."""

    async def connect(self, handshake: Any) -> Any:
        made = await super().connect(handshake)
        known = self._records.get(handshake.token)
        if known is not None:
            self._records[made.connection_id] = known
        return made


class _KeepsRecords(OpaqueBackend):
    """A session outlives the token that opened it."""

    def _user_of(self, token: str) -> str:
        kept = dict(self._records)
        try:
            return super()._user_of(token)
        finally:
            self._records = kept


class _RecordsTheOther(OpaqueBackend):
    """A log-in leaves a session on record for somebody who never came."""

    async def log_in(self, token: str) -> Session:
        known = await super().log_in(token)
        self._records["other"] = Session("ben" if known.user == "ana" else "ana", "s_other")
        return known


def test_a_token_that_is_used_again_adds_no_record() -> None:
    """The finding counts them."""
    disagreement = played(["log-in t1 A", "again - t1"], _RecordForEachUse())[1]
    assert disagreement is not None
    assert (disagreement.symptom, disagreement.victim) == ("registry-grows", "A")
    assert "is on record 3 times, for 1 of its tokens" in disagreement.sentence


def test_nobody_who_never_came_is_on_record() -> None:
    """Whoever has logged in may be."""
    disagreement = played(["log-in t1 A"], _RecordsTheOther())[1]
    assert disagreement is not None
    assert (disagreement.symptom, disagreement.victim) == ("registry-grows", "B")


@pytest.mark.parametrize(
    ("backend", "steps"),
    [
        (_TwoIndexes, ["log-in t1 A", "again - t1", "again - t1"]),
        (_FilesConnections, ["log-in t1 A", "connect c1 t1", "connect c2 t1", "again - t1"]),
        (_KeepsRecords, ["log-in t1 A", "expire - t1", "log-in t2 A", "again - t2"]),
    ],
)
def test_how_sessions_are_recorded_is_a_policy(backend: type[Any], steps: list[str]) -> None:
    """Twice each, for every connection, or beyond the end of the token."""
    assert symptom(steps, backend()) is None


class _HeldUnderAnotherRun(OpaqueBackend):
    """Something is held for the server itself."""

    async def held(self) -> Mapping[str, ContextIds]:
        return {"heartbeat": ContextIds("server", "t", "r", "q"), **self._held}


def test_what_is_held_for_nobody_who_plays_is_not_judged() -> None:
    """Only what has ended is looked for."""
    assert symptom([*AND_ANOTHER, "close - c1"], _HeldUnderAnotherRun()) is None
