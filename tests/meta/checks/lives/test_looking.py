"""An ID leads to its owner by the backend's own look-up, after its end to nobody else, and may be unknown to it."""

from __future__ import annotations

from typing import Any

import pytest

from id_isolation.backend.protocol import Connection, Handshake
from id_isolation.plan.kinds import Kind
from id_isolation.power.twins.designs import OpaqueBackend

from .staged import played, symptom

STEPS = ["log-in t1 A", "connect c1 A", "run r1 c1", "connect c2 B", "close - c1", "connect c3 A"]


class _OnlyConnections(OpaqueBackend):
    """The look-up knows connections and no other kind."""

    async def owner_of(self, kind: Kind, text: str) -> str | None:
        return await super().owner_of(kind, text) if kind is Kind.CONNECTION else None


class _KnowsNoConnection(OpaqueBackend):
    async def owner_of(self, kind: Kind, text: str) -> str | None:
        return None


class _NoLookUp(OpaqueBackend):
    owner_of = None  # type: ignore[assignment]


@pytest.mark.parametrize("backend", [OpaqueBackend, _OnlyConnections, _KnowsNoConnection, _NoLookUp])
def test_a_sound_look_up_agrees(backend: type[Any]) -> None:
    """One that knows every kind, or connections alone, or never one; and a backend without one is not asked."""
    assert symptom(STEPS, backend()) is None


class _Relabels(OpaqueBackend):
    """The ID before the newest one leads to the newcomer, open or closed."""

    previous = ""

    async def connect(self, handshake: Handshake) -> Connection:
        made = await super().connect(handshake)
        if self.previous:
            self._owners[self.previous] = Kind.CONNECTION, made.user
        self.previous = made.connection_id
        return made


class _KnowsTheFirstConnection(OpaqueBackend):
    async def owner_of(self, kind: Kind, text: str) -> str | None:
        return await super().owner_of(kind, text) if text == self.first else None

    first = ""

    async def connect(self, handshake: Handshake) -> Connection:
        made = await super().connect(handshake)
        self.first = self.first or made.connection_id
        return made


class _ForgetsRuns(OpaqueBackend):
    """A connection that opens makes the look-up forget the runs of before."""

    async def connect(self, handshake: Handshake) -> Connection:
        self._owners = {text: known for text, known in self._owners.items() if known[0] is not Kind.RUN}
        return await super().connect(handshake)


@pytest.mark.parametrize(
    ("backend", "steps", "wrong", "lane", "said"),
    [
        (_Relabels, ["connect c1 A", "connect c2 B"], "wrong-owner", "B", "the look-up of the connection "),
        (
            _Relabels,
            ["connect c1 A", "close - c1", "connect c2 B"],
            "wrong-owner",
            "B",
            "look-up of the closed ",
        ),
        (_KnowsTheFirstConnection, ["connect c1 A", "connect c2 A"], "wrong-owner", "", "leads to nobody"),
        (_ForgetsRuns, ["connect c1 A", "run r1 c1", "connect c2 B"], "taken-from-another", "", "the look-up of "),
        (_ForgetsRuns, ["connect c1 A", "run r1 c1", "connect c2 A"], "taken-along", "", "the look-up of "),
    ],
    ids=["live", "released", "unknown", "forgotten by another", "forgotten by oneself"],
)
def test_an_id_that_leads_astray_is_told_with_who_gained(
    backend: type[Any], steps: list[str], wrong: str, lane: str, said: str
) -> None:
    """It is always the first user's."""
    disagreement = played(steps, backend())[1]
    assert disagreement is not None
    assert (disagreement.symptom, disagreement.victim, disagreement.lane) == (wrong, "A", lane)
    assert said in disagreement.sentence


def test_every_id_of_the_play_is_asked_for() -> None:
    """Connections, sessions, and both IDs of each run."""
    asked: list[str] = []

    class Counts(OpaqueBackend):
        async def owner_of(self, kind: Kind, text: str) -> str | None:
            asked.append(str(kind))
            return await super().owner_of(kind, text)

    played(STEPS[:3], Counts())
    assert sorted(asked[-4:]) == ["connection", "run", "session", "thread"]
