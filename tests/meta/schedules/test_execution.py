"""The plain order, and the schedules that depart from it.

When a run counts as standing still. An exploration stays on one processor, and leaves the process as it was.
"""

from __future__ import annotations

import itertools
import os
import threading
import time
from typing import Any

import pytest

from id_isolation.schedules import Schedule, Switch
from id_isolation.schedules.execution import Event, Execution, Follow, comes_to_end, cut, on_one_processor, plain
from id_isolation.timing import units

_STALL = units(0.2)


@pytest.mark.parametrize(
    ("lane", "why", "able", "next_lane"),
    [
        (1, "point", (0, 1, 2), 1),
        (1, "waits", (0, 2), 2),
        (2, "ended", (0, 1), 0),
        (1, "gives way", (0, 1), 0),
        (1, "gives way", (1,), 1),
        (0, "gives way", (0, 1, 2), 1),
    ],
)
def test_the_plain_order_goes_on_or_round(lane: Any, why: Any, able: Any, next_lane: Any) -> None:
    """A lane goes on where it can; otherwise the next one does."""
    assert plain(lane, why, able) == next_lane


def test_a_schedule_is_followed_where_it_says_something_possible() -> None:
    """A lane that cannot run is passed over."""
    follow = Follow(Schedule("threads", 3, 2, (Switch(0, 5, 1), Switch(0, 6, 2))))
    assert follow.first(3) == 2
    assert follow.choose(0, 5, "point", (0, 1)) == 1
    assert follow.choose(0, 6, "point", (0, 1)) == 0
    assert follow.choose(0, 7, "point", (0, 1)) == 0
    assert follow.choose(0, 6, "point", (0, 1), (2,)) == 2


def test_an_execution_knows_its_switches_and_its_shape() -> None:
    """Staying is no switch."""
    execution = Execution(2, 0)
    execution.events += [Event(0, 1, "point", (0, 1), 0, True, "a"), Event(0, 2, "point", (0, 1), 1, True, "b")]
    assert execution.switches == 1
    assert execution.shape() == ((0, 2, 1),)


def test_a_wait_that_ends_before_its_time_counts_but_is_no_switch() -> None:
    """It makes another run of it, and a harder one to follow."""
    execution = Execution(2, 0)
    execution.events += [Event(0, 1, "waits", (1,), 0, True, "a", (0,)), Event(0, 2, "point", (0, 1), 0, True, "b")]
    assert (execution.switches, execution.size) == (0, 1)
    assert execution.shape() == ((0, 1, 0),)


def _waits(seconds: float) -> bool:
    time.sleep(seconds)
    return False


def test_a_run_that_ends_is_waited_for() -> None:
    """However it moves."""
    assert comes_to_end(lambda seconds: True, lambda: 0, _STALL)


def test_a_run_that_stands_still_for_a_whole_stall_is_not() -> None:
    """No longer than a quarter of it over."""
    begun = time.monotonic()
    assert not comes_to_end(_waits, lambda: 0, _STALL)
    assert time.monotonic() - begun >= _STALL


def test_a_run_that_moves_is_waited_for_beyond_a_stall() -> None:
    """Every move begins the wait anew."""
    end, moves = time.monotonic() + 3 * _STALL, itertools.count()
    assert comes_to_end(lambda seconds: _waits(seconds) or time.monotonic() > end, lambda: next(moves), _STALL)


def test_a_process_at_work_is_not_standing_still() -> None:
    """It may be deep in a digest, where nothing can be counted."""
    end = time.process_time() + 3 * _STALL

    def works(seconds: float) -> bool:
        until = time.process_time() + seconds
        while time.process_time() < until:
            pass
        return time.process_time() > end

    assert comes_to_end(works, lambda: 0, _STALL)


def test_a_stall_is_cut_by_half_and_not_to_nothing() -> None:
    """One that is shorter already stays as it is."""
    assert cut(units(1)) == units(0.5)
    assert cut(units(0.06)) == units(0.05)
    assert cut(units(0.01)) == units(0.01)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no processor can be set here")
def test_this_thread_and_those_that_it_starts_run_on_one_processor() -> None:
    """One that the process may use; afterwards it may use all again."""
    before, seen = os.sched_getaffinity(0), []
    with on_one_processor():
        thread = threading.Thread(target=lambda: seen.append(os.sched_getaffinity(0)))
        thread.start()
        thread.join()
        seen.append(os.sched_getaffinity(0))
    assert seen[0] == seen[1]
    assert len(seen[0]) == 1
    assert seen[0] <= before
    assert os.sched_getaffinity(0) == before


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no processor can be set here")
def test_an_exception_leaves_the_processors_as_they_were() -> None:
    """And comes out."""
    before = os.sched_getaffinity(0)
    with pytest.raises(ZeroDivisionError), on_one_processor():
        raise ZeroDivisionError
    assert os.sched_getaffinity(0) == before


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no processor can be set here")
def test_where_none_can_be_set_the_work_is_done_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container may forbid it, and another system may not know it."""

    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setaffinity", refused)
    with on_one_processor():
        done = ["forbidden"]
    monkeypatch.delattr(os, "sched_setaffinity")
    with on_one_processor():
        done.append("unknown")
    assert done == ["forbidden", "unknown"]
