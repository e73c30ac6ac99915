"""Tests of A5: which preliminary connection IDs a connection gets."""

from __future__ import annotations

from itertools import count

import pytest

from id_isolation.backend.protocol import BackendBroke, BackendRefused, Connection, Handshake
from id_isolation.checks.a5_preliminary_ids import foreign_preliminary_ids_are_not_adopted
from id_isolation.history.finding import Finding
from id_isolation.plan.kinds import Level, Surface

from ..bare import Bare, context_on
from .small import Tokens


class _Fresh:
    """Mints a new ID whatever the client brings along."""

    def __init__(self) -> None:
        self.numbers = count(10)
        self.given: dict[str, str] = {}

    async def connect(self, handshake: Handshake) -> Connection:
        user = handshake.token.removeprefix("token of ")
        id_ = self.chosen(user, handshake.preliminary_id)
        self.given[id_] = user
        return Connection(id_, user)

    def chosen(self, user: str, brought: str | None) -> str:
        return f"ws_{user}_{next(self.numbers)}"


class _OwnAgain(_Fresh):
    """Gives a client the ID that was its own."""

    def chosen(self, user: str, brought: str | None) -> str:
        own = brought is not None and self.given.get(brought) == user
        return brought if own and brought else super().chosen(user, brought)


class _Refuses(_OwnAgain):
    """Lets nobody in who brings along what is not theirs."""

    def chosen(self, user: str, brought: str | None) -> str:
        if brought is not None and self.given.get(brought) != user:
            raise BackendRefused("not your connection")
        return super().chosen(user, brought)


class _Anybodys(_Fresh):
    """Adopts any ID that it has given."""

    def chosen(self, user: str, brought: str | None) -> str:
        return brought if brought in self.given and brought else super().chosen(user, brought)


class _Anything(_Fresh):
    """Adopts whatever has not the look of a connection ID."""

    def chosen(self, user: str, brought: str | None) -> str:
        return brought if brought and "_" not in brought else super().chosen(user, brought)


class _Crashes(_Fresh):
    def chosen(self, user: str, brought: str | None) -> str:
        if brought is not None and not brought.startswith("ws_"):
            raise BackendBroke("IndexError: list index out of range")
        return super().chosen(user, brought)


def _findings(sockets: _Fresh) -> list[Finding]:
    world = context_on(Bare(tokens=Tokens(), sockets=sockets), "A5", Surface.WEBSOCKET, Level.STRICT)
    foreign_preliminary_ids_are_not_adopted(world)
    # The first one that is adopted ends it.
    assert world.judged_count > (0 if world.findings else 15)
    return world.findings


@pytest.mark.parametrize("make", [_Fresh, _OwnAgain, _Refuses])
def test_a_new_id_ones_own_or_a_refusal_is_no_finding(make: type[_Fresh]) -> None:
    """All three keep one user's connection from another."""
    assert _findings(make()) == []


@pytest.mark.parametrize(
    ("make", "symptom"),
    [(_Anybodys, "foreign-id-adopted"), (_Anything, "malformed-id-adopted"), (_Crashes, "preliminary-id-crashes")],
)
def test_what_is_not_the_clients_own_is_found_where_it_is_adopted(make: type[_Fresh], symptom: str) -> None:
    """Whether it is another user's or nobody's; nor may connecting crash on it."""
    assert {finding.symptom for finding in _findings(make())} == {symptom}


def test_the_finding_shows_who_presented_whose_id() -> None:
    """The victim's name and ID, and the attacker's."""
    (finding,) = _findings(_Anybodys())
    assert "kira.moreno" in finding.evidence[0]
    assert "osei.tanaka" in finding.evidence[0]
    assert any(event.leak for event in finding.history)
