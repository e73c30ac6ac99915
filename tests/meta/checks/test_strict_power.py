"""Each strict check of hostile users catches what is planted for it, and passes what only looks like it."""

from __future__ import annotations

import pytest

from id_isolation.checks.registry import carried_out
from id_isolation.findings.verdict import Outcome
from id_isolation.power.fault import Fault, Twin
from id_isolation.power.faults import credentials, lifecycle, names, pooling, sessions
from id_isolation.power.twins import delivery as delivery_twins
from id_isolation.power.twins import identity, opaque
from id_isolation.power.twins import sessions as session_twins

from ..rounds import SEEDS
from .planted import subject, verdicts
from .test_strict_truth_table import JUDGED

FAULTS: list[Fault] = [fault for room in (names, sessions, credentials, pooling, lifecycle) for fault in room.FAULTS]
TWINS = [twin.name for room in (identity, session_twins, opaque, delivery_twins) for twin in room.TWINS]
_SCALE = 0.25


def _expect_caught(fault: Fault, seeds: range) -> None:
    for verdict in verdicts(fault, fault.checks, seeds, _SCALE):
        assert verdict.outcome is Outcome.FAILED, (verdict.check, verdict.surface, verdict.seed, verdict.reason)
        assert verdict.findings[0].evidence


def _expect_passed(twin: Fault | Twin, seeds: range) -> None:
    pairs = [pair for pair in carried_out() if pair[0] in JUDGED]
    for verdict in verdicts(twin, pairs, seeds, _SCALE):
        if verdict.outcome is not Outcome.NOT_APPLICABLE:
            assert verdict.outcome is Outcome.PASSED, (verdict.check, verdict.surface, verdict.seed, verdict.findings)


@pytest.mark.parametrize("room", [names, sessions, credentials, pooling], ids=lambda room: room.__name__.split(".")[-1])
def test_one_fault_of_each_room_is_caught(room: object) -> None:
    """The first fault of each room fails every check that is meant for it."""
    _expect_caught(room.FAULTS[0], range(1))  # type: ignore[attr-defined]


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_every_fault_is_caught_with_every_seed(fault: Fault) -> None:
    """Twenty seeds of twenty catch each fault, by every check that is meant for it."""
    _expect_caught(fault, SEEDS)


@pytest.mark.slow
@pytest.mark.parametrize("name", TWINS)
def test_every_twin_passes_with_every_seed(name: str) -> None:
    """Twenty seeds of twenty pass each correct design, by every check there is here."""
    _expect_passed(subject(name), SEEDS)
