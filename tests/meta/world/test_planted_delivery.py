"""Every planted fault of delivery is caught by the checks that it names, and every correct design passes all."""

from __future__ import annotations

import pytest

from id_isolation.history.finding import Outcome
from id_isolation.power.fault import Fault, Twin
from id_isolation.power.faults import events, lost_lines
from id_isolation.power.twins.connections import TWINS

from ..rounds import SEEDS
from .backends import judged

FAULTS = tuple(fault for fault in (*events.FAULTS, *lost_lines.FAULTS) if fault.delivery is not None)
DESIGNS = [twin for twin in TWINS if twin.delivery is not None]
CHECKS = ("E1", "E2", "E3", "E4", "E5", "E6", "U4", "M1", "M2", "M3")
PAIRS = [(fault, check) for fault in FAULTS for check, _ in fault.checks]
IDS = [f"{fault.name}-{check}" for fault, check in PAIRS]
# Whole lives are tried on faults of their own in each run.
QUICK = [pytest.param(*pair, marks=pytest.mark.slow if pair[1] == "C7" else ()) for pair in PAIRS]


pytestmark = pytest.mark.usefixtures("_short_unit")


@pytest.mark.parametrize(("fault", "check"), QUICK, ids=IDS)
def test_a_planted_fault_is_caught(fault: Fault, check: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check fails with a finding, and does not merely break."""
    monkeypatch.setenv("ID_ISOLATION_TIME_UNIT", "0.2")  # What is lost is waited for.
    verdict = judged(check, fault.delivery)
    assert verdict.outcome is Outcome.FAILED, verdict.reason
    assert not verdict.reason
    assert verdict.findings[0].evidence


@pytest.mark.slow
@pytest.mark.parametrize(("fault", "check"), PAIRS, ids=IDS)
def test_a_planted_fault_is_caught_with_every_seed(fault: Fault, check: str) -> None:
    """Twenty seeds out of twenty."""
    outcomes = [judged(check, fault.delivery, seed).outcome for seed in SEEDS]
    assert outcomes == [Outcome.FAILED] * len(SEEDS)


@pytest.mark.parametrize("check", CHECKS)
def test_the_suites_own_delivery_passes(check: str) -> None:
    """With nothing planted, nothing is found."""
    verdict = judged(check)
    assert verdict.outcome is Outcome.PASSED, verdict


@pytest.mark.slow
@pytest.mark.parametrize("check", CHECKS)
def test_the_suites_own_delivery_passes_with_every_seed(check: str) -> None:
    """Twenty seeds out of twenty."""
    assert [judged(check, None, seed).outcome for seed in SEEDS] == [Outcome.PASSED] * len(SEEDS)


@pytest.mark.parametrize("twin", DESIGNS, ids=lambda twin: twin.name)
@pytest.mark.parametrize("check", CHECKS)
def test_a_correct_design_passes(check: str, twin: Twin) -> None:
    """No check takes it for a fault."""
    verdict = judged(check, twin.delivery)
    assert verdict.outcome is Outcome.PASSED, verdict


def test_a_leak_has_its_way_in_the_finding() -> None:
    """The history of a leak is short, has a lane for both users, and marks the step that crossed."""
    fault = next(fault for fault in FAULTS if fault.name == "to-everybody")
    finding = next(f for f in judged("E1", fault.delivery).findings if f.symptom == "foreign-event")
    assert len({event.lane for event in finding.history}) == 2
    assert [event.leak for event in finding.history].count(True) == 1
    assert finding.history[-1].leak
    assert len(finding.history) <= 5


def test_no_secret_is_in_a_finding() -> None:
    """Neither canary nor token is part of what a check found."""
    for fault in FAULTS[:4]:
        text = str([finding.to_json() for finding in judged(fault.checks[0][0], fault.delivery).findings])
        assert "canary." not in text
        assert "tok." not in text
