"""Cooperative locks outside an exploration: they are what they stand for."""

from __future__ import annotations

import os
import threading

import pytest

from id_isolation.schedules import Budget, explore
from id_isolation.schedules.locks import CooperativeCondition, CooperativeLock, CooperativeRLock
from id_isolation.timing import units
from id_isolation.world.processes import forked, values
from id_isolation.world.threads import run_threads


@pytest.mark.parametrize("make", [CooperativeLock, CooperativeRLock], ids=["lock", "rlock"])
def test_a_lock_keeps_others_out(make):
    """Real threads that count under it lose nothing."""
    lock, counts = make(), {"n": 0}

    def count() -> None:
        for _ in range(300):
            with lock:
                before = counts["n"]
                os.getpid()
                counts["n"] = before + 1

    run_threads([count] * 4)
    assert counts["n"] == 1200


def test_a_lock_that_is_held_times_out():
    """Waiting ends, and without blocking there is no wait at all."""
    lock = CooperativeLock()
    assert lock.acquire()
    assert not lock.acquire(timeout=units(0.01))
    assert not lock.acquire(blocking=False)
    assert lock.locked()


def test_an_rlock_is_taken_again_by_its_owner_alone():
    """Another thread does not get it, and only the owner may release it."""
    lock = CooperativeRLock()
    with lock, lock:
        assert run_threads([lambda: lock.acquire(blocking=False)]) == [False]
        with pytest.raises(RuntimeError, match="un-acquired"):
            run_threads([lock.release])
    assert run_threads([lambda: lock.acquire(blocking=False)]) == [True]


def test_a_condition_wakes_its_waiter():
    """Notified waiters return true, and time runs out for the others."""
    condition, items = CooperativeCondition(CooperativeLock()), []

    def take() -> bool:
        with condition:
            return condition.wait_for(lambda: items, timeout=units(10)) == [1]

    def put() -> bool:
        with condition:
            items.append(1)
            condition.notify_all()
        return True

    assert run_threads([take, put]) == [True, True]
    with condition:
        assert not condition.wait(timeout=units(0.01))


def test_waiting_on_a_condition_without_its_lock_is_an_error():
    """As with the genuine one."""
    with pytest.raises(RuntimeError, match="un-acquired"):
        CooperativeCondition(CooperativeRLock()).wait()


def test_a_lock_can_be_made_new_in_a_forked_child():
    """A module that registers the genuine lock's hook finds it here too."""
    lock = CooperativeLock()
    with lock:

        def child(_: int) -> bool:
            lock._at_fork_reinit()
            return lock.acquire(blocking=False)

        assert values(forked(child, 1)) == [True]


def test_wrappers_of_threading_work_over_them():
    """A semaphore built on a cooperative condition counts."""
    semaphore = threading.Semaphore(2)
    semaphore._cond = CooperativeCondition(CooperativeLock())
    assert [semaphore.acquire(blocking=False) for _ in range(3)] == [True, True, False]


def test_a_process_forked_inside_an_exploration_is_under_nobodys_control():
    """The copy of a lane runs freely, and takes its locks for itself."""

    def lane() -> list[bool]:
        return values(forked(lambda _: CooperativeLock().acquire(timeout=units(1)), 1))

    outcome = explore(
        [lane, lane], lambda results: None, traced=lambda name: name == __file__, budget=Budget(2, random=0)
    )
    assert (outcome.failure, outcome.deadlock) == (None, None)
