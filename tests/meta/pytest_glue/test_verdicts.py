"""Only a pass makes a test green; what is not applicable is a skip with its reason; all else fails with evidence."""

from __future__ import annotations

import pytest

from id_isolation.history.finding import Outcome, Verdict
from id_isolation.plan.kinds import Surface
from id_isolation.pytest_plugin.results import assert_passed

from ..reports import samples

RED = [outcome for outcome in Outcome if not outcome.is_green]


def verdict(outcome: Outcome, **more: object) -> Verdict:
    return Verdict("C1", Surface.DISPATCHER, outcome, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("outcome", [Outcome.PASSED, Outcome.KNOWN])
def test_a_pass_and_what_is_known_end_the_test_in_green(outcome: Outcome) -> None:
    """Nothing is raised."""
    assert_passed(verdict(outcome))


def test_what_is_not_applicable_is_a_skip_with_its_reason() -> None:
    """A test report has it, and so it is never silent."""
    with pytest.raises(pytest.skip.Exception, match="not applicable, because the tree has no dispatcher"):
        assert_passed(verdict(Outcome.NOT_APPLICABLE, reason="the tree has no dispatcher"))


@pytest.mark.parametrize("outcome", RED)
def test_everything_else_fails_the_test(outcome: Outcome) -> None:
    """And says what a pass would have proved, and why there is none."""
    with pytest.raises(pytest.fail.Exception) as caught:
        assert_passed(verdict(outcome, reason="nothing was minted"))
    assert str(caught.value).startswith(f"C1 on dispatcher {outcome}: a pass would prove that thread and run")
    assert str(caught.value).endswith("nothing was minted")


def test_a_failure_shows_its_findings_with_drawing_and_remedy() -> None:
    """Each evidence on a line of its own."""
    found = samples.finding(
        "C1", Surface.DISPATCHER, "uncorrelated", "They differ", evidence=("a and b",), drawing="1 | 2", remedy="Do so."
    )
    with pytest.raises(pytest.fail.Exception) as caught:
        assert_passed(verdict(Outcome.FAILED, findings=(found,)))
    lines = str(caught.value).splitlines()[1:]
    assert lines == ["- They differ", "    a and b", "1 | 2", "    Do so."]


def test_what_the_backend_printed_stands_below_an_error() -> None:
    """Indented, line by line."""
    with pytest.raises(pytest.fail.Exception) as caught:
        assert_passed(verdict(Outcome.ERRORED, reason="it ended", noise="loading\nboom"))
    assert str(caught.value).endswith("it ended\nThe backend printed:\n    loading\n    boom")
