"""The page of a run says what the run was, what it noted, and what it left out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from id_isolation.history.record import RunRecord
from id_isolation.plan.kinds import Level
from id_isolation.reports.html_run import facts, run_page

from .. import samples


def test_facts_that_are_not_known_are_left_out() -> None:
    """A value of nothing says nothing."""
    assert dict(facts(RunRecord("x", Level.PLAN, ()))) == {
        "Backend": "x",
        "Level": "plan",
        "Verdicts": "none",
        "Findings": "0",
        "Seed": "0",
    }


def test_facts_count_what_there_is_of_each_outcome() -> None:
    """In the order of the outcomes, and none that did not occur."""
    told = dict(facts(samples.troubled(), "2026-01-02T03:04:05+00:00"))
    assert told["Verdicts"].endswith("1 failed, 1 not applicable, 1 inconclusive, 2 errored")
    assert told["Started"] == "2026-01-02T03:04:05+00:00"
    assert told["Suite"] == "0.1.0"


@pytest.mark.parametrize(("left_out", "said"), [(1, "1 strict check was not run"), (9, "9 strict checks were not run")])
def test_strict_checks_that_were_left_out_are_noted(left_out: int, said: str) -> None:
    """With how to run them."""
    text = run_page(replace(samples.remediated(), strict_not_run=left_out))
    assert f"{said}; --level strict runs them too." in text


def test_what_checks_noted_is_folded_but_for_what_the_run_says_itself() -> None:
    """Each note stands once."""
    first, *rest = samples.remediated(Level.STRICT).verdicts
    noted = replace(first, notes=("said by the run", "said by the check"))
    text = run_page(replace(samples.remediated(Level.STRICT), verdicts=(noted, *rest), notes=("said by the run",)))
    assert text.count("said by the run") == 1
    assert "<summary>What the checks noted</summary>" in text
    assert "said by the check" in text
