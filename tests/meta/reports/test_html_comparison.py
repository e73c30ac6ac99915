"""The page of two runs puts each thing beside itself: what it was, and what it is now."""

from __future__ import annotations

import re
from dataclasses import replace

from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Level, Surface
from id_isolation.reports.comparison import compare
from id_isolation.reports.html_comparison import comparison_page

from . import samples


def plain(text: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", text).split())


def test_a_remediation_shows_what_is_fixed_and_nothing_new() -> None:
    """Both runs with their matrices, and no empty section."""
    text = comparison_page(compare(samples.legacy(), samples.remediated()), "2026-01-01", "2026-01-02")
    assert re.findall('<section id="(.*?)"', text) == ["runs", "fixed"]
    assert "Matrix of the run before" in text
    assert "Matrix of the run after" in text
    assert plain(text).index("2026-01-01") < plain(text).index("2026-01-02")


def test_a_regression_comes_first() -> None:
    """With the places that it has, on the side where it has them."""
    text = comparison_page(compare(samples.remediated(), samples.legacy()))
    assert re.findall('<section id="(.*?)"', text)[:2] == ["runs", "new"]
    assert f"{samples.DISPATCHER}:51-54" in text


def test_each_side_says_how_much_it_judged() -> None:
    """A pass that judged nothing would be none."""
    text = plain(comparison_page(compare(samples.legacy(), samples.remediated())))
    assert "Before S1 raw mints FAIL 24 judged" in text
    assert "After S1 raw mints ok 24 judged" in text


def test_a_check_that_the_other_run_left_out_is_told() -> None:
    """It is not known to be fixed, nor to be new."""
    before = samples.run("x", Level.PLAN, [samples.raw_mint(Surface.AUTH)])
    after = replace(before, verdicts=tuple(v for v in before.verdicts if v.check != "S1"))
    text = plain(comparison_page(compare(before, after)))
    assert "Not judged in the second run: 1 check on a surface, 1 place" in text
    assert "This check was not part of the run." in text


def test_a_side_that_broke_says_why() -> None:
    """The finding beside it may still be there."""
    before = samples.run("x", Level.PLAN, [samples.raw_mint(Surface.AUTH)])
    broken = tuple(
        replace(v, outcome=Outcome.ERRORED, findings=(), judged=0, reason="it ended") if v.findings else v
        for v in before.verdicts
    )
    text = plain(comparison_page(compare(before, replace(before, verdicts=broken))))
    assert "After S1 raw mints ERROR : it ended" in text
