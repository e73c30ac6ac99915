"""Exploring and replaying threads: failures, deadlocks, what is outside control, and nothing to explore."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest

from id_isolation.schedules import Budget, CodeChanged, Failure, ScheduleError, explore, replay
from id_isolation.timing import units
from id_isolation.world.processes import forked, values

from .samples import increment_locked_only, no_lock, opposite_order, traced, unique

_genuine = threading.Lock()
_broken = {"count": 0}


def _here(filename: str) -> bool:
    return filename == __file__


def _under_genuine_lock() -> int:
    with _genuine:
        _broken["count"] += 1
        return _broken["count"]


def _raises_when_interrupted() -> int:
    before = _broken["count"]
    _broken["count"] = before + 1
    if _broken["count"] != before + 1:
        raise LookupError("somebody else was here")
    return _broken["count"]


def test_a_failure_is_shrunk_to_two_switches_and_drawn() -> None:
    """A lost update needs one preemption and one return; the picture shows where."""
    outcome = explore([no_lock.mint] * 2, unique, traced=traced, before=no_lock.reset)
    assert outcome.failure is not None
    assert (outcome.failure.kind, outcome.failure.switches) == ("violated", 2)
    assert "no_lock.py:10  _count += 1" in outcome.failure.history
    assert "stops before" in outcome.failure.history
    assert outcome.failure.results == ("2", "2") or outcome.failure.results == ("1", "1")


def test_a_saved_failure_replays_the_same_twenty_times(tmp_path: Path) -> None:
    """Reason, results, switches and picture are the same in every replay."""
    lanes, reset = [increment_locked_only.mint] * 2, increment_locked_only.reset
    outcome = explore(lanes, unique, traced=traced, before=reset, seed=5)
    outcome.failure.save(tmp_path / "failure.json")
    saved = Failure.load(tmp_path / "failure.json")
    again = [replay(saved.schedule, lanes, unique, traced=traced, before=reset) for _ in range(20)]
    assert [failure == saved for failure in again] == [True] * 20


def test_without_a_reset_the_failure_is_found_and_replayed_all_the_same() -> None:
    """Uniqueness within a run does not depend on where the counter stands."""
    outcome = explore([no_lock.mint] * 2, unique, traced=traced)
    assert outcome.failure.steady
    assert replay(outcome.failure.schedule, [no_lock.mint] * 2, unique, traced=traced).kind == "violated"


def test_a_schedule_does_not_fit_other_lanes() -> None:
    """A schedule of two threads orders neither three threads nor other code."""
    outcome = explore([no_lock.mint] * 2, unique, traced=traced, before=no_lock.reset)
    with pytest.raises(ScheduleError, match="of 2 threads and cannot order 3 threads"):
        replay(outcome.failure.schedule, [no_lock.mint] * 3, unique, traced=traced)
    with pytest.raises(CodeChanged, match=r"no_lock\.py:\d+ has changed since"):
        replay(outcome.failure.schedule, [lambda: 1, lambda: 2], unique, traced=traced)


def test_the_same_seed_searches_in_the_same_order() -> None:
    """Everything but the time taken is equal."""
    first, second = (
        explore([no_lock.mint] * 3, unique, traced=traced, before=no_lock.reset, seed=9).to_json() for _ in range(2)
    )
    assert {**first, "seconds": 0} == {**second, "seconds": 0}
    json.dumps(first)


def test_a_deadlock_is_told_apart_from_a_race() -> None:
    """The search goes on after it; both places are named, and no failure is reported."""
    outcome = explore(
        [opposite_order.mint, opposite_order.mint_other_way], unique, traced=traced, before=opposite_order.reset
    )
    assert outcome.failure is None
    assert outcome.deadlock.kind == "deadlock"
    assert "opposite_order.py:14" in outcome.deadlock.reason
    assert "opposite_order.py:21" in outcome.deadlock.reason
    assert outcome.complete
    assert "deadlock" in outcome.sentence()


def test_a_deadlock_replays_as_one() -> None:
    """Its schedule is saved and replayed like any other."""
    lanes = [opposite_order.mint, opposite_order.mint_other_way]
    outcome = explore(lanes, unique, traced=traced, before=opposite_order.reset)
    again = replay(outcome.deadlock.schedule, lanes, unique, traced=traced, before=opposite_order.reset)
    assert again == outcome.deadlock


def test_an_exception_that_only_an_interruption_raises_is_a_failure() -> None:
    """It is reported as raised, with its text."""
    outcome = explore([_raises_when_interrupted] * 2, unique, traced=_here, seed=3)
    kinds = {outcome.failure.kind}
    outcome = explore([_raises_when_interrupted] * 2, lambda results: None, traced=_here, seed=3)
    assert kinds <= {"raised", "violated"}
    assert outcome.failure.kind == "raised"
    assert "LookupError: somebody else was here" in outcome.failure.reason


def test_an_exception_without_any_interruption_is_raised_to_the_caller() -> None:
    """What cannot be driven at all is no finding."""

    def fail() -> int:
        raise ZeroDivisionError("always")

    with pytest.raises(ZeroDivisionError, match="always"):
        explore([fail, fail], unique, traced=_here)


def test_code_that_is_not_traced_gives_no_points() -> None:
    """An exploration that could stop nowhere says so."""
    outcome = explore([no_lock.mint] * 2, unique, traced=lambda filename: False, budget=Budget(schedules=4))
    assert outcome.points == 0
    assert "Nothing was explored" in outcome.sentence()


def test_a_genuine_lock_does_not_hang_the_search() -> None:
    """Schedules that block outside control are given up and counted, and the search is not called complete."""
    budget = Budget(schedules=6, random=0)
    outcome = explore([_under_genuine_lock] * 2, unique, traced=_here, budget=budget, stall=units(0.1))
    assert outcome.given_up > 0
    assert not outcome.complete
    assert outcome.failure is None
    assert "given up" in outcome.sentence()
    assert "test_explore.py:" in outcome.obstacle


def test_runs_that_block_outside_control_are_waited_for_less_and_less() -> None:
    """So many of them end the search, whatever the least number of schedules is."""
    hole, asked = threading.Event(), []

    def mint() -> None:
        asked.append(1)
        if len(asked) > 4:
            hole.wait()

    def explored(_: int) -> tuple[int, int]:
        budget = Budget(schedules=500, seconds=units(60), least=400)
        outcome = explore([mint] * 2, lambda results: None, traced=_here, budget=budget, stall=units(0.4))
        return outcome.schedules, outcome.given_up

    begun = time.monotonic()
    # In a process of its own, which ends with the threads that block in it for good.
    ((schedules, given_up),) = values(forked(explored, 1))
    assert time.monotonic() - begun < units(20)
    assert 0 < given_up <= Budget().given_up
    assert schedules <= given_up + 4


def test_no_thread_is_left_over() -> None:
    """Neither failures nor deadlocks leave a thread behind."""
    before = threading.active_count()
    explore([no_lock.mint] * 3, unique, traced=traced)
    explore([opposite_order.mint, opposite_order.mint_other_way], unique, traced=traced)
    assert threading.active_count() == before
