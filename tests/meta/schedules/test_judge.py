"""Verdicts on runs, and shrinking."""

from __future__ import annotations

import pytest

from id_isolation.schedules import Budget, Schedule
from id_isolation.schedules.execution import Execution
from id_isolation.schedules.judge import Shrinker, Verdict, judge
from id_isolation.schedules.search import Tally, search
from id_isolation.schedules.thread_runner import ThreadRunner
from id_isolation.timing import units

from .samples import no_lock, traced, unique


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


def test_needless_switches_are_shrunk_away():
    """Of schedules found by switching at random, two switches are left."""
    runner = ThreadRunner([no_lock.mint] * 2, traced, no_lock.reset)
    at_random = search(runner, Budget(preemptions=0, random=60), 1, Tally())
    failing = [schedule for schedule, execution in at_random if judge(execution, unique)]
    assert max(len(schedule.switches) for schedule in failing) > 3
    for schedule in failing:
        shrinker = Shrinker(runner, unique, "violated", units(10))
        shrunk, steady = shrinker.shrink(schedule)
        execution, verdict = shrinker.fails(shrunk)
        assert (steady, execution.switches, verdict.kind) == (True, 2, "violated")


def test_a_schedule_that_passes_is_not_shrunk():
    """It is called unsteady."""
    runner = ThreadRunner([no_lock.mint] * 2, traced, no_lock.reset)
    plain = Schedule("threads", 2)
    assert Shrinker(runner, unique, "violated", units(10)).shrink(plain) == (plain, False)
