"""What shows only at a certain moment is caught by the check that provokes it, and its right twin is not accused."""

from __future__ import annotations

import pytest

from id_isolation.history.finding import Outcome
from id_isolation.power.fault import all_faults
from id_isolation.power.faults import at_once
from id_isolation.power.twins.at_once import TWINS

from .planted import verdicts

SCALE = 1.0
_NAMES = {fault.name for fault in at_once.FAULTS}
# With what was seen of each; one that hangs takes a judge that ends the process.
FAULTS = tuple(fault for fault in all_faults() if fault.name in _NAMES and not fault.hangs)
# These take several seconds each: they show at a rare moment only, or in whole lives.
LONG = {
    *("numbers-of-ended-runs-again", "room-made-after-an-await", "rooms-found-by-a-pattern"),
    *("rooms-of-numbers-used-again", "handshakes-in-a-table-of-256"),
}
TOGETHER = tuple(dict.fromkeys(pair for fault in FAULTS for pair in fault.checks))


@pytest.mark.parametrize(
    "fault",
    [pytest.param(fault, id=fault.name, marks=pytest.mark.slow if fault.name in LONG else ()) for fault in FAULTS],
)
def test_each_fault_is_caught_for_what_it_does(fault) -> None:  # type: ignore[no-untyped-def]
    """Every check that must catch it finds its symptom."""
    told = verdicts(fault, fault.checks, [1], SCALE)
    assert [verdict.outcome for verdict in told] == [Outcome.FAILED] * len(told)
    for check, symptom in fault.says:
        found = [finding.symptom for verdict in told if verdict.check == check for finding in verdict.findings]
        assert any(one == symptom or (symptom.endswith("-") and one.startswith(symptom)) for one in found), found


@pytest.mark.slow
@pytest.mark.parametrize("twin", TWINS, ids=[twin.name for twin in TWINS])
def test_no_twin_is_accused(twin) -> None:  # type: ignore[no-untyped-def]
    """By none of the checks that catch the faults of this kind."""
    told = verdicts(twin, TOGETHER, [1], SCALE)
    assert {verdict.check: verdict.findings for verdict in told if verdict.outcome is not Outcome.PASSED} == {}
