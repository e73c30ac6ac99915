"""When a run counts as standing still."""

from __future__ import annotations

import itertools
import time

from id_isolation.schedules.execution import comes_to_end, cut
from id_isolation.timing import units

_STALL = units(0.2)


def _waits(seconds: float) -> bool:
    time.sleep(seconds)
    return False


def test_a_run_that_ends_is_waited_for():
    """However it moves."""
    assert comes_to_end(lambda seconds: True, lambda: 0, _STALL)


def test_a_run_that_stands_still_for_a_whole_stall_is_not():
    """No longer than a quarter of it over."""
    begun = time.monotonic()
    assert not comes_to_end(_waits, lambda: 0, _STALL)
    assert time.monotonic() - begun >= _STALL


def test_a_run_that_moves_is_waited_for_beyond_a_stall():
    """Every move begins the wait anew."""
    end, moves = time.monotonic() + 3 * _STALL, itertools.count()
    assert comes_to_end(lambda seconds: _waits(seconds) or time.monotonic() > end, lambda: next(moves), _STALL)


def test_a_process_at_work_is_not_standing_still():
    """It may be deep in a digest, where nothing can be counted."""
    end = time.process_time() + 3 * _STALL

    def works(seconds: float) -> bool:
        until = time.process_time() + seconds
        while time.process_time() < until:
            pass
        return time.process_time() > end

    assert comes_to_end(works, lambda: 0, _STALL)


def test_a_stall_is_cut_by_half_and_not_to_nothing():
    """One that is shorter already stays as it is."""
    assert cut(units(1)) == units(0.5)
    assert cut(units(0.06)) == units(0.05)
    assert cut(units(0.01)) == units(0.01)
