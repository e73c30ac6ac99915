"""The frame of a page: the verdict first, then facts, a table of contents, and the sections that have something.

Building HTML: everything is escaped but what is HTML already. The matrix has a row for each surface, a column for each
property, and a mark in words for each check.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from id_isolation.history.finding import Outcome, Verdict
from id_isolation.history.record import RunRecord, State
from id_isolation.plan.kinds import Level, Surface
from id_isolation.reports.html_page import MEANING, Html, Section, el, join, mark, matrix, page

from . import samples

SECTIONS = [
    Section("one", "First", el("p", "1")),
    Section("none", "Empty", Html("")),
    Section("two", "Second", el("p")),
]


def test_a_section_without_content_is_left_out_everywhere() -> None:
    """Of the page and of its table of contents."""
    text = page("t", "GREEN: x", State.GREEN, [], SECTIONS)
    assert re.findall('<section id="(.*?)"', text) == re.findall('<li><a href="#(.*?)"', text) == ["one", "two"]
    assert "Empty" not in text


@pytest.mark.parametrize(("state", "stamp"), [(State.GREEN, "good"), (State.RED, "bad"), (State.INCOMPLETE, "warn")])
def test_the_verdict_is_the_first_heading(state: State, stamp: str) -> None:
    """Its word is stamped, and the rest of the sentence follows."""
    text = page("t", "WORD: the rest: of it", state, [], SECTIONS)
    (heading,) = re.findall("<h1>(.*?)</h1>", text)
    assert heading == f'<span class="stamp {stamp}">WORD</span> the rest: of it'


def test_facts_are_pairs_of_name_and_value() -> None:
    """Escaped like everything else."""
    text = page("t", "GREEN: x", State.GREEN, [("Backend", "<b>")], SECTIONS)
    assert "<div><dt>Backend</dt><dd>&lt;b&gt;</dd></div>" in text


def test_a_page_says_its_language_and_can_be_skipped_into() -> None:
    """For those who hear it."""
    text = page("the title", "GREEN: x", State.GREEN, [], SECTIONS)
    assert text.startswith('<!doctype html>\n<html lang="en">')
    assert "<title>the title</title>" in text
    assert '<a href="#content" class="skip">' in text
    assert '<main id="content" tabindex="-1">' in text


def test_text_and_attributes_are_escaped() -> None:
    """Also quotes, in attributes."""
    assert el("p", "<b>&", problem='"x"') == '<p problem="&quot;x&quot;">&lt;b&gt;&amp;</p>'


def test_html_is_not_escaped_again() -> None:
    """Elements nest."""
    assert el("p", el("b", "x"), join("<", el("i", "y"))) == "<p><b>x</b>&lt;<i>y</i></p>"


def test_attributes_without_a_value_are_left_out() -> None:
    """None and False vanish, True stands alone, underscores become hyphens."""
    assert el("input", hidden=True, id=None, class_=False, aria_label="x") == '<input hidden aria-label="x">'


def test_what_could_hide_text_is_shown() -> None:
    """Control characters, direction marks and lone surrogates come out as escapes."""
    assert el("p", "a\x00\u202e\ud800\nb") == "<p>a\\x00\\u202e\\ud800\nb</p>"


def record(*verdicts: Verdict) -> RunRecord:
    return RunRecord("x", Level.STRICT, verdicts)


def test_a_run_without_a_verdict_has_a_sentence_and_no_table() -> None:
    """An empty table would look like a green one."""
    assert matrix(record()) == "<p>No check was carried out.</p>"


def test_rows_and_columns_are_those_of_the_run() -> None:
    """In the order of surfaces and properties; what nothing judged is left out."""
    pairs = (("C2", Surface.DISPATCHER), ("S1", Surface.AUTH))
    text = matrix(record(*(Verdict(*pair, Outcome.PASSED) for pair in pairs)))
    assert re.findall('<th scope="row">(.*?)</th>', text) == ["auth", "dispatcher"]
    assert re.findall('<th scope="col">(.*?)</th>', text) == ["surface", "source", "clean-up"]
    assert text.count("<td></td>") == 2


@pytest.mark.parametrize("outcome", Outcome)
def test_a_mark_says_in_words_what_its_colour_shows(outcome: Outcome) -> None:
    """And the legend explains the words that are met, and no others."""
    text = matrix(record(Verdict("C2", Surface.GENERATOR, outcome)), linked=False)
    assert mark("C2", outcome) in text
    assert [f" {meaning}</li>" in text for meaning in MEANING.values()] == [other is outcome for other in MEANING]


@pytest.mark.parametrize(
    ("outcome", "target"),
    [
        (Outcome.FAILED, "#check-C2"),
        (Outcome.KNOWN, "#check-C2"),
        (Outcome.ERRORED, "#unjudged"),
        (Outcome.NOT_APPLICABLE, "#unjudged"),
        (Outcome.PASSED, None),
    ],
)
def test_a_mark_leads_to_what_is_said_of_it(outcome: Outcome, target: str | None) -> None:
    """A pass needs no more than its mark; a matrix beside another one leads nowhere."""
    run = record(Verdict("C2", Surface.GENERATOR, outcome))
    assert re.findall('href="(.*?)"', matrix(run)) == ([target] if target else [])
    assert "href" not in matrix(run, linked=False)


def test_a_check_that_the_catalogue_does_not_have_stands_in_a_column_of_its_own() -> None:
    """A findings file of a later version is shown all the same."""
    text = matrix(record(Verdict("Z9", Surface.AUTH, Outcome.PASSED)))
    assert '<th scope="col">other</th>' in text
    assert "Z9 ok" in re.sub("<[^>]+>", "", text)


def test_the_marks_of_a_cell_stand_in_the_order_of_the_catalogue() -> None:
    """Whatever the order in which the verdicts came."""
    run = samples.legacy()
    assert matrix(run) == matrix(replace(run, verdicts=run.verdicts[::-1]))
