"""The step summary: the run as Markdown."""

from __future__ import annotations

from id_isolation.plan.kinds import Level, Surface
from id_isolation.reports.ci import step_summary

from .. import samples


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
