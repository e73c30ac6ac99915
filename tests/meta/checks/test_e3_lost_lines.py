"""Tests of E3: what a server holds of lines that are lost, and what they take from others."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from id_isolation.backend.protocol import BackendRefused, Connection, Handshake
from id_isolation.checks import e3_lost_lines as lost_lines
from id_isolation.checks.e3_lost_lines import lost_lines_free_their_resources
from id_isolation.power.faults.lost_lines import RegistryKeptAfterReset, ResourcesForgotten
from id_isolation.power.twins.connections import TWINS
from id_isolation.world import delivery
from id_isolation.world.delivery import Delivery, Line

from .mid_run import HARM
from .served import CarryOut, Outside, probe_of, served_as, symptoms


class _KeepsOne(Delivery):
    """Keeps what one line held, and lets go of all others; the backend says which, by its turn."""

    async def close(self, line: Line, clean: bool) -> None:
        backend: Any = self.backend
        if next(backend.turns) != backend.kept:
            await super().close(line, clean)


@pytest.fixture
def _short_release(monkeypatch: pytest.MonkeyPatch) -> None:
    """What never goes is not waited for long."""
    monkeypatch.setattr(lost_lines, "RELEASE_DEADLINE", 0.3)


@pytest.fixture(autouse=True)
def _short_pings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that answers no ping is found dead soon."""
    monkeypatch.setattr(lost_lines, "KEEPALIVE", 0.05)


@pytest.mark.parametrize("delivery", [None, *(twin.delivery for twin in TWINS)])
def test_a_server_that_lets_go_of_lost_lines_passes(delivery: type[Delivery] | None) -> None:
    """At once or a moment later, and whatever it does with several sockets of one user."""
    assert symptoms(lost_lines_free_their_resources, probe_of("E3", delivery)) == set()


WAYS = {
    1: ("by a TCP reset", "reset"),
    2: ("without a closing handshake", "vanished"),
    3: ("by a closing handshake in the middle of a run", "closed"),
    4: ("after bytes that are no frame", "sent bytes that are no frame"),
    5: ("after a message that is too large", "sent a message that is too large"),
    # Before it one user's lines end again and again, and then the bystander's, in order.
    7 + lost_lines.LOST: ("while their clients answered no ping", "mute"),
}


@pytest.mark.usefixtures("_short_release")
@pytest.mark.parametrize("kept", WAYS)
def test_what_a_line_leaves_behind_is_found_however_it_was_lost(kept: int) -> None:
    """The finding says how, and what is left, and shows the steps of that line alone."""
    how, note = WAYS[kept]
    world = probe_of("E3", _KeepsOne, turns=count(1), kept=kept)
    assert symptoms(lost_lines_free_their_resources, world) == {"left-behind"}
    (finding,) = world.findings
    said, left = finding.evidence
    assert how in said
    assert left.endswith("connections 1, runs 1, resources 1.")
    assert len({event.lane for event in finding.history}) == 1
    assert note in {event.note for event in finding.history}


@pytest.mark.usefixtures("_short_release")
@pytest.mark.parametrize("delivery", [RegistryKeptAfterReset, ResourcesForgotten])
def test_a_server_that_lets_go_of_nothing_is_found_by_the_first_way(delivery: type[Delivery]) -> None:
    """Whether it keeps the line or only what the line held."""
    world = probe_of("E3", delivery)
    assert symptoms(lost_lines_free_their_resources, world) == {"left-behind"}
    assert WAYS[1][0] in world.findings[0].evidence[0]


@pytest.mark.usefixtures("_short_release")
def test_the_first_way_that_leaves_something_behind_is_the_last_that_is_tried() -> None:
    """Only the bystander's line ends after it."""
    turns = count(1)
    assert symptoms(lost_lines_free_their_resources, probe_of("E3", _KeepsOne, turns=turns, kept=1))
    assert next(turns) == 1 + 2


@pytest.mark.parametrize(("delivery", "found"), HARM)
def test_what_a_lost_line_takes_from_others_is_found(delivery: type[Delivery], found: set[str]) -> None:
    """The bystander is told as the one who is hurt."""
    assert symptoms(lost_lines_free_their_resources, probe_of("E3", delivery)) == found


def test_from_outside_lost_users_are_let_in_again() -> None:
    """What the server holds cannot be seen, and the note says so."""
    world = probe_of("E3", ResourcesForgotten)
    assert symptoms(served_as(Outside, lost_lines_free_their_resources), world) == set()
    assert [note[:50] for note in world.notes] == ["What an endpoint holds cannot be seen from outside"]


class _LetsInSoOften(Delivery):
    """Lets nobody in any more after so many, as the backend says."""

    async def admit(self, handshake: Handshake) -> Connection:
        backend: Any = self.backend
        if next(backend.turns) > backend.times:
            raise BackendRefused("gone once")
        return await super().admit(handshake)


@pytest.mark.parametrize(
    ("carry_out", "times"),
    [(lost_lines_free_their_resources, 4), (served_as(Outside, lost_lines_free_their_resources), 10)],
    ids=["here", "outside"],
)
def test_lost_users_who_are_shut_out_are_no_pass(carry_out: CarryOut, times: int) -> None:
    """From outside also after the last way, when nobody has to come back for another."""
    world = probe_of("E3", _LetsInSoOften, turns=count(1), times=times)
    with pytest.raises(BackendRefused):
        carry_out(world)
    world.close()


def test_a_server_that_cannot_hold_a_run_is_judged_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its runs may be over before the line is."""
    monkeypatch.setattr(delivery, "FEATURES", ("sync", "threads"))
    assert symptoms(lost_lines_free_their_resources, probe_of("E3")) == set()
