"""Two runs in the terminal: what is new first, each thing with its places, and the verdict last."""

from __future__ import annotations

from dataclasses import replace

from id_isolation.plan.kinds import Level, Surface
from id_isolation.reports.comparison import compare
from id_isolation.reports.terminal import render_comparison

from .. import samples


def test_the_terminal_shows_what_is_new_first_and_the_verdict_last() -> None:
    """Each item with its place, and no colour where none is wanted."""
    mixed = compare(samples.run("a", Level.PLAN, [samples.raw_mint(Surface.AUTH)]), samples.legacy())
    text = render_comparison(mixed, 80, colour=False)
    assert text.index("New: ") < text.index("Still there: 1 item")
    assert f"     {samples.DISPATCHER}:54" in text
    assert text.splitlines()[-1].startswith("RED: a to legacy:")
    assert "\x1b" not in text
    assert "\x1b" in render_comparison(mixed, 80, colour=True)


def test_a_check_that_the_first_run_left_out_is_told() -> None:
    """What it finds now need not be new."""
    after = samples.run("b", Level.PLAN, [samples.raw_mint(Surface.AUTH)])
    before = replace(after, backend="a", verdicts=tuple(v for v in after.verdicts if v.check != "S1"))
    assert "(the first run did not judge this check)" in render_comparison(compare(before, after), 120, colour=False)


def test_runs_that_agree_in_green_are_one_sentence() -> None:
    """There is nothing to list."""
    same = compare(samples.remediated(), samples.remediated())
    assert len(render_comparison(same, 120, colour=False).splitlines()) == 1
