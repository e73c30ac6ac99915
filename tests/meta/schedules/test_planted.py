"""Every planted fault is found whatever the seed, and no sound twin ever is."""

from __future__ import annotations

from typing import Any

import pytest

from id_isolation.schedules import Budget, explore, explore_tasks
from id_isolation.timing import units

from ..rounds import SEEDS
from .samples import TASK_FAULTS, TASK_TWINS, THREAD_FAULTS, THREAD_TWINS, traced


def _search(run: Any, fault: Any, lanes: int, seed: int, **budget: Any) -> Any:
    module, mint, violated = fault
    found = Budget(**{"seconds": units(5), **budget})
    # A machine that is busy elsewhere may hold a run up for long; only what never ends may be given up.
    stall = units(20)
    return run([mint] * lanes, violated, traced=traced, before=module.reset, seed=seed, budget=found, stall=stall)


def _all_found(run: Any, fault: Any, lanes: Any, seeds: Any) -> Any:
    outcomes = [_search(run, fault, lanes, seed) for seed in seeds]
    return all(outcome.failure is not None and outcome.failure.steady for outcome in outcomes)


@pytest.mark.parametrize("fault", THREAD_FAULTS)
def test_each_fault_is_found_by_two_threads_with_every_seed(fault: Any) -> None:
    """Twenty searches of twenty find it, and each can be repeated."""
    assert _all_found(explore, THREAD_FAULTS[fault], 2, SEEDS)


@pytest.mark.parametrize("fault", TASK_FAULTS)
def test_each_fault_is_found_by_two_tasks_with_every_seed(fault: Any) -> None:
    """Twenty searches of twenty find it, and each can be repeated."""
    assert _all_found(explore_tasks, TASK_FAULTS[fault], 2, SEEDS)


@pytest.mark.parametrize("fault", THREAD_FAULTS)
def test_each_fault_is_found_by_three_threads(fault: Any) -> None:
    """A third thread hides nothing."""
    assert _all_found(explore, THREAD_FAULTS[fault], 3, [1])


@pytest.mark.slow
@pytest.mark.parametrize("fault", THREAD_FAULTS)
def test_each_fault_is_found_by_three_threads_with_every_seed(fault: Any) -> None:
    """Twenty searches of twenty find it."""
    assert _all_found(explore, THREAD_FAULTS[fault], 3, SEEDS)


@pytest.mark.slow
@pytest.mark.parametrize("fault", TASK_FAULTS)
def test_each_fault_is_found_by_three_tasks_with_every_seed(fault: Any) -> None:
    """Twenty searches of twenty find it."""
    assert _all_found(explore_tasks, TASK_FAULTS[fault], 3, SEEDS)


@pytest.mark.parametrize("twin", THREAD_TWINS)
def test_each_sound_twin_of_threads_passes(twin: Any) -> None:
    """Nothing is found in a sound generator, and something was explored."""
    outcome = _search(explore, THREAD_TWINS[twin], 2, 0, schedules=150)
    assert (outcome.failure, outcome.deadlock, outcome.given_up) == (None, None, 0)
    assert outcome.points > 0


@pytest.mark.parametrize("twin", TASK_TWINS)
def test_each_sound_twin_of_tasks_passes(twin: Any) -> None:
    """Nothing is found, and every order with at most two preemptions was run."""
    outcome = _search(explore_tasks, TASK_TWINS[twin], 2, 0)
    assert (outcome.failure, outcome.deadlock, outcome.given_up) == (None, None, 0)
    assert outcome.complete
    assert outcome.points > 0


@pytest.mark.slow
@pytest.mark.parametrize("lanes", [2, 3])
@pytest.mark.parametrize("twin", THREAD_TWINS)
def test_no_sound_twin_of_threads_is_flagged_with_any_seed(twin: Any, lanes: Any) -> None:
    """Twenty searches of twenty find nothing."""
    for seed in SEEDS:
        outcome = _search(explore, THREAD_TWINS[twin], lanes, seed, schedules=100)
        assert (outcome.failure, outcome.deadlock, outcome.given_up) == (None, None, 0)


@pytest.mark.slow
@pytest.mark.parametrize("lanes", [2, 3])
@pytest.mark.parametrize("twin", TASK_TWINS)
def test_no_sound_twin_of_tasks_is_flagged_with_any_seed(twin: Any, lanes: Any) -> None:
    """Twenty searches of twenty find nothing."""
    for seed in SEEDS:
        outcome = _search(explore_tasks, TASK_TWINS[twin], lanes, seed, schedules=100)
        assert (outcome.failure, outcome.deadlock, outcome.given_up) == (None, None, 0)
