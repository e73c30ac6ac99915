"""The table of a run in the terminal: a word for each check, and nothing that was not judged."""

from __future__ import annotations

import re

from id_isolation.history.finding import Outcome, Verdict
from id_isolation.history.record import RunRecord
from id_isolation.plan.kinds import Level, Surface
from id_isolation.reports.terminal import Paint, render_summary, render_table

from .. import samples


def test_every_check_has_its_mark() -> None:
    """Each check of the run stands in the table with a word for its outcome."""
    run = samples.troubled()
    table = render_summary(run, 80, colour=False).split("What to change")[0]
    words = {
        Outcome.PASSED: "ok",
        Outcome.FAILED: "FAIL",
        Outcome.NOT_APPLICABLE: "n/a",
        Outcome.INCONCLUSIVE: r"\?",
        Outcome.ERRORED: "ERROR",
    }
    for verdict in run.verdicts:
        assert re.search(rf"\b{verdict.check} {words[verdict.outcome]}", table)


def test_more_than_one_verdict_for_a_mark_shows_the_worst() -> None:
    """A check that passed and failed on one surface is marked as failed."""
    both = tuple(Verdict("F1", Surface.AUTH, outcome) for outcome in (Outcome.PASSED, Outcome.FAILED, Outcome.PASSED))
    assert "F1 FAIL" in render_summary(RunRecord("x", Level.PLAN, both), 80, False)


def test_rows_and_columns_that_nothing_was_judged_in_are_left_out() -> None:
    """Two verdicts make two rows and two columns."""
    run = RunRecord(
        "x",
        Level.STRICT,
        (Verdict("C2", Surface.DISPATCHER, Outcome.PASSED), Verdict("S1", Surface.AUTH, Outcome.PASSED)),
    )
    head, first, second = render_table(run, 80, Paint(colour=False))[:3]
    assert head.split() == ["source", "clean-up"]
    assert first.split() == ["auth", "S1", "ok"]
    assert second.split() == ["dispatcher", "C2", "ok"]


def test_a_run_without_a_verdict_has_a_sentence_for_a_table() -> None:
    """An empty one would look green."""
    assert render_table(RunRecord("x", Level.PLAN, ()), 80, Paint(colour=False)) == ["No check was carried out."]


def test_the_legend_explains_the_words_that_are_met() -> None:
    """And no others."""
    run = RunRecord("x", Level.PLAN, (Verdict("C2", Surface.GENERATOR, Outcome.INCONCLUSIVE),))
    assert render_table(run, 80, Paint(colour=False))[-1] == "?: inconclusive, had nothing to judge."


def test_wide_terminals_spread_the_columns_and_narrow_ones_keep_them_whole() -> None:
    """No column is cut."""
    narrow, wide = (render_table(samples.legacy(), width, Paint(colour=False)) for width in (60, 120))
    assert [line.split() for line in narrow[:8]] == [line.split() for line in wide[:8]]
    assert max(map(len, narrow)) < max(map(len, wide))
