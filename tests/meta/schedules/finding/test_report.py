"""What is told of a run that failed."""

from __future__ import annotations

from id_isolation.schedules import Schedule
from id_isolation.schedules.execution import Follow
from id_isolation.schedules.schedule import Switch
from id_isolation.schedules.search import Budget, Tally, judge, search
from id_isolation.schedules.shrinking import Shrinker, report
from id_isolation.schedules.threads import ThreadRunner
from id_isolation.timing import units

from ..samples import no_lock, traced, unique


def _runner() -> ThreadRunner:
    return ThreadRunner([no_lock.mint] * 2, traced, no_lock.reset)


def test_a_failure_has_its_results_its_picture_and_the_noun_of_its_lanes():
    """It is run once more for that, after it was shrunk."""
    runner = _runner()
    found = search(runner, Budget(), 0, Tally())
    schedule, execution = next((s, e) for s, e in found if judge(e, unique))
    shrinker = Shrinker(runner, unique, "violated", units(10))
    failure = report(shrinker, schedule, (execution, judge(execution, unique)), units(10))
    assert (failure.steady, failure.switches, len(failure.results)) == (True, 2, 2)
    assert failure.history.startswith("thread 1")
    assert "stops before" in failure.brief


def test_what_does_not_fail_again_is_told_as_it_was_found():
    """It is called unsteady, and there is no picture of it."""
    runner = _runner()
    plain = Schedule("threads", 2, 0, (Switch(0, 10_000, 1),))
    execution = runner.run(Follow(plain))
    execution.results = {0: "x" * 300, 1: "y"}
    verdict = judge(execution, lambda results: "Lane 1 lost it.")
    failure = report(Shrinker(runner, unique, "violated", 0), plain, (execution, verdict), 0)
    assert not failure.steady
    assert "did not fail a second time" in failure.history
    assert failure.reason == "Thread 1 lost it."
    assert len(failure.results[0]) == 200
