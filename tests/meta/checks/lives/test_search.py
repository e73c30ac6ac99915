"""Tests of the search for short histories, on a small backend in this process."""

from __future__ import annotations

import pytest

from id_isolation.checks.check import check_of
from id_isolation.checks.context import CheckContext
from id_isolation.checks.parts.lives_search import Search, finding_of
from id_isolation.history.finding import Finding
from id_isolation.plan.kinds import Level, Surface
from id_isolation.power.faults.lives import AnyoneEndsRuns, EndFreesAllOfTheUser, SlotsUsedAgain, SocketOfUserPopped
from id_isolation.power.twins.designs import OpaqueBackend
from id_isolation.world.delivery import Delivery


def _findings(delivery: type[Delivery], seed: int, histories: int = 150) -> list[Finding]:
    backend = OpaqueBackend()
    backend.delivery = delivery  # type: ignore[attr-defined]
    world = CheckContext(backend, check_of("C7"), Surface.WEBSOCKET, Level.STRICT, seed)
    try:
        return [finding_of(world, shown) for shown in Search(world, None).disagreements(histories)]
    finally:
        world.close()


def test_a_right_delivery_agrees() -> None:
    """Nothing is found where nothing is wrong."""
    assert _findings(Delivery, 1) == []


@pytest.mark.parametrize(
    ("delivery", "symptom", "steps"),
    [
        (SocketOfUserPopped, "lost-event", 4),
        (AnyoneEndsRuns, "named-by-another", 3),
        (SlotsUsedAgain, "reused-id", 3),
        pytest.param(EndFreesAllOfTheUser, "taken-along", 5, marks=pytest.mark.slow),
    ],
    ids=["late-close", "cancel", "reuse", "end"],
)
def test_the_story_is_as_short_as_it_can_be(delivery: type[Delivery], symptom: str, steps: int) -> None:
    """A story holds the steps that are needed and no other."""
    for seed in range(2):
        stories = {finding.symptom: finding.evidence for finding in _findings(delivery, seed)}
        assert symptom in stories
        assert len(stories[symptom]) - 1 <= steps


def test_the_same_seed_tells_the_same_story() -> None:
    """Steps and users of a story follow from the seed; only minted IDs differ."""
    first, second = (_findings(AnyoneEndsRuns, 3)[0] for _ in range(2))
    assert first.replay == second.replay
    assert [event.act for event in first.history] == [event.act for event in second.history]


def test_the_picture_names_who_gained_and_who_lost() -> None:
    """The last event is the leak, in the lane of the one user, and owned by the other."""
    finding = _findings(AnyoneEndsRuns, 3)[0]
    leak = finding.history[-1]
    assert leak.leak
    assert leak.owner is not None
    assert leak.lane != leak.owner
