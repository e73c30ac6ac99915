"""Tests of what a lane of an interleaving is, and of the event loop that a thread is given for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from id_isolation.backend.protocol import BackendBroke
from id_isolation.checks.parts.program import LANES, Program, in_a_loop, pace_tokens
from id_isolation.plan.kinds import Kind

from ..bare import Bare, context_on
from .small import Tokens


@pytest.mark.parametrize("lanes", LANES)
def test_each_lane_of_a_program_does_its_own_work(lanes: int) -> None:
    """Though all of them are made at once."""
    program = Program("squares", lanes, lambda number: number * number, lambda results: None, Kind.SESSION)
    assert [work() for work in program.work] == [number * number for number in range(lanes)]


class _Paced(Tokens):
    turns: Callable[[str], int] | None = None

    def pace(self, turns: Callable[[str], int]) -> None:
        self.turns = turns


def test_an_authentication_service_that_can_wait_answers_one_turn_later() -> None:
    """Every token of every user."""
    tokens = _Paced()
    pace_tokens(context_on(Bare(tokens=tokens)))
    assert tokens.turns is not None
    assert {tokens.turns("token of ana"), tokens.turns("")} == {1}


def test_an_authentication_service_that_cannot_wait_is_left_alone() -> None:
    """There is nothing to tell it."""
    pace_tokens(context_on(Bare(tokens=Tokens())))


def test_a_thread_does_a_coroutines_work_in_a_loop_of_its_own() -> None:
    """Another one each time, for the lane that it is."""
    loops: list[asyncio.AbstractEventLoop] = []

    async def work(number: int) -> int:
        loops.append(asyncio.get_running_loop())
        return number + 1

    lane = in_a_loop(work)
    assert [lane(0), lane(1)] == [1, 2]
    assert loops[0] is not loops[1]
    assert all(loop.is_closed() for loop in loops)


def test_a_lock_of_another_loop_is_no_result() -> None:
    """That two loops cannot wait for one lock is asyncio's rule; a lock that is free is taken all the same."""
    lock = asyncio.Lock()

    async def work(number: int) -> str:
        async with lock:
            return "taken"

    async def contend() -> None:
        # A lock belongs to the loop in which somebody first had to wait for it.
        await lock.acquire()
        waiting = asyncio.create_task(lock.acquire())
        await asyncio.sleep(0)
        waiting.cancel()

    assert in_a_loop(work)(0) == "taken"
    asyncio.run(contend())
    assert in_a_loop(work)(0) is None


def _raises(error: Exception) -> Callable[[int], Any]:
    async def work(number: int) -> None:
        raise error

    return in_a_loop(work)


@pytest.mark.parametrize(
    "text",
    ["<Lock> is bound to a different event loop", "Task got Future attached to a different loop"],
    ids=["a-lock", "a-future"],
)
def test_a_backend_that_says_it_broke_on_another_loop_gives_no_result_either(text: str) -> None:
    """In whichever words asyncio said it."""
    assert _raises(RuntimeError(text))(0) is None
    assert _raises(BackendBroke(f"connect raised RuntimeError: {text}"))(0) is None


@pytest.mark.parametrize(
    "error",
    [RuntimeError("the queue is closed"), BackendBroke("log_in raised KeyError"), ValueError("a different loop")],
    ids=["at-run-time", "broke", "of-another-kind"],
)
def test_whatever_else_goes_wrong_in_a_lane_is_raised(error: Exception) -> None:
    """It may be what the interleaving did."""
    with pytest.raises(type(error), match=str(error)):
        _raises(error)(0)
