"""Who gets cooperative locks, and who keeps genuine ones.

Cooperative locks outside an exploration: they are what they stand for. The semaphores of `multiprocessing` under
control, and outside of it. Whose lock it is: the file that asks for one, through whatever stands between.
"""

from __future__ import annotations

import _thread
import concurrent.futures
import logging
import multiprocessing
import os
import queue
import sys
import threading
import time
from dataclasses import dataclass, field
from multiprocessing import synchronize
from pathlib import Path
from typing import Any

import pytest

from id_isolation.schedules import Budget, explore
from id_isolation.schedules.locks import (
    CooperativeCondition,
    CooperativeLock,
    CooperativeRLock,
    CooperativeSemaphore,
    asking_file,
    controlled_locks,
    locks_during,
)
from id_isolation.timing import units
from id_isolation.world.processes import forked, values
from id_isolation.world.threads import run_threads

pytestmark = pytest.mark.quick

_MODULES = {
    "_thread": _thread,
    "concurrent": concurrent,
    "logging": logging,
    "multiprocessing": multiprocessing,
    "queue": queue,
    "threading": threading,
}
MAKERS = {
    "Lock": (threading.Lock, "threading.Lock()", lambda lock: isinstance(lock, CooperativeLock)),
    "RLock": (threading.RLock, "threading.RLock()", lambda lock: isinstance(lock, CooperativeRLock)),
    "Condition": (threading.Condition, "threading.Condition()", lambda c: isinstance(c, CooperativeCondition)),
    "Condition's lock": (None, "threading.Condition()._lock", lambda lock: isinstance(lock, CooperativeRLock)),
    "Semaphore": (None, "threading.Semaphore()._cond", lambda c: isinstance(c, CooperativeCondition)),
    "Event": (None, "threading.Event()._cond._lock", lambda lock: isinstance(lock, CooperativeLock)),
    "Barrier": (None, "threading.Barrier(2)._cond", lambda c: isinstance(c, CooperativeCondition)),
    "Queue": (None, "queue.Queue().mutex", lambda lock: isinstance(lock, CooperativeLock)),
    "allocated lock": (None, "_thread.allocate_lock()", lambda lock: isinstance(lock, CooperativeLock)),
    "SimpleQueue": (None, "queue.SimpleQueue()", lambda q: isinstance(q, queue._PySimpleQueue)),
    "SimpleQueue's count": (
        None,
        "getattr(queue.SimpleQueue(), '_count', None)",
        lambda count: isinstance(getattr(count, "_cond", None), CooperativeCondition),
    ),
    "Handler": (None, "logging.StreamHandler().lock", lambda lock: isinstance(lock, CooperativeRLock)),
    "lock of processes": (
        None,
        "multiprocessing.Lock()._semlock",
        lambda semaphore: isinstance(semaphore, CooperativeSemaphore),
    ),
    "shared value": (
        None,
        "multiprocessing.Value('q').get_lock()._semlock",
        lambda semaphore: isinstance(semaphore, CooperativeSemaphore),
    ),
    "executor": (
        None,
        "concurrent.futures.Future()._condition",
        lambda condition: not isinstance(condition, CooperativeCondition),
    ),
    "Thread's event": (None, "threading.Thread()._started._cond", lambda c: not isinstance(c, CooperativeCondition)),
}


def _evaluated(expression: str, filename: str) -> Any:
    return eval(compile(expression, filename, "eval"), {**_MODULES, "__name__": "owned"})


def _owned(filename: str) -> bool:
    return filename == "owned.py"


@pytest.mark.parametrize("what", MAKERS)
def test_owned_files_get_cooperative_locks(what: Any) -> None:
    """Whatever is made of locks is cooperative too, but for a thread's own."""
    _, expression, right = MAKERS[what]
    with locks_during(_owned):
        assert right(_evaluated(expression, "owned.py"))


@pytest.mark.parametrize("what", [name for name in MAKERS if name not in ("Thread's event", "executor")])
def test_other_files_get_genuine_locks(what: Any) -> None:
    """Nobody else is disturbed."""
    _, expression, right = MAKERS[what]
    with locks_during(_owned):
        assert not right(_evaluated(expression, "other.py"))


def test_everything_is_as_before_afterwards() -> None:
    """The names of `threading` and `time` are put back."""

    def patched() -> list[object]:
        names = (threading.Lock, threading.RLock, threading.Condition, time.sleep, queue.SimpleQueue)
        return [*names, _thread.allocate_lock, _thread.RLock, synchronize.SemLock._make_methods]

    before = patched()
    with locks_during(_owned):
        assert not any(now is then for now, then in zip(patched(), before, strict=True))
    assert patched() == before


def test_a_factory_taken_by_name_still_makes_cooperative_locks() -> None:
    """`from threading import Lock` in a module imported under control goes on making them."""
    with controlled_locks(lambda filename: filename == "kept.py"):
        space: dict[str, Any] = {}
        exec(compile("from threading import Lock, Condition", "kept.py", "exec"), space)
    assert isinstance(eval(compile("Lock()", "kept.py", "eval"), space), CooperativeLock)
    assert isinstance(eval(compile("Condition()", "kept.py", "eval"), space), CooperativeCondition)


