"""What to change, and what is wrong: places, evidence, history, harm and remedy, in the terminal."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from id_isolation.history.finding import Outcome
from id_isolation.history.known import KnownFinding, KnownOutcome
from id_isolation.plan.kinds import Level, Surface
from id_isolation.reports.terminal import render_summary

from .. import samples

DRAWING = "thread 1                              | thread 2\n  25  _counter += 1                   |\n" + "." * 78


def test_legacy_names_the_six_raw_mints_and_what_to_write_instead() -> None:
    """The part before the findings holds three places, six lines to take out, and the calls to put in."""
    change = render_summary(samples.legacy(), 80, colour=False).split("What to change")[1].split("What is wrong")[0]
    assert "3 places (6 lines)" in change
    assert f"{samples.AUTH}:39" in change
    assert f"{samples.DISPATCHER}:51-54" in change
    assert f"{samples.WEBSOCKET}:32" in change
    assert sum(line.startswith("   - ") for line in change.splitlines()) == 6
    for call in (samples.SESSION_CALL, samples.CONTEXT_CALL, samples.CONNECTION_CALL):
        for line in call.splitlines():
            assert f"   + {line}" in change
    assert change.count(f"   and among the imports of that file:\n   + {samples.IMPORT_LINE}\n") == 3


def test_a_change_without_a_known_replacement_says_the_remedy() -> None:
    """A finding that does not know the text to write still says what to do."""
    bare = replace(samples.raw_mint(Surface.AUTH), replacement="")
    text = render_summary(samples.run("x", Level.PLAN, [bare]), 80, colour=False)
    assert "   Do: Replace the raw mint" in text


def test_a_finding_says_what_evidence_harm_and_remedy() -> None:
    """Each paragraph has the four parts, with the clashing IDs and their users."""
    text = render_summary(samples.remediated(Level.STRICT), 120, colour=False)
    paragraph = text.split("U2 FAIL on auth")[1].split("C7 FAIL")[0]
    for part in ("What", "Evidence", "Hurts", "Remedy"):
        assert re.search(rf"^  {part} +\S", paragraph, re.MULTILINE)
    assert "session session_auth_amelia-s_1726234567890_001_a1b2c3d4 of amelia-smith" in paragraph


def test_a_history_marks_the_leak() -> None:
    """The steps stand in order, and those that cross from one user to another say so."""
    text = render_summary(samples.remediated(Level.STRICT), 120, colour=False)
    assert "4. LEAK user-bruno-02 sees" in text
    assert "1. user-amelia-01 mints" in text


def test_a_story_that_is_told_in_numbered_steps_is_told_once() -> None:
    """The steps of the history would be the same again; the IDs that the story does not name are listed still."""
    run = samples.remediated(Level.STRICT)
    (found,) = (finding for verdict in run.verdicts for finding in verdict.findings if finding.check == "C7")
    story = replace(found, evidence=("1. amelia connects: connection c1.", "Then her socket is gone."))
    text = render_summary(samples.run("x", Level.STRICT, [story]), 120, colour=False)
    assert "1. amelia connects" in text
    assert "LEAK" not in text
    assert all(f"{shown.text} of {shown.user}" in text for shown in found.ids)


@pytest.mark.parametrize("width", [80, 120])
def test_a_drawing_is_shown_line_for_line(width: int) -> None:
    """Its columns stand as they are, and fit a terminal of 80 columns."""
    drawn = samples.finding("X5", Surface.GENERATOR, "interleaving", "an interleaving repeats a value", drawing=DRAWING)
    text = render_summary(samples.run("remediated", Level.PLAN, [drawn]), width, colour=False)
    assert "\n".join(f"  {line}" for line in DRAWING.splitlines()) in text


def test_what_is_known_is_no_call_for_change() -> None:
    """A green run with known findings ends in its sentence, not in a list of places."""
    run = samples.run("x", Level.PLAN, [samples.raw_mint(Surface.AUTH)])
    entry = KnownFinding("S1", Surface.AUTH, "waits")
    known = tuple(replace(v, outcome=Outcome.KNOWN) if v.findings else v for v in run.verdicts)
    text = render_summary(replace(run, verdicts=known, known=KnownOutcome(met=(entry,))), 80, False)
    assert "What to change" not in text
    assert text.splitlines()[-1].startswith("GREEN") or text.splitlines()[-2].startswith("GREEN")


def test_a_finding_that_is_known_beside_one_that_is_not_is_left_out() -> None:
    """The check is red for the other one."""
    raw = samples.raw_mint(Surface.AUTH)
    run = samples.run("x", Level.PLAN, [raw, replace(raw, symptom="other", title="another fault")])
    record = replace(run, known=KnownOutcome(met=(KnownFinding("S1", Surface.AUTH, "waits", symptom="raw-mint"),)))
    text = render_summary(record, 80, False)
    assert "What is wrong: 1 finding" in text
    assert "another fault" in text
