"""Each planted generator is caught by the check meant for it, whatever the seed, and each sound one passes."""

from __future__ import annotations

import pytest

from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Surface
from id_isolation.power.fault import Fault, Twin

from ..rounds import SEEDS
from .planted import subject, verdicts

CAUGHT_BY = {
    "counter-without-a-lock": "X5",
    "lock-around-the-increment-only": "X5",
    "double-checked-reset": "X5",
    "counter-of-each-thread": "X5",
    "lock-made-for-each-call": "X5",
    "millisecond-only": "X4",
    "sequence-restarts-with-the-clock": "X4",
    "seeded-random": "F4",
    "state-copied-by-fork": "X3",
    "process-id-as-node-id": "X3",
    "worker-id-before-the-fork": "F4",
    "truncated-uuid": "F4",
    "sixteen-random-bits": "F4",
    "counter-begins-again-outside-its-lock": "X5",
    "range-fetched-twice": "X5",
    "range-of-a-batch-without-a-lock": "X5",
    "client-ids-count-without-the-lock": "X5",
    "await-between-read-and-write": "X2",
    "hash-of-the-counter": "X7",
    "create-without-the-lock": "X5",
    "sessions-ended-without-the-lock": "X5",
    "sessions-expired-without-the-lock": "X5",
    "connecting-user-in-a-global": "X5",
    "connections-numbered-across-an-await": "X5",
    "connections-numbered-without-a-lock": "X5",
}
"""Each fault, and the check that is meant for it, on the surface that the fault names first."""

TWINS_OF_CONNECTIONS = ("connecting-user-in-a-context-variable", "one-connection-at-a-time")
TWINS = (
    Twin("hardened", "a lock is held around the counter", "the design that the faults are planted in"),
    *map(subject, ("count-of-itertools", "process-in-the-counter", "time-ordered-random-part", "opaque-ids")),
)
NOT_ASKED = {("opaque-ids", "X6"), ("opaque-ids", "F4")}
"""What is measured in the parts of an ID is not asked of IDs that show none."""
CHECKS = ("X1", "X2", "X3", "X4", "X5", "X6", "X7", "F4")
QUICK = ("lock-around-the-increment-only", "sixteen-random-bits", "await-between-read-and-write")


def _caught(name: str, seeds: range) -> None:
    fault = subject(name)
    assert isinstance(fault, Fault)
    surface = fault.checks[0][1]
    pair = (CAUGHT_BY[name], surface)
    assert pair in fault.checks
    for verdict in verdicts(fault, [pair], seeds):
        assert verdict.outcome is Outcome.FAILED, (name, verdict.seed, verdict.reason, verdict.notes)


@pytest.mark.parametrize("name", QUICK)
def test_a_planted_generator_is_caught(name: str) -> None:
    """One of each way: threads, the random part, tasks."""
    _caught(name, range(1))


@pytest.mark.slow
@pytest.mark.parametrize("name", CAUGHT_BY)
def test_each_planted_generator_is_caught_twenty_times_of_twenty(name: str) -> None:
    """Whatever the seed, the check that is meant for it finds it."""
    _caught(name, SEEDS)


@pytest.mark.slow
@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: twin.name)
def test_each_sound_generator_passes_twenty_times_of_twenty(twin: Twin) -> None:
    """Whatever the seed, no check of uniqueness or randomness finds anything."""
    pairs = [(check, Surface.GENERATOR) for check in CHECKS]
    for verdict in verdicts(twin, pairs, SEEDS, 0.5):
        applies = (twin.name, verdict.check) not in NOT_ASKED
        due = Outcome.PASSED if applies else Outcome.NOT_APPLICABLE
        assert verdict.outcome is due, (twin.name, verdict.check, verdict.seed, verdict.reason, verdict.findings)


@pytest.mark.slow
@pytest.mark.parametrize("name", TWINS_OF_CONNECTIONS)
def test_each_sound_way_to_keep_the_connecting_user_passes_twenty_times_of_twenty(name: str) -> None:
    """Whatever the seed, no interleaving of connections is found to mix them up."""
    for verdict in verdicts(subject(name), [("X5", Surface.WEBSOCKET)], SEEDS):
        assert verdict.outcome is Outcome.PASSED, (name, verdict.seed, verdict.reason, verdict.findings)
