"""The loop that holds tasks back: other orders come about, nothing is lost, and one seed gives one order."""

from __future__ import annotations

import asyncio
from random import Random

from id_isolation.world.out_of_turn import HoldingLoop


async def _in_turn(steps: int, lanes: int) -> list[tuple[int, int]]:
    """What so many tasks do that give way after each step."""
    done: list[tuple[int, int]] = []

    async def lane(number: int) -> None:
        for step in range(steps):
            done.append((number, step))
            await asyncio.sleep(0)

    await asyncio.gather(*map(lane, range(lanes)))
    return done


def _order(seed: int | None) -> list[tuple[int, int]]:
    loop = HoldingLoop()
    try:
        if seed is None:
            return loop.run_until_complete(_in_turn(4, 3))
        with loop.holding(Random(seed)):
            return loop.run_until_complete(_in_turn(4, 3))
    finally:
        loop.close()


def test_tasks_that_are_held_back_come_to_their_end_in_other_orders() -> None:
    """Each does all of its steps, in its own order."""
    plain, orders = _order(None), {tuple(_order(seed)) for seed in range(20)}
    assert len(orders) > 10
    for order in orders:
        assert sorted(order) == sorted(plain)
        assert all([step for lane, step in order if lane == one] == [0, 1, 2, 3] for one in range(3))


def test_one_seed_gives_one_order() -> None:
    """So that a program can be played again."""
    assert _order(7) == _order(7)


def test_a_task_that_is_held_back_goes_on_where_nothing_else_is_to_do() -> None:
    """The loop does not sleep over it."""
    for seed in range(20):
        loop = HoldingLoop()
        with loop.holding(Random(seed)):
            assert loop.run_until_complete(asyncio.wait_for(asyncio.sleep(0, "done"), 5)) == "done"
        loop.close()
