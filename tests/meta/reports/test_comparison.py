"""Two runs held against each other: fixed, still there, new, and what was not judged again.

Findings put together: each thing is said once.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from id_isolation.history.finding import Outcome, Place, Verdict
from id_isolation.history.record import RunRecord
from id_isolation.plan.kinds import Level, Surface
from id_isolation.reports.comparison import Change, changes, compare, evidence, groups, located
from id_isolation.reports.html_run import run_page
from id_isolation.reports.terminal import render_summary

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
    assert compared.sentence() == "GREEN: legacy to remediated: 14 fixed, 0 still there, 0 new."


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
    assert not compared.of(Change.NEW)
    assert compared.of(Change.FIRST)


def test_findings_of_one_check_and_symptom_are_one_group() -> None:
    """The six raw mints of three surfaces make one paragraph; the worst comes first, and then the catalogue decides."""
    found = groups(reversed(samples.legacy().findings))
    assert {group.check for group in found} == {"S1", "S2", "F1", "U1", "C1", "C2", "C5"}
    ranks = [group.severity.rank for group in found]
    assert ranks == sorted(ranks)
    first = next(group for group in found if group.check == "S1")
    assert set(first.surfaces) == {Surface.AUTH, Surface.DISPATCHER, Surface.WEBSOCKET}


def test_what_all_surfaces_say_alike_is_said_without_them() -> None:
    """Differing texts carry their surfaces."""
    raw = groups(samples.legacy().findings)[0]
    assert [surfaces for surfaces, _ in raw.said("impact")] == [""]
    assert [surfaces for surfaces, _ in raw.said("problem")] == ["auth", "dispatcher", "websocket"]


def test_lines_of_a_file_are_joined() -> None:
    """A run of lines is a range, others are listed, and many files are cut with a count."""
    places = [Place("a.py", 1), Place("b.py", 5), Place("b.py", 4), Place("c.py", 2), Place("c.py", 9)]
    assert located(places) == ["a.py:1", "b.py:4-5", "c.py:2,9"]
    assert located(places, most=1) == ["a.py:1", "and 2 more files"]


def test_a_change_joins_the_checks_that_name_its_place() -> None:
    """Text and replacement come from whichever finding knows them, in whatever order the findings came."""
    known = samples.raw_mint(Surface.AUTH)
    other = samples.other_method(Surface.AUTH)
    bare = replace(other, places=(replace(samples.AUTH_PLACE, text=""),), replacement="")
    for order in ([known, bare], [bare, known]):
        (change,) = changes(samples.run("x", Level.PLAN, order))
        assert change.where == f"{samples.AUTH}:39"
        assert change.places[0].text == samples.AUTH_PLACE.text
        assert change.replacement == samples.SESSION_CALL
        assert change.import_line == samples.IMPORT_LINE
        assert change.also == ("S1", "S2")


def test_findings_of_the_tree_are_no_changes() -> None:
    """A scan of hundreds of places would bury the three that the plan names."""
    tree = replace(samples.raw_mint(Surface.AUTH), check="S3", surface=Surface.TREE)
    assert changes(samples.run("x", Level.STRICT, [tree])) == []


def test_a_sentence_that_repeats_a_place_is_no_evidence_of_its_own() -> None:
    """`file:line: text` is left out where the place is shown; other sentences stay."""
    raw = samples.raw_mint(Surface.AUTH)
    told = replace(raw, evidence=(f"{samples.AUTH}:39: session_id = str(uuid.uuid4())", "It is stored."))
    assert evidence(told) == ["It is stored."]


def test_a_policy_that_changed_is_told() -> None:
    """Only where both runs learnt it; what one run did now so, now so, is no policy."""
    one, other = ("a user", "has one session"), ("a user", "has several sessions at once")
    before, after = (run(replace(PASSED, policies=(way,))) for way in (one, other))
    (told,) = compare(before, after).policies()
    assert one[1] in told
    assert other[1] in told
    assert compare(before, before).policies() == compare(before, run(PASSED)).policies() == []
    assert run(replace(PASSED, policies=(one, other))).policies == {}


def test_a_policy_is_told_on_terminal_and_page() -> None:
    """With what was judged."""
    record = run(replace(PASSED, policies=(("a user", "has one session"),)))
    for text in (render_summary(record, 80, False, explained=True), run_page(record)):
        assert "Policies learnt on dispatcher: a user has one session." in text
