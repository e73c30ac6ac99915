"""Verdicts on runs."""

from __future__ import annotations

import pytest

from id_isolation.schedules.execution import Execution
from id_isolation.schedules.search import Verdict, judge

from ..samples import unique


def _execution(**given) -> Execution:
    execution = Execution(2, 0)
    for name, value in given.items():
        setattr(execution, name, value)
    return execution


@pytest.mark.parametrize(
    ("execution", "verdict"),
    [
        (_execution(results={0: 1, 1: 2}), None),
        (_execution(results={0: 1, 1: 1}), Verdict("violated", "one value twice: [1, 1]")),
        (_execution(raised={1: KeyError("k")}, results={0: 1}), Verdict("raised", "Lane 2 raises KeyError: 'k'")),
        (_execution(end="blocked outside control"), None),
        (_execution(end="out of steps"), None),
        (_execution(raised={1: TimeoutError("busy")}, results={0: 1}, expired=True), None),
        (
            _execution(raised={1: RuntimeError("release unlocked lock")}, results={0: 1}, expired=True),
            Verdict("raised", "Lane 2 raises RuntimeError: release unlocked lock"),
        ),
        (_execution(results={0: 1, 1: 1}, expired=True), Verdict("violated", "one value twice: [1, 1]")),
    ],
    ids=["sound", "violated", "raised", "blocked", "spinning", "refused", "given back", "counted on"],
)
def test_a_run_is_judged_by_its_end_and_its_results(execution, verdict):
    """A run that was given up proves nothing, either way."""
    assert judge(execution, unique) == verdict


def test_a_deadlock_is_no_violation():
    """Its places are named, and the results are not looked at."""
    execution = _execution(end="deadlock", waiting={0: "a.py:1", 1: "b.py:2"})
    verdict = judge(execution, lambda results: "never asked")
    assert verdict.kind == "deadlock"
    assert "lane 1 at a.py:1; lane 2 at b.py:2" in verdict.reason
