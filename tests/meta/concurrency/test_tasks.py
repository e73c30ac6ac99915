"""Tasks: one loop, released together, callable from anywhere."""

from __future__ import annotations

import asyncio

import pytest

from id_isolation.timing import units
from id_isolation.world.threads import DeadlinePassed, run_tasks


async def _double(number: int) -> int:
    await asyncio.sleep(0)
    return 2 * number


def test_results_come_in_the_order_of_the_factories():
    """Each coroutine's result stands where its factory stood."""
    assert run_tasks([lambda i=i: _double(i) for i in range(10)]) == [2 * i for i in range(10)]


def test_a_caller_inside_a_running_loop_may_run_tasks():
    """The tasks' loop is not the caller's."""

    async def caller() -> list[int]:
        return run_tasks([lambda: _double(4)])

    assert asyncio.run(caller()) == [8]


def test_a_failing_task_raises_what_it_raised():
    """The exception keeps its type."""

    async def fail() -> int:
        raise KeyError("lost")

    with pytest.raises(KeyError, match="lost"):
        run_tasks([fail, lambda: _double(1)])


def test_a_task_that_does_not_end_is_cancelled_at_the_deadline():
    """The straggler is cancelled, and the count is told."""
    cancelled: list[bool] = []

    async def stay() -> int:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(True)
            raise
        return 0

    with pytest.raises(DeadlinePassed, match="1 of 2 tasks"):
        run_tasks([stay, lambda: _double(1)], deadline=units(0.1))
    assert cancelled == [True]
