"""Connections and runs agree with the reference on a sound backend, and each fault has its symptom."""

from __future__ import annotations

from itertools import cycle
from typing import Any

import pytest

from id_isolation.backend.protocol import Connection, ContextIds, Handshake
from id_isolation.plan.kinds import Kind
from id_isolation.power.twins.designs import OpaqueBackend
from id_isolation.world.delivery import Delivery, Line

from .staged import played, symptom


class _Adopts(OpaqueBackend):
    """A preliminary ID is taken for the connection's, whosever it is."""

    async def connect(self, handshake: Handshake) -> Connection:
        made = await super().connect(handshake)
        return Connection(handshake.preliminary_id or made.connection_id, made.user, made.context)


class _AdoptsItsOwn(_Adopts):
    """Only the user's own."""

    async def connect(self, handshake: Handshake) -> Connection:
        made = await super().connect(handshake)
        if await self.owner_of(Kind.CONNECTION, made.connection_id) == made.user:
            return made
        return await OpaqueBackend.connect(self, handshake)


@pytest.mark.parametrize(
    "steps",
    [
        ["connect c1 A", "run r1 c1", "connect c2 B", "run r2 c2", "close - c1", "run r3 c2"],
        ["connect c1 A", "run r1 c1", "drop - c1", "connect c2 A"],
        ["connect c1 A", "run r1 c1", "crash - c1", "connect c2 c1"],
        ["connect c1 A", "run r1 c1", "end - c1 r1", "end - c1 r1"],
        ["connect c1 A", "connect c2 B", "run r1 c1", "end - c2 r1"],
        ["connect c1 A own", "connect c2 B c1"],
    ],
    ids=lambda steps: steps[-1],
)
@pytest.mark.parametrize("backend", [OpaqueBackend, _AdoptsItsOwn])
def test_a_sound_backend_agrees(steps: list[str], backend: type[Any]) -> None:
    """To end the own run is a right, to be refused another's too."""
    assert symptom(steps, backend()) is None


@pytest.mark.parametrize(
    "steps",
    [
        ["run r1 c9", "close - c9", "end - c9 r9", "connect c1 Z", "connect c1 t9", "connect c1 A c9"],
        ["connect c1 A", "close - c1", "run r1 c1", "close - c1", "end - c1 r1"],
    ],
    ids=["unknown", "closed"],
)
def test_a_step_that_cannot_be_done_is_left_out_of_the_story(steps: list[str]) -> None:
    """Unknown users, tokens and connections, and closed ones."""
    stage, disagreement = played(steps)
    assert disagreement is None
    assert len(stage.told) == (2 if steps[0].startswith("connect") else 0)


class _AnyoneEnds(Delivery):
    def may_name(self, line: Line, run: str | None, thread: str | None) -> bool:
        return run is not None and run in self.runs


class _OneRunForAll(OpaqueBackend):
    def mint_context(self, user: str, operation: str) -> ContextIds:
        return ContextIds(user, "thread_1", "run_1", "request_1")


class _TwoIds(OpaqueBackend):
    """Connection IDs come round again; its look-up is not asked."""

    owner_of = None  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.ids = cycle(["ws_1", "ws_2"])

    async def connect(self, handshake: Handshake) -> Connection:
        made = await super().connect(handshake)
        return Connection(next(self.ids), made.user, made.context)


class _EndsOthers(OpaqueBackend):
    delivery = _AnyoneEnds


@pytest.mark.parametrize(
    ("backend", "steps", "wrong", "victim"),
    [
        (_Adopts, ["connect c1 A", "connect c2 B c1"], "foreign-id-adopted", "A"),
        (_OneRunForAll, ["connect c1 A", "run r1 c1", "connect c2 B", "run r2 c2"], "reused-id", "A"),
        (_TwoIds, ["connect c1 A", "close - c1", "connect c2 A", "connect c3 A"], "reused-id", "A"),
        (_TwoIds, ["connect c1 A", "close - c1", "connect c2 A", "connect c3 B"], "foreign-id-adopted", "A"),
        (_EndsOthers, ["connect c1 A", "run r1 c1", "connect c2 B"], "named-by-another", "A"),
    ],
)
def test_each_fault_is_told_with_whom_it_hurts(backend: type[Any], steps: list[str], wrong: str, victim: str) -> None:
    """The first disagreement of the history."""
    disagreement = played(steps, backend())[1]
    assert disagreement is not None
    assert (disagreement.symptom, disagreement.victim) == (wrong, victim)


@pytest.mark.parametrize(
    ("op", "words"),
    [
        ("close", "ana closes the connection "),
        ("drop", "ana loses the connection "),
        ("crash", "while an event is sent"),
    ],
)
def test_each_way_of_ending_is_told_in_its_own_words(op: str, words: str) -> None:
    """And after each of them nothing is held."""
    stage, disagreement = played(["connect c1 A", "run r1 c1", f"{op} - c1"])
    assert disagreement is None
    assert words in stage.told[-1]
    assert stage.server.delivery.runs == {}
