"""What only one disturbance brings out is caught with every seed, and what is right under it is not accused."""

from __future__ import annotations

import pytest

from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Surface
from id_isolation.power.fault import Fault

from .planted import subject, verdicts

PAIRS = {
    "batch-that-fails-together": ("A6", Surface.AUTH),
    "error-of-the-last-request": ("U3", Surface.DISPATCHER),
    "refusal-with-the-last-run": ("U3", Surface.WEBSOCKET),
    "managers-by-the-address-of-a-context": ("E1", Surface.MANAGER),
    "old-sessions-listed-and-then-ended": ("X5", Surface.GENERATOR),
}
_SLOW = ("managers-by-the-address-of-a-context", "old-sessions-listed-and-then-ended")


@pytest.mark.parametrize("name", [pytest.param(one, marks=[pytest.mark.slow] * (one in _SLOW)) for one in PAIRS])
def test_what_needs_its_disturbance_is_caught_by_it(name: str) -> None:
    """By the symptom that tells it."""
    fault = subject(name)
    assert isinstance(fault, Fault)
    ((check, symptom),) = fault.says
    for verdict in verdicts(fault, [PAIRS[name]], range(3), scale=0.25):
        assert (check, symptom) in {(one.check, one.symptom) for one in verdict.findings}, verdict.seed


def test_errors_that_name_their_own_request_are_right() -> None:
    """And the name of the server, which all are told."""
    twin = subject("errors-name-their-own-request")
    pairs = [PAIRS["error-of-the-last-request"], PAIRS["refusal-with-the-last-run"]]
    for verdict in verdicts(twin, pairs, range(3), scale=0.25):
        assert verdict.outcome is Outcome.PASSED, verdict.findings
