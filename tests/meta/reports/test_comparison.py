"""Two runs held against each other: fixed, still there, new, and what was not judged again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from id_isolation.history.finding import Outcome, Verdict
from id_isolation.history.record import RunRecord
from id_isolation.plan.kinds import Level, Surface
from id_isolation.reports.comparison import Change, compare

from . import samples

PASSED = Verdict("S1", Surface.DISPATCHER, Outcome.PASSED)
RAW = samples.raw_mint(Surface.DISPATCHER)


def run(*verdicts: Verdict) -> RunRecord:
    return RunRecord("x", Level.PLAN, (Verdict("F1", Surface.AUTH, Outcome.PASSED), *verdicts))


def failed(*places: int) -> Verdict:
    shown = replace(RAW, places=tuple(RAW.places[number] for number in places))
    return replace(PASSED, outcome=Outcome.FAILED, findings=(shown,))


def test_legacy_to_remediated_fixes_everything() -> None:
    """Every finding, place by place; nothing is new, and the comparison is green."""
    compared = compare(samples.legacy(), samples.remediated())
    assert {item.change for item in compared.items} == {Change.FIXED}
    assert sum(item.finding.check == "S1" for item in compared.items) == 6
    assert compared.is_green
    assert compared.sentence() == "GREEN: legacy to remediated: 20 fixed, 0 still there, 0 new."


def test_the_other_way_round_everything_is_new() -> None:
    """What was green and is red now makes the comparison red."""
    compared = compare(samples.remediated(), samples.legacy())
    assert {item.change for item in compared.items} == {Change.NEW}
    assert not compared.is_green


def test_a_run_against_itself_has_nothing_but_what_is_still_there() -> None:
    """Old faults alone do not make a comparison red."""
    compared = compare(samples.legacy(), samples.legacy())
    assert {item.change for item in compared.items} == {Change.STILL}
    assert compared.is_green


def test_places_are_told_apart() -> None:
    """Of four places two are mended, two are not, and none counts as new."""
    compared = compare(run(failed(0, 1, 2, 3)), run(failed(1, 2)))
    assert len(compared.of(Change.FIXED)) == len(compared.of(Change.STILL)) == 2
    assert not compared.of(Change.NEW)


def test_a_place_whose_line_moved_is_the_same_place() -> None:
    """The anchor counts, not the line."""
    after = failed(0)
    (shown,) = after.findings
    moved = replace(after, findings=(replace(shown, places=(replace(shown.places[0], line=999),)),))
    assert [item.change for item in compare(run(failed(0)), run(moved)).items] == [Change.STILL]


@pytest.mark.parametrize("outcome", [Outcome.ERRORED, Outcome.INCONCLUSIVE, Outcome.NOT_APPLICABLE])
def test_a_check_that_was_not_judged_again_proves_no_repair(outcome: Outcome) -> None:
    """A finding that is missing for want of a verdict is open, and the comparison is red."""
    compared = compare(run(failed(0)), run(replace(PASSED, outcome=outcome)))
    assert [item.change for item in compared.items] == [Change.OPEN]
    assert not compared.is_green
    assert "not known to be fixed" in compared.sentence()


def test_a_second_run_without_verdicts_is_red() -> None:
    """Nothing judged is nothing proved, even where nothing was wrong before."""
    assert not compare(run(), RunRecord("x", Level.PLAN, ())).is_green


def test_new_findings_of_checks_that_the_first_run_left_out_say_so() -> None:
    """A strict run after a plan run is not blamed for what nobody looked at, but it is told."""
    compared = compare(samples.remediated(), samples.remediated(Level.STRICT))
    assert all(not item.judged_before for item in compared.of(Change.NEW))
