"""What one run of tasks gives.

Tasks under control: their order, their clock, what waits for ever. The loop that all explorations of a process share.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from concurrent.futures import Future
from typing import Any

import pytest

from id_isolation.schedules import Budget, controlled_locks, explore_tasks, replay_tasks
from id_isolation.schedules.execution import Follow
from id_isolation.schedules.loop import abandon_loop, process_loop
from id_isolation.schedules.schedule import Schedule
from id_isolation.schedules.tasks import TaskRunner
from id_isolation.timing import units
from id_isolation.world.processes import forked, values

from .samples import async_gap, same, traced, unique


def _plain(runner: TaskRunner, *, record: bool = False) -> Any:
    return runner.run(Follow(Schedule("tasks", runner.lanes)), record=record)


def test_results_and_exceptions_are_told_apart() -> None:
    """Each lane has the one or the other."""

    async def give() -> int:
        return 3

    async def fail() -> int:
        raise KeyError("lost")

    execution = _plain(TaskRunner([give, fail], traced))
    assert execution.results == {0: 3}
    assert isinstance(execution.raised[1], KeyError)


def test_a_task_that_cancels_itself_has_raised() -> None:
    """It gave no result, and the run is not called a deadlock."""

    async def cancel() -> None:
        raise asyncio.CancelledError

    execution = _plain(TaskRunner([cancel], traced))
    assert (execution.end, list(execution.raised)) == ("done", [0])


def test_lines_are_recorded_only_when_asked_for_and_only_of_traced_files() -> None:
    """The lane of each line is the task's."""
    runner = TaskRunner([async_gap.mint] * 2, traced, async_gap.reset)
    assert _plain(runner).lines == []
    lines = _plain(runner, record=True).lines
    assert {line.lane for line in lines} == {0, 1}
    assert {line.filename for line in lines} == {"", async_gap.__file__}


def test_nothing_of_a_run_is_left_for_the_next() -> None:
    """A task that would never end is cancelled with its run."""
    ended: list[str] = []

    async def stay() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    runner = TaskRunner([stay], traced)
    assert [_plain(runner).end for _ in range(2)] == ["deadlock", "deadlock"]
    assert ended == ["cancelled", "cancelled"]


def _here(filename: str) -> bool:
    return filename == __file__


with controlled_locks(_here):
    _thread_lock = threading.Lock()


def _nothing(results: object) -> None:
    return None


def test_a_failure_of_tasks_is_drawn_and_replayed_the_same() -> None:
    """Reason, results and picture are the same in every replay."""
    outcome = explore_tasks([async_gap.mint] * 2, unique, traced=traced, before=async_gap.reset)
    assert outcome.failure.switches == 2
    assert "async_gap.py:17  _count = value" in outcome.failure.history
    again = [
        replay_tasks(outcome.failure.schedule, [async_gap.mint] * 2, unique, traced=traced, before=async_gap.reset)
        for _ in range(5)
    ]
    assert [failure == outcome.failure for failure in again] == [True] * 5


def test_a_registry_that_awaits_between_look_and_insert_is_found() -> None:
    """Two answers for one user are a violated property."""
    outcome = explore_tasks([async_gap.session_of_one_user] * 2, same, traced=traced, before=async_gap.reset)
    assert outcome.failure.kind == "violated"


def test_coroutines_that_never_suspend_have_no_points() -> None:
    """No order of theirs can differ, and the outcome says so."""

    async def mint() -> int:
        return 1

    assert explore_tasks([mint] * 2, _nothing, traced=_here).points == 0