def test_types_still_answer_isinstance_and_can_be_derived_from() -> None:
    """Third-party code that asks for the types, or extends them, works during the import."""
    genuine = threading.Lock(), threading.RLock(), threading.Condition()
    with locks_during(_owned):
        assert isinstance(genuine[0], threading.Lock)
        assert isinstance(genuine[1], threading.RLock)
        assert isinstance(genuine[2], threading.Condition)

        class Mine(threading.Condition):
            pass

        mine = Mine()
        with mine:
            mine.notify_all()
        assert isinstance(mine, Mine)


@pytest.mark.parametrize("make", [CooperativeLock, CooperativeRLock], ids=["lock", "rlock"])
def test_a_lock_keeps_others_out(make: Any) -> None:
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


def test_a_lock_that_is_held_times_out() -> None:
    """Waiting ends, and without blocking there is no wait at all."""
    lock = CooperativeLock()
    assert lock.acquire()
    assert not lock.acquire(timeout=units(0.01))
    assert not lock.acquire(blocking=False)
    assert lock.locked()


def test_an_rlock_is_taken_again_by_its_owner_alone() -> None:
    """Another thread does not get it, and only the owner may release it."""
    lock = CooperativeRLock()
    with lock, lock:
        assert run_threads([lambda: lock.acquire(blocking=False)]) == [False]
        with pytest.raises(RuntimeError, match="un-acquired"):
            run_threads([lock.release])
    assert run_threads([lambda: lock.acquire(blocking=False)]) == [True]


def test_a_condition_wakes_its_waiter() -> None:
    """Notified waiters return true, and time runs out for the others."""
    items: list[Any] = []
    condition = CooperativeCondition(CooperativeLock())

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


def test_waiting_on_a_condition_without_its_lock_is_an_error() -> None:
    """As with the genuine one."""
    with pytest.raises(RuntimeError, match="un-acquired"):
        CooperativeCondition(CooperativeRLock()).wait()


def test_a_lock_can_be_made_new_in_a_forked_child() -> None:
    """A module that registers the genuine lock's hook finds it here too."""
    lock = CooperativeLock()
    with lock:

        def child(_: int) -> bool:
            lock._at_fork_reinit()
            return lock.acquire(blocking=False)

        assert values(forked(child, 1)) == [True]


def test_wrappers_of_threading_work_over_them() -> None:
    """A semaphore built on a cooperative condition counts."""
    semaphore = threading.Semaphore(2)
    semaphore._cond = CooperativeCondition(CooperativeLock())
    assert [semaphore.acquire(blocking=False) for _ in range(3)] == [True, True, False]


def test_a_process_forked_inside_an_exploration_is_under_nobodys_control() -> None:
    """The copy of a lane runs freely, and takes its locks for itself."""

    def lane() -> list[bool]:
        return values(forked(lambda _: CooperativeLock().acquire(timeout=units(1)), 1))

    outcome = explore(
        [lane, lane], lambda results: None, traced=lambda name: name == __file__, budget=Budget(2, random=0)
    )
    assert (outcome.failure, outcome.deadlock) == (None, None)


def _here(filename: str) -> bool:
    return filename == __file__


def _made(make: Any) -> Any:
    with locks_during(_here):
        lock = make()
    assert isinstance(lock._semlock, CooperativeSemaphore)
    return lock


@pytest.mark.parametrize("make", [multiprocessing.Lock, multiprocessing.RLock], ids=["lock", "rlock"])
def test_outside_an_exploration_it_keeps_threads_out(make: Any) -> None:
    """It is taken, times out for others, and is had again afterwards."""
    lock = _made(make)
    with lock:
        assert (
            run_threads([lambda: lock.acquire(timeout=units(0.01)), lambda: lock.acquire(block=False)]) == [False] * 2
        )
    assert run_threads([lambda: lock.acquire() and lock.release() is None]) == [True]


def test_an_rlock_is_taken_again_by_its_owner() -> None:
    """It is free when it was given back as often."""
    lock = _made(multiprocessing.RLock)
    with lock, lock:
        assert lock._semlock.locked()
    assert not lock._semlock.locked()


def test_it_is_shared_with_forked_processes() -> None:
    """A child finds it taken, and nobody of this process's threads as the holder of what a child has taken."""
    lock = _made(multiprocessing.Lock)
    with lock:
        assert values(forked(lambda _: lock.acquire(timeout=units(0.01)), 1)) == [False]
    assert values(forked(lambda _: lock.acquire(), 1)) == [True]
    assert lock._semlock.locked()
    assert lock._semlock.holder < 0


def test_two_of_them_in_opposite_order_are_a_deadlock() -> None:
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


def _asked() -> str:
    return asking_file(sys._getframe(1))


def test_the_file_of_the_caller_asks() -> None:
    """Nothing stands between."""
    assert _asked() == __file__


def test_text_that_a_module_was_given_asks_in_its_name() -> None:
    """The generated `__init__` of a dataclass has no file of its own."""

    @dataclass
    class Made:
        asked: str = field(default_factory=_asked)

    assert Made().asked == __file__


def test_the_interpreter_asks_for_the_locks_of_an_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever imports has not asked for them."""
    import _thread

    asked = []
    genuine = _thread.allocate_lock

    def allocate() -> Any:
        asked.append(asking_file(sys._getframe(1)))
        return genuine()

    (tmp_path / "imported_for_its_locks.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(_thread, "allocate_lock", allocate)
    __import__("imported_for_its_locks")
    assert __file__ not in asked
