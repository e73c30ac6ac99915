"""Shrinking: the fewest switches that there are, which brute force agrees with."""

from __future__ import annotations

import pytest

from id_isolation.schedules import Budget, Schedule, Switch, explore, explore_tasks
from id_isolation.schedules.execution import Follow
from id_isolation.schedules.locks import locks_during
from id_isolation.schedules.search import Tally, judge, search
from id_isolation.schedules.shrinking import Shrinker
from id_isolation.schedules.tasks import TaskRunner
from id_isolation.schedules.threads import ThreadRunner
from id_isolation.timing import units

from ..samples import TASK_FAULTS, THREAD_FAULTS, no_lock, opposite_order, traced, unique

_SEEDS = range(5)


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


def test_without_time_a_schedule_stays_as_it_is():
    """So a replay shows what was saved."""
    runner = ThreadRunner([no_lock.mint] * 2, traced, no_lock.reset)
    at_random = search(runner, Budget(preemptions=0, random=60), 1, Tally())
    schedule = next(s for s, execution in at_random if judge(execution, unique) and len(s.switches) > 3)
    assert Shrinker(runner, unique, "violated", 0).shrink(schedule) == (schedule, True)


def test_a_deadlock_is_shrunk_too():
    """One preemption is needed, and no lane comes to its end."""
    lanes = [opposite_order.mint, opposite_order.mint_other_way]
    runner = ThreadRunner(lanes, traced, opposite_order.reset)
    found = search(runner, Budget(preemptions=3, random=60), 3, Tally())
    deadlocks = [schedule for schedule, execution in found if execution.end == "deadlock"]
    longest = max(deadlocks, key=lambda schedule: len(schedule.switches))
    shrunk, steady = Shrinker(runner, unique, "deadlock", units(10)).shrink(longest)
    assert (len(shrunk.switches), steady) == (1, True)


def _fewest(runner, violated) -> int:
    """The fewest changes and early ends of waits by trying every schedule of at most two departures, or the bound.

    A third departure makes for at least four: three, and one at the end of the lane that ends first.
    """
    sizes = [4]

    def grow(schedule: Schedule, left: int) -> None:
        execution = runner.run(Follow(schedule))
        if judge(execution, violated) is not None:
            sizes.append(execution.size)
        # Once two are known to be enough, no run with two departures can be smaller.
        if not left or (left == 1 and schedule.switches and min(sizes) <= 3):
            return
        done = {(switch.lane, switch.step) for switch in schedule.switches}
        asked = [index for index, event in enumerate(execution.events) if (event.lane, event.step) in done]
        for event in execution.events[asked[-1] + 1 if asked else 0 :]:
            for to in {*event.able, *event.timed} - {event.chosen}:
                grow(
                    Schedule(runner.kind, 2, schedule.first, (*schedule.switches, Switch(event.lane, event.step, to))),
                    left - 1,
                )

    for departures_left in (1, 2):
        for first in (0, 1):
            grow(Schedule(runner.kind, 2, first), departures_left)
    return min(sizes)


def _least_and_reported(make, run, fault):
    module, mint, violated = fault
    runner = make([mint] * 2, traced, module.reset)
    with locks_during(traced):
        least = _fewest(runner, violated)
        reported = []
        for seed in _SEEDS:
            outcome = run([mint] * 2, violated, traced=traced, before=module.reset, seed=seed, stall=units(20))
            reported.append(runner.run(Follow(outcome.failure.schedule)).size)
    return least, reported


@pytest.mark.parametrize("fault", THREAD_FAULTS)
def test_no_schedule_of_two_threads_fails_with_fewer_switches(fault):
    """Brute force finds nothing shorter for any planted fault, whatever the seed."""
    least, reported = _least_and_reported(ThreadRunner, explore, THREAD_FAULTS[fault])
    assert reported == [least] * len(_SEEDS)


@pytest.mark.parametrize("fault", TASK_FAULTS)
def test_no_schedule_of_two_tasks_fails_with_fewer_switches(fault):
    """Brute force finds nothing shorter for any planted fault, whatever the seed."""
    least, reported = _least_and_reported(TaskRunner, explore_tasks, TASK_FAULTS[fault])
    assert reported == [least] * len(_SEEDS)
