"""GitHub annotations: on the lines that are wrong, and safe whatever a name holds."""

from __future__ import annotations

from dataclasses import replace

from id_isolation.history.finding import Outcome, Place
from id_isolation.history.known import KnownFinding, KnownOutcome
from id_isolation.plan.kinds import Level, Surface
from id_isolation.reports.ci import MOST, annotation_lines

from .. import samples


def test_each_of_the_six_raw_mints_is_annotated_on_its_line() -> None:
    """File, line and title, and the text to write instead."""
    lines = annotation_lines(samples.run("x", Level.PLAN, [samples.raw_mint(s) for s in samples.PLACES]))
    assert len(lines) == 6
    assert lines[0].startswith(f"::error file={samples.AUTH},line=39,title=S1 on auth::")
    assert "%0AWrite: session_id = UnifiedIdGenerator" in lines[0]


def test_nothing_in_a_text_ends_the_command_early() -> None:
    """Line feeds, percent signs, colons and commas are encoded."""
    odd = samples.finding("S1", Surface.AUTH, "x", "100% of a\n::error::b", places=(Place("a,b:c.py", 3),))
    (line,) = annotation_lines(samples.run("x", Level.PLAN, [odd]))
    assert "\n" not in line
    assert line.startswith("::error file=a%2Cb%3Ac.py,line=3,title=")
    assert "100%25 of a%0A" in line


def test_what_is_known_is_a_warning() -> None:
    """It does not turn a pull request red."""
    run = samples.run("x", Level.PLAN, [samples.raw_mint(Surface.AUTH)])
    known = [replace(v, outcome=Outcome.KNOWN) if v.findings else v for v in run.verdicts]
    (line,) = annotation_lines(replace(run, verdicts=tuple(known)))
    assert line.startswith("::warning file=")


def test_checks_that_were_not_judged_and_stale_entries_are_errors() -> None:
    """What makes a run red is told, with a place or without."""
    gone = KnownOutcome(gone=(KnownFinding("F1", Surface.AUTH, "r"),))
    lines = annotation_lines(replace(samples.troubled(), known=gone))
    assert sum(line.startswith("::error title=") for line in lines) == 4


def test_annotations_are_bounded() -> None:
    """GitHub shows a few; the rest is counted."""
    many = tuple(Place(f"f{number}.py", 1) for number in range(MOST + 7))
    lines = annotation_lines(samples.run("x", Level.PLAN, [replace(samples.raw_mint(Surface.AUTH), places=many)]))
    assert len(lines) == MOST + 1
    assert lines[-1].startswith("::notice::7 more")
