"""What one run of threads is given."""

from __future__ import annotations

from id_isolation.schedules.execution import Follow
from id_isolation.schedules.schedule import Schedule
from id_isolation.schedules.threads import ThreadRunner

from ..samples import no_lock, traced


def _plain(runner: ThreadRunner):
    return runner.run(Follow(Schedule("threads", runner.lanes)))


def test_the_state_is_brought_back_ahead_of_each_run():
    """Two runs give the same results."""
    runner = ThreadRunner([no_lock.mint] * 2, traced, no_lock.reset)
    assert [_plain(runner).results for _ in range(2)] == [{0: 1, 1: 2}] * 2


def test_a_run_has_as_many_points_the_first_time_as_the_second():
    """A schedule means the same in every run, the first one included."""
    space: dict = {}
    exec(compile("n = 0\ndef mint():\n    global n\n    n += 1\n    return n\n", "fresh.py", "exec"), space)
    runner = ThreadRunner([space["mint"]] * 2, lambda name: name == "fresh.py")
    assert _plain(runner).points == _plain(runner).points > 0
