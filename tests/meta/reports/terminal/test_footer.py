"""What was not judged, what is known, and the verdict last, in the terminal."""

from __future__ import annotations

from dataclasses import replace

from id_isolation.history.known import KnownFinding, KnownOutcome
from id_isolation.history.record import RunRecord
from id_isolation.plan.kinds import Level, Surface
from id_isolation.reports.terminal import render_summary

from .. import samples


def test_checks_that_were_not_judged_are_listed_with_their_reason() -> None:
    """Errors with what the backend printed, nothing to judge, and not applicable each have a list."""
    text = render_summary(samples.troubled(), 80, colour=False)
    assert "A6 on auth: the backend did not answer within 20 s" in text
    assert "| ModuleNotFoundError: No module named 'redis'" in text
    assert "E1 on websocket: no event was received by anybody" in text
    assert "F2 on generator: the tree's generator has no parse_id" in text


def test_the_verdict_stands_last() -> None:
    """A green run ends in the green sentence; a red one in the red sentence and the places."""
    run = samples.remediated()
    green = render_summary(run, 120, colour=False).splitlines()
    assert green[-1] == f"GREEN: remediated at plan level: {len(run.verdicts)} verdicts passed."
    assert "--level strict" in green[-2]
    red = render_summary(samples.legacy(), 120, colour=False)
    assert "RED: legacy at plan level: 7 checks failed on auth, dispatcher and websocket" in red
    assert red.splitlines()[-1].lstrip().startswith(("Change first", "netra_backend"))


def test_a_strict_run_speaks_of_no_strict_checks_left_out() -> None:
    """The hint stands at plan level alone."""
    assert "--level strict" not in render_summary(samples.remediated(Level.STRICT), 80, False).split("RED:")[-1]


def test_a_run_without_verdicts_is_red_and_says_so() -> None:
    """Nothing judged is nothing proved."""
    assert "RED: x at plan level: no check was carried out" in render_summary(RunRecord("x", Level.PLAN, ()), 80, False)


def test_known_findings_are_told_with_reason_and_errors() -> None:
    """What held, what is gone and what expired each have a line."""
    entry = KnownFinding("U1", Surface.AUTH, "waits for phase 1")
    gone = KnownFinding("F1", Surface.AUTH, "waits too")
    record = replace(samples.remediated(), known=KnownOutcome(met=(entry,), gone=(gone,)))
    text = render_summary(record, 120, False)
    assert "Known finding U1 on auth: waits for phase 1" in text
    assert "ERROR Known finding F1 on auth is gone: nothing matches it any more. Delete the entry." in text
    assert "RED" in text.splitlines()[-1]
