"""Somebody else's suite gets one test for each check and surface by one import."""

from __future__ import annotations

import pytest

from id_isolation import suite
from id_isolation.checks.check import all_checks, judged_pairs
from id_isolation.history.finding import Outcome, Verdict
from id_isolation.plan.kinds import Surface


def test_there_is_a_test_for_everything_that_is_carried_out() -> None:
    """Named by check and surface, and marked so that the plug-in knows what to judge."""
    (mark,) = (mark for mark in suite.test_isolation.pytestmark if mark.name == "parametrize")  # type: ignore[attr-defined]
    marked = {}
    for parameters in mark.args[1]:
        (check,) = parameters.marks
        marked[parameters.id] = (check.args[0], Surface(check.kwargs["surface"]))
    assert set(marked.values()) == {
        (check, surface) for check in all_checks() for surface in all_checks()[check].surfaces
    }
    assert set(marked.values()) == set(judged_pairs())
    assert all(name == f"{check}-{surface}" for name, (check, surface) in marked.items())


def test_a_verdict_that_is_no_pass_fails_the_test() -> None:
    """As in the suite's own tests."""
    suite.test_isolation(Verdict("C1", Surface.DISPATCHER, Outcome.PASSED))
    with pytest.raises(pytest.fail.Exception):
        suite.test_isolation(Verdict("C1", Surface.DISPATCHER, Outcome.INCONCLUSIVE, "nothing was minted"))


def test_the_star_brings_the_test_and_nothing_else() -> None:
    """No name of this package may hide one of the suite that imports it."""
    assert suite.__all__ == ["test_isolation"]
