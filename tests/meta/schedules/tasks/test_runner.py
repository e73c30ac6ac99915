"""What one run of tasks gives."""

from __future__ import annotations

import asyncio

from id_isolation.schedules.execution import Follow
from id_isolation.schedules.schedule import Schedule
from id_isolation.schedules.tasks import TaskRunner

from ..samples import async_gap, traced


def _plain(runner: TaskRunner, *, record: bool = False):
    return runner.run(Follow(Schedule("tasks", runner.lanes)), record=record)


def test_results_and_exceptions_are_told_apart():
    """Each lane has the one or the other."""

    async def give() -> int:
        return 3

    async def fail() -> int:
        raise KeyError("lost")

    execution = _plain(TaskRunner([give, fail], traced))
    assert execution.results == {0: 3}
    assert isinstance(execution.raised[1], KeyError)


def test_a_task_that_cancels_itself_has_raised():
    """It gave no result, and the run is not called a deadlock."""

    async def cancel() -> None:
        raise asyncio.CancelledError

    execution = _plain(TaskRunner([cancel], traced))
    assert (execution.end, list(execution.raised)) == ("done", [0])


def test_lines_are_recorded_only_when_asked_for_and_only_of_traced_files():
    """The lane of each line is the task's."""
    runner = TaskRunner([async_gap.mint] * 2, traced, async_gap.reset)
    assert _plain(runner).lines == []
    lines = _plain(runner, record=True).lines
    assert {line.lane for line in lines} == {0, 1}
    assert {line.filename for line in lines} == {"", async_gap.__file__}


def test_nothing_of_a_run_is_left_for_the_next():
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
