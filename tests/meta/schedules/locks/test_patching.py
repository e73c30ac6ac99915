"""Who gets cooperative locks, and who keeps genuine ones."""

from __future__ import annotations

import _thread
import concurrent.futures
import logging
import multiprocessing
import queue
import threading
import time
from multiprocessing import synchronize

import pytest

from id_isolation.schedules.locks import (
    CooperativeCondition,
    CooperativeLock,
    CooperativeRLock,
    CooperativeSemaphore,
    controlled_locks,
    locks_during,
)

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


def _evaluated(expression: str, filename: str):
    return eval(compile(expression, filename, "eval"), {**_MODULES, "__name__": "owned"})


def _owned(filename: str) -> bool:
    return filename == "owned.py"


@pytest.mark.parametrize("what", MAKERS)
def test_owned_files_get_cooperative_locks(what):
    """Whatever is made of locks is cooperative too, but for a thread's own."""
    _, expression, right = MAKERS[what]
    with locks_during(_owned):
        assert right(_evaluated(expression, "owned.py"))


@pytest.mark.parametrize("what", [name for name in MAKERS if name not in ("Thread's event", "executor")])
def test_other_files_get_genuine_locks(what):
    """Nobody else is disturbed."""
    _, expression, right = MAKERS[what]
    with locks_during(_owned):
        assert not right(_evaluated(expression, "other.py"))


def test_everything_is_as_before_afterwards():
    """The names of `threading` and `time` are put back."""

    def patched() -> list[object]:
        names = (threading.Lock, threading.RLock, threading.Condition, time.sleep, queue.SimpleQueue)
        return [*names, _thread.allocate_lock, _thread.RLock, synchronize.SemLock._make_methods]

    before = patched()
    with locks_during(_owned):
        assert not any(now is then for now, then in zip(patched(), before, strict=True))
    assert patched() == before


def test_a_factory_taken_by_name_still_makes_cooperative_locks():
    """`from threading import Lock` in a module imported under control goes on making them."""
    with controlled_locks(lambda filename: filename == "kept.py"):
        space: dict = {}
        exec(compile("from threading import Lock, Condition", "kept.py", "exec"), space)
    assert isinstance(eval(compile("Lock()", "kept.py", "eval"), space), CooperativeLock)
    assert isinstance(eval(compile("Condition()", "kept.py", "eval"), space), CooperativeCondition)


def test_types_still_answer_isinstance_and_can_be_derived_from():
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
