"""What one run of threads is given.

Threads under control: waiting, sleeping, and the order in which they go on. One thread under control: where it is
stopped, and where it is not.
"""

from __future__ import annotations

import queue
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from id_isolation.schedules import Budget, controlled_locks, explore
from id_isolation.schedules.execution import Follow
from id_isolation.schedules.locks import locks_during
from id_isolation.schedules.schedule import Schedule, Switch
from id_isolation.schedules.threads import ThreadRunner
from id_isolation.timing import units

from .samples import no_lock, traced


def _plain(runner: ThreadRunner) -> Any:
    return runner.run(Follow(Schedule("threads", runner.lanes)))


def test_the_state_is_brought_back_ahead_of_each_run() -> None:
    """Two runs give the same results."""
    runner = ThreadRunner([no_lock.mint] * 2, traced, no_lock.reset)
    assert [_plain(runner).results for _ in range(2)] == [{0: 1, 1: 2}] * 2


def test_a_run_has_as_many_points_the_first_time_as_the_second() -> None:
    """A schedule means the same in every run, the first one included."""
    space: dict[str, Any] = {}
    exec(compile("n = 0\ndef mint():\n    global n\n    n += 1\n    return n\n", "fresh.py", "exec"), space)
    runner = ThreadRunner([space["mint"]] * 2, lambda name: name == "fresh.py")
    assert _plain(runner).points == _plain(runner).points > 0


def _here(filename: str) -> bool:
    return filename == __file__


with controlled_locks(_here):
    _lock = threading.Lock()
    _event = threading.Event()
    _barrier = threading.Barrier(2)
    _tokens: queue.Queue[str] = queue.Queue()
    sleep = time.sleep


def _run(*functions: Callable[[], object], before: Callable[[], object] | None = None) -> Any:
    return ThreadRunner(functions, _here, before).run(Follow(Schedule("threads", len(functions))))


def test_a_timed_wait_runs_out_when_nothing_else_can_run() -> None:
    """No time passes: the wait ends as soon as it is the only thing left."""

    def hold() -> str:
        with _lock:
            return "took" if _event.wait(units(600)) else "ran out"

    _event.clear()
    begun = time.monotonic()
    assert _run(hold).results == {0: "ran out"}
    assert time.monotonic() - begun < units(60)


def test_a_timed_acquire_gives_way_to_the_holder() -> None:
    """The holder is let go on, so the lock is had in the end."""

    def hold() -> bool:
        with _lock:
            sleep(units(100))
        return True

    def take() -> bool:
        had = _lock.acquire(timeout=units(600))
        _lock.release()
        return had

    assert _run(hold, take).results == {0: True, 1: True}


def test_a_timed_acquire_runs_out_where_the_schedule_says_so() -> None:
    """Its lane goes on without the lock, while the holder could run; the run tells that."""

    def hold() -> bool:
        with _lock:
            sleep(units(100))
        return True

    def take() -> bool:
        return _lock.acquire(timeout=units(600))

    runner = ThreadRunner((hold, take), _here)
    plain = runner.run(Follow(Schedule("threads", 2)))
    waits = next(event for event in plain.events if event.why == "waits")
    assert (waits.lane, waits.timed, plain.expired) == (1, (1,), False)
    _lock.release()
    execution = runner.run(Follow(Schedule("threads", 2, 0, (Switch(1, waits.step, 1),))))
    assert execution.results == {0: True, 1: False}
    assert execution.expired
    assert (execution.switches, execution.size) == (2, 3)


def test_a_wait_made_of_several_runs_out_at_once() -> None:
    """The clock by which a queue looks whether its time is over goes on with every wait that ran out."""

    def get() -> str:
        try:
            return _tokens.get(timeout=units(600))
        except queue.Empty:
            return "empty"

    begun = time.monotonic()
    with locks_during(_here):
        assert _run(get).results == {0: "empty"}
    assert time.monotonic() - begun < units(60)


def test_a_sleep_takes_no_time_and_lets_the_other_go_first() -> None:
    """A poll with a sleep in it ends."""
    seen: list[str] = []

    def wait() -> None:
        while "set" not in seen:
            sleep(units(100))

    def put() -> None:
        seen.append("set")

    assert _run(wait, put).end == "done"


def test_events_and_barriers_are_passed() -> None:
    """Waiting for one another under control is no deadlock."""
    _event.clear()
    assert (
        _run(lambda: _event.wait() and _barrier.wait() >= 0, lambda: _event.set() or _barrier.wait() >= 0).end == "done"
    )


def test_a_lock_held_outside_control_is_waited_for_and_not_called_a_deadlock() -> None:
    """A thread that nobody controls holds it: the run is given up after the stall."""
    with _lock:
        runner = ThreadRunner([lambda: _lock.acquire()], _here, stall=units(0.1))
        execution = runner.run(Follow(Schedule("threads", 1)))
    assert execution.end == "blocked outside control"


def test_a_lock_released_outside_control_in_time_lets_the_run_go_on() -> None:
    """The lane gets it as soon as it is free."""
    _lock.acquire()
    timer = threading.Timer(units(0.05), _lock.release)
    timer.start()

    def take() -> bool:
        with _lock:
            return True

    assert _run(take).results == {0: True}
    timer.join()


def test_a_lock_taken_twice_by_one_thread_is_a_deadlock() -> None:
    """Waiting for oneself is found with a single lane."""

    def twice() -> None:
        with _lock, _lock:
            pass

    execution = _run(twice)
    assert execution.end == "deadlock"
    assert not _lock.locked()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_in_the_plain_order_each_thread_runs_to_its_end(count: Any) -> None:
    """Without a schedule there are no preemptions."""
    order: list[int] = []
    _run(*[lambda lane=lane: order.append(lane) or order.append(lane) for lane in range(count)])
    assert order == [lane for lane in range(count) for _ in range(2)]


def test_endless_spinning_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that never ends is abandoned, and does not hang the search."""
    monkeypatch.setattr("id_isolation.schedules.threads.MAX_STEPS", 200)
    stop: list[int] = []

    def spin() -> None:
        while not stop:
            len(stop)

    def end() -> None:
        stop.append(1)

    run = ThreadRunner([spin, end], _here).run(Follow(Schedule("threads", 2)))
    assert run.end == "out of steps"


def test_an_import_inside_a_thread_is_not_interrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing stops while the interpreter holds its import lock."""
    (tmp_path / "lazily_imported.py").write_text("class Thing:\n    total = sum(range(10))\nvalue = Thing.total\n")
    monkeypatch.syspath_prepend(str(tmp_path))

    def mint() -> int:
        import lazily_imported  # type: ignore[import-not-found]

        return lazily_imported.value

    def forget() -> None:
        sys.modules.pop("lazily_imported", None)

    def own(filename: str) -> bool:
        return filename in (__file__, str(tmp_path / "lazily_imported.py"))

    budget = Budget(schedules=60)
    outcome = explore([mint] * 2, lambda values: None, traced=own, before=forget, budget=budget, stall=units(20))
    assert (outcome.failure, outcome.given_up) == (None, 0)
