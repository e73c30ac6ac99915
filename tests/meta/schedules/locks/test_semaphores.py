"""The semaphores of `multiprocessing` under control, and outside of it."""

from __future__ import annotations

import multiprocessing

import pytest

from id_isolation.schedules import Budget, explore
from id_isolation.schedules.locks import CooperativeSemaphore, locks_during
from id_isolation.timing import units
from id_isolation.world.processes import forked, values
from id_isolation.world.threads import run_threads


def _here(filename: str) -> bool:
    return filename == __file__


def _made(make):
    with locks_during(_here):
        lock = make()
    assert isinstance(lock._semlock, CooperativeSemaphore)
    return lock


@pytest.mark.parametrize("make", [multiprocessing.Lock, multiprocessing.RLock], ids=["lock", "rlock"])
def test_outside_an_exploration_it_keeps_threads_out(make):
    """It is taken, times out for others, and is had again afterwards."""
    lock = _made(make)
    with lock:
        assert (
            run_threads([lambda: lock.acquire(timeout=units(0.01)), lambda: lock.acquire(block=False)]) == [False] * 2
        )
    assert run_threads([lambda: lock.acquire() and lock.release() is None]) == [True]


def test_an_rlock_is_taken_again_by_its_owner():
    """It is free when it was given back as often."""
    lock = _made(multiprocessing.RLock)
    with lock, lock:
        assert lock._semlock.locked()
    assert not lock._semlock.locked()


def test_it_is_shared_with_forked_processes():
    """A child finds it taken, and nobody of this process's threads as the holder of what a child has taken."""
    lock = _made(multiprocessing.Lock)
    with lock:
        assert values(forked(lambda _: lock.acquire(timeout=units(0.01)), 1)) == [False]
    assert values(forked(lambda _: lock.acquire(), 1)) == [True]
    assert lock._semlock.locked()
    assert lock._semlock.holder < 0


def test_two_of_them_in_opposite_order_are_a_deadlock():
    """Under control nobody blocks for real."""
    first, second = _made(multiprocessing.Lock), _made(multiprocessing.Lock)

    def one_way() -> None:
        with first, second:
            pass

    def other_way() -> None:
        with second, first:
            pass

    outcome = explore([one_way, other_way], lambda results: None, traced=_here, budget=Budget(60, random=0))
    assert outcome.deadlock is not None
    assert outcome.given_up == 0