def test_timers_take_no_time_and_fire_in_their_order() -> None:
    """A minute of sleeping is over at once."""
    order: list[str] = []

    async def late() -> None:
        await asyncio.sleep(60)
        order.append("late")

    async def soon() -> None:
        await asyncio.sleep(1)
        order.append("soon")

    begun = time.monotonic()
    explore_tasks([late, soon], _nothing, traced=_here, budget=Budget(schedules=3, random=0))
    assert order == ["soon", "late"] * (len(order) // 2)
    assert time.monotonic() - begun < units(30)


def test_tasks_that_wait_for_each_other_are_a_deadlock() -> None:
    """The lines where they wait are named; nothing is left running."""

    async def wait() -> None:
        await asyncio.Event().wait()

    outcome = explore_tasks([wait] * 2, _nothing, traced=_here, budget=Budget(schedules=4, random=0))
    assert outcome.failure is None
    assert outcome.deadlock.kind == "deadlock"
    assert "schedules/test_tasks.py:" in outcome.deadlock.reason


def test_a_thread_lock_held_over_an_await_is_a_deadlock() -> None:
    """The second task would stop the loop, and with it the first one that holds the lock."""

    async def mint() -> None:
        with _thread_lock:
            await asyncio.sleep(0)

    outcome = explore_tasks([mint] * 2, _nothing, traced=_here, budget=Budget(schedules=20, random=0))
    assert outcome.deadlock is not None
    assert not _thread_lock.locked()


def test_a_blocked_loop_is_given_up() -> None:
    """A genuine lock held over an await blocks the loop's thread; the run is counted, and the next has a new loop."""
    genuine = threading.Lock()
    free = threading.Event()

    async def mint() -> None:
        if genuine.acquire(blocking=False):
            await asyncio.sleep(0)
            genuine.release()
        else:
            free.wait()

    def explored(_: int) -> int:
        budget = Budget(schedules=4, random=0)
        return explore_tasks([mint] * 2, _nothing, traced=_here, budget=budget, stall=units(0.1)).given_up

    # In a process of its own: the locks of the samples belong to the loop that this one has.
    assert values(forked(explored, 1))[0] > 0


def test_child_tasks_belong_to_the_task_that_started_them() -> None:
    """A gather inside a task is explored as part of it."""

    async def part() -> int:
        await asyncio.sleep(0)
        return 1

    async def mint() -> int:
        return sum(await asyncio.gather(part(), part()))

    outcome = explore_tasks([mint] * 2, lambda results: None if results == [2, 2] else "lost", traced=_here)
    assert outcome.failure is None
    assert outcome.points > 0


def test_answers_from_an_executor_arrive() -> None:
    """A task that waits for another thread gets its answer."""

    async def mint() -> int:
        return await asyncio.get_running_loop().run_in_executor(None, lambda: 7)

    def lost(results: Any) -> Any:
        return None if results == [7, 7] else "lost"

    outcome = explore_tasks([mint] * 2, lost, traced=_here, budget=Budget(schedules=4), stall=units(20))
    assert (outcome.failure, outcome.deadlock, outcome.given_up) == (None, None, 0)


def test_a_time_out_does_not_overtake_a_thread_of_the_codes_own() -> None:
    """One that owns all state answers through the loop; it is no executor's, and lives on between the calls."""
    orders: queue.SimpleQueue[Future[int] | None] = queue.SimpleQueue()

    def own_all() -> None:
        while (answer := orders.get()) is not None:
            answer.set_result(7)

    async def ask() -> int:
        answer: Future[int] = Future()
        orders.put(answer)
        return await asyncio.wait_for(asyncio.wrap_future(answer), units(3))

    owner = threading.Thread(target=own_all)
    owner.start()
    outcome = explore_tasks([ask] * 2, _nothing, traced=_here, budget=Budget(schedules=6), stall=units(20))
    orders.put(None)
    owner.join()
    assert (outcome.failure, outcome.deadlock, outcome.given_up) == (None, None, 0)


def test_a_time_out_does_not_overtake_a_thread_at_work() -> None:
    """The clock stands still while an executor's thread has an answer to give."""

    async def mint() -> None:
        await asyncio.wait_for(asyncio.to_thread(time.sleep, units(0.05)), units(60))

    outcome = explore_tasks([mint] * 2, _nothing, traced=_here, budget=Budget(schedules=6), stall=units(20))
    assert (outcome.failure, outcome.deadlock, outcome.given_up) == (None, None, 0)


def test_a_timer_that_a_thread_waits_for_fires_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its task holds the lock, and gives it back when the timer has fired."""
    monkeypatch.setenv("ID_ISOLATION_TIME_UNIT", "0.3")

    async def mint() -> None:
        await asyncio.to_thread(_thread_lock.acquire)
        try:
            await asyncio.sleep(units(0.01))
        finally:
            _thread_lock.release()

    outcome = explore_tasks([mint] * 2, _nothing, traced=_here, budget=Budget(schedules=3), stall=units(20))
    assert (outcome.failure, outcome.deadlock, outcome.given_up) == (None, None, 0)


def test_a_thread_that_never_answers_ends_the_run_before_a_long_time_out_does() -> None:
    """Whether it would have come in time is not known: such a run is given up, and is no failure."""
    free = threading.Event()
    asked = []

    async def mint() -> None:
        asked.append(1)
        if len(asked) > 2:
            await asyncio.wait_for(asyncio.to_thread(free.wait), units(60))

    outcome = explore_tasks([mint] * 2, _nothing, traced=_here, budget=Budget(2, random=0), stall=units(0.1))
    free.set()
    assert (outcome.failure, outcome.deadlock) == (None, None)
    assert outcome.given_up > 0


def test_a_caller_inside_a_running_loop_may_explore() -> None:
    """The controlled loop lives in a thread of its own."""

    async def caller() -> Any:
        return explore_tasks([async_gap.mint] * 2, unique, traced=traced, before=async_gap.reset)

    assert asyncio.run(caller()).failure is not None


def test_an_exception_without_any_interruption_is_raised_to_the_caller() -> None:
    """What cannot be driven at all is no finding."""

    async def fail() -> int:
        raise ZeroDivisionError("always")

    with pytest.raises(ZeroDivisionError, match="always"):
        explore_tasks([fail] * 2, _nothing, traced=_here)


def test_a_lock_that_belongs_to_another_loop_is_an_error_and_no_failure() -> None:
    """Nothing can be said of such code in this process."""
    lock = asyncio.Lock()

    async def hold() -> None:
        async with lock:
            await asyncio.sleep(0)

    async def elsewhere() -> None:
        await asyncio.gather(hold(), hold())

    asyncio.run(elsewhere())
    with pytest.raises(RuntimeError, match="different event loop"):
        explore_tasks([hold] * 2, _nothing, traced=_here)


def test_a_lost_loop_is_replaced() -> None:
    """A task blocks in it, so it is never run again."""

    def lose(_: int) -> bool:
        lost = process_loop()
        abandon_loop()
        return process_loop() is not lost

    # In a process of its own: the locks of the samples belong to this one's loop.
    assert values(forked(lose, 1)) == [True]


def test_a_forked_process_has_a_loop_of_its_own() -> None:
    """The copy of its parent's would share the parent's selector."""
    ours = process_loop()
    assert values(forked(lambda _: process_loop() is not ours, 1)) == [True]
