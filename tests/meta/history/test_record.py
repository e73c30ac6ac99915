"""The record of a run: when it is green, and what it counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from id_isolation.history.finding import Outcome, Verdict
from id_isolation.history.known import KnownFinding, KnownOutcome
from id_isolation.history.record import RunRecord
from id_isolation.plan.kinds import Level, Surface

PASSED = Verdict("F1", Surface.AUTH, Outcome.PASSED)


def record(*outcomes: Outcome) -> RunRecord:
    return RunRecord("x", Level.PLAN, tuple(Verdict("F1", Surface.AUTH, outcome) for outcome in outcomes))


@pytest.mark.parametrize(
    ("outcomes", "green"),
    [
        ([Outcome.PASSED], True),
        ([Outcome.PASSED, Outcome.NOT_APPLICABLE], True),
        ([Outcome.KNOWN], True),
        ([], False),
        ([Outcome.NOT_APPLICABLE], False),
        ([Outcome.PASSED, Outcome.FAILED], False),
        ([Outcome.PASSED, Outcome.INCONCLUSIVE], False),
        ([Outcome.PASSED, Outcome.ERRORED], False),
    ],
)
def test_a_run_is_green_when_something_was_judged_and_nothing_is_red(outcomes: list[Outcome], green: bool) -> None:
    """The exit code follows."""
    made = record(*outcomes)
    assert made.is_green is green
    assert made.exit_code == (0 if green else 1)


def test_an_entry_of_the_known_list_that_is_gone_makes_a_run_red() -> None:
    """A list that rots is an error."""
    gone = KnownOutcome(gone=(KnownFinding("F1", Surface.AUTH, "r"),))
    assert not replace(record(Outcome.PASSED), known=gone).is_green


def test_every_outcome_is_counted() -> None:
    """Those that did not occur count zero."""
    counts = record(Outcome.PASSED, Outcome.PASSED, Outcome.FAILED).counts
    assert counts[Outcome.PASSED] == 2
    assert counts[Outcome.FAILED] == 1
    assert set(counts) == set(Outcome)


def test_the_mark_is_the_worst_of_several_verdicts() -> None:
    """Whatever order they came in."""
    for outcomes in ((Outcome.PASSED, Outcome.FAILED), (Outcome.FAILED, Outcome.PASSED)):
        assert record(*outcomes).marks() == {(Surface.AUTH, "F1"): Outcome.FAILED}
