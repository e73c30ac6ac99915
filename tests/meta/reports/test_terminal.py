"""The terminal summary: what it says, at which widths, with and without colour."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from id_isolation.history.finding import Outcome, Verdict
from id_isolation.plan.kinds import Level, Surface
from id_isolation.reports.terminal import explain, render_summary

from . import samples

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
RUNS = {
    "legacy": samples.legacy,
    "remediated": samples.remediated,
    "strict": lambda: samples.remediated(Level.STRICT),
    "troubled": samples.troubled,
}


@pytest.mark.parametrize("name", RUNS)
def test_colour_adds_nothing_but_escape_sequences(name: str) -> None:
    """Take the colour away, and the text is the one that is printed without."""
    run = RUNS[name]()
    plain = render_summary(run, 80, colour=False)
    assert "\x1b" not in plain
    painted = render_summary(run, 80, colour=True)
    assert "\x1b" in painted
    assert ESCAPE.sub("", painted) == plain


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", RUNS)
def test_prose_and_table_fit_the_width(name: str, width: int) -> None:
    """Only lines that hold source text, a path, an ID or a command to copy may be longer."""
    for line in render_summary(RUNS[name](), width, colour=False).splitlines():
        copied = line.lstrip().startswith(("+ ", "- ", "| ", "Replay")) or any(len(w) > 40 for w in line.split())
        assert len(line) <= width or copied


def test_explanations_stand_first_where_they_are_asked_for() -> None:
    """One sentence for each verdict."""
    run = samples.remediated()
    text = " ".join(render_summary(run, 80, False, explained=True).split())
    for verdict in run.verdicts:
        assert explain(verdict) in text
    assert "What was judged" not in render_summary(run, 80, False)


def test_what_a_hostile_name_holds_is_shown_and_not_obeyed() -> None:
    """Control characters, line feeds and direction marks come out as escapes, and length is bounded."""
    name = "eve\x1b[2J\nFAIL\u202e" + "x" * 10_000
    finding = samples.finding("F5", Surface.AUTH, "breaks", f"{name} breaks the ID", evidence=(name,))
    text = render_summary(samples.run(name, Level.STRICT, [finding]), 80, False)
    assert not set(text) & {"\x1b", "\u202e"}
    assert r"eve\x1b[2J\nFAIL\u202e" in text
    assert len(text) < 20_000


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_is_explained_in_one_sentence(outcome: Outcome) -> None:
    """The sentence names check and surface, and says what it means."""
    sentence = explain(Verdict("C2", Surface.DISPATCHER, outcome, reason="of this"))
    assert sentence.startswith("C2 on dispatcher ")
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_what_a_check_noted_stands_under_its_explanation() -> None:
    """The summary has the first note of some checks; whoever asks gets all."""
    first, *rest = samples.remediated().verdicts
    noted = replace(first, notes=("A short one.", "All of it, \x1b[2J in full."))
    run = replace(samples.remediated(), verdicts=(noted, *rest))
    assert "in full" not in render_summary(run, 80, False)
    text = render_summary(run, 80, False, explained=True)
    assert "    - A short one.\n    - All of it, \\x1b[2J in full.\n" in text
