"""Each strict check of hostile users catches what is planted for it, and passes what only looks like it."""

from __future__ import annotations

import pytest

from id_isolation.checks.check import judged_pairs
from id_isolation.history.finding import Outcome
from id_isolation.power.fault import Fault, Twin, all_faults, all_twins

from ..rounds import SEEDS
from .planted import subject, verdicts

JUDGED = ("F2", "F5", "F6", "U2", "U4", "C6", "C7", "C8", "C9", "A2", "A3", "A4", "A5", "A7", "E4", "E5")
"""The checks of the strict level, and those whose strict halves are about hostile users and forged IDs."""

FAULTS = [fault for fault in all_faults() if not fault.hangs and any(check in JUDGED for check, _ in fault.checks)]
TWINS = [twin.name for twin in all_twins()]
FIRST = ("user-cut-short", "session-key-joined", "session-id-as-token", "one-unknown-user", "checks-runs-only")
_SCALE = 0.25
_SCALE_OF_TWINS = 0.1
"""The matrix judges each twin with more effort; here it is the number of seeds that counts."""


def _expect_caught(fault: Fault, seeds: range) -> None:
    pairs = [pair for pair in fault.checks if pair[0] in JUDGED]
    said: dict[int, set[tuple[str, str]]] = {seed: set() for seed in seeds}
    for verdict in verdicts(fault, pairs, seeds, _SCALE):
        assert verdict.outcome is Outcome.FAILED, (verdict.check, verdict.surface, verdict.seed, verdict.reason)
        assert verdict.findings[0].evidence
        said[verdict.seed] |= {(finding.check, finding.symptom) for finding in verdict.findings}
    due = {reason for reason in fault.says if reason[0] in JUDGED}
    for seed, reasons in said.items():
        assert due <= reasons, (fault.name, seed, due - reasons)


def _expect_passed(twin: Fault | Twin, seeds: range) -> None:
    pairs = [pair for pair in judged_pairs() if pair[0] in JUDGED]
    for verdict in verdicts(twin, pairs, seeds, _SCALE_OF_TWINS):
        if verdict.outcome is not Outcome.NOT_APPLICABLE:
            assert verdict.outcome is Outcome.PASSED, (verdict.check, verdict.surface, verdict.seed, verdict.findings)


@pytest.mark.parametrize("name", FIRST)
def test_one_fault_of_each_sort_is_caught(name: str) -> None:
    """It fails every check that is meant for it."""
    fault = subject(name)
    assert isinstance(fault, Fault)
    _expect_caught(fault, range(1))


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
