"""GitHub annotations: on the lines that are wrong, and safe whatever a name holds.

JUnit properties: which check, where, with which outcome. The step summary: the run as Markdown.
"""

from __future__ import annotations

from dataclasses import replace

from id_isolation.history.finding import Outcome, Place
from id_isolation.history.known import KnownFinding, KnownOutcome
from id_isolation.plan.kinds import Level, Surface
from id_isolation.reports.ci import MOST, annotation_lines, properties, step_summary

from . import samples


def test_each_of_the_six_raw_mints_is_annotated_on_its_line() -> None:
    """File, line and title, and the text to write instead."""
    lines = annotation_lines(samples.run("x", Level.PLAN, [samples.raw_mint(s) for s in samples.PLACES]))
    worst, first, *others = lines
    assert len(others) == 5
    assert worst.startswith("::error title=Worst for users::")
    assert first.startswith(f"::error file={samples.AUTH},line=39,title=S1 raw mints on auth::")
    assert "%0AWrite: session_id = UnifiedIdGenerator" in first


def test_nothing_in_a_text_ends_the_command_early() -> None:
    """Line feeds, percent signs, colons and commas are encoded."""
    odd = samples.finding("S1", Surface.AUTH, "x", "100% of a\n::error::b", places=(Place("a,b:c.py", 3),))
    _, line = annotation_lines(samples.run("x", Level.PLAN, [odd]))
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
    assert sum(line.startswith("::error title=") for line in lines) == 5


def test_annotations_are_bounded() -> None:
    """GitHub shows a few; the rest is counted."""
    many = tuple(Place(f"f{number}.py", 1) for number in range(MOST + 7))
    lines = annotation_lines(samples.run("x", Level.PLAN, [replace(samples.raw_mint(Surface.AUTH), places=many)]))
    assert len(lines) == MOST + 1
    assert lines[-1].startswith("::notice::8 more")


def test_a_verdict_becomes_properties() -> None:
    """Check, property, surface, outcome, how much was judged, how bad it is, and each finding's fingerprint."""
    verdict = next(v for v in samples.legacy().verdicts if v.check == "C2" and v.surface is Surface.DISPATCHER)
    pairs = properties(verdict)
    assert pairs[:5] == [
        ("check", "C2"),
        ("property", "clean-up"),
        ("surface", "dispatcher"),
        ("outcome", "failed"),
        ("judged", "24"),
    ]
    assert pairs[5:] == [("severity", "medium"), ("fingerprint", verdict.findings[0].fingerprint)]


def test_a_check_that_is_not_in_the_catalogue_has_a_property_too() -> None:
    """An adapter's own check is not lost."""
    assert ("property", "other") in properties(replace(samples.legacy().verdicts[0], check="Z9"))


def test_the_summary_holds_sentence_table_changes_and_findings() -> None:
    """The same as the terminal, for a reader of the pull request."""
    text = step_summary(samples.legacy())
    assert "RED: legacy at plan level" in text
    assert "| surface | source | format |" in text
    assert "**C2&nbsp;FAIL**" in text
    assert "+ session_id = UnifiedIdGenerator.generate_session_id" in text
    assert "- **U1** on auth and websocket:" in text


def test_every_row_of_the_table_has_every_column() -> None:
    """Markdown drops a row that has too few."""
    rows = [line for line in step_summary(samples.troubled()).splitlines() if line.startswith("|")]
    assert len({row.count("|") for row in rows}) == 1


def test_markup_in_a_name_stays_text() -> None:
    """Neither HTML, links nor table cells come out of what a backend says."""
    odd = samples.finding("U1", Surface.AUTH, "x", "<img src=x> [a](b) | `c` *d*\n# e")
    text = step_summary(samples.run("<b>|x", Level.PLAN, [odd]))
    assert "<img" not in text.replace("\\<", "")
    assert "\n# e" not in text
    assert r"\[a\](b) \| \`c\` \*d\*\\n\# e" in text
    assert r"\<b\>\|x" in text


def test_what_was_not_judged_is_listed() -> None:
    """With its reason."""
    assert "- E1 on websocket, inconclusive: no event was received by anybody" in step_summary(samples.troubled())
