"""Findings put together: each thing is said once."""

from __future__ import annotations

from dataclasses import replace

from id_isolation.history.finding import Place
from id_isolation.plan.kinds import Level, Surface
from id_isolation.reports.comparison import changes, evidence, groups, located

from . import samples


def test_findings_of_one_check_and_symptom_are_one_group() -> None:
    """The six raw mints of three surfaces make one paragraph; the catalogue gives the order."""
    found = groups(reversed(samples.legacy().findings))
    assert [group.check for group in found] == ["S1", "S2", "F1", "U1", "C1", "C2", "C5"]
    assert set(found[0].surfaces) == {Surface.AUTH, Surface.DISPATCHER, Surface.WEBSOCKET}


def test_what_all_surfaces_say_alike_is_said_without_them() -> None:
    """Differing texts carry their surfaces."""
    raw = groups(samples.legacy().findings)[0]
    assert [surfaces for surfaces, _ in raw.said("harm")] == [""]
    assert [surfaces for surfaces, _ in raw.said("title")] == ["auth", "dispatcher", "websocket"]


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
