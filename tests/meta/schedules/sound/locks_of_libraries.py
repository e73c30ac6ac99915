"""The same sound counter under locks that other parts of the standard library make, or make on the module's behalf."""

from __future__ import annotations

import _thread
import functools
import itertools
import logging
import multiprocessing
import queue
import threading
from dataclasses import dataclass, field


@dataclass
class _Counter:
    lock: threading.Lock = field(default_factory=threading.Lock)
    value: int = 0


class _Numbering(logging.Formatter):
    """Code of this module that runs while a handler's lock is held."""

    last = 0

    def format(self, record: logging.LogRecord) -> str:
        self.last += 1
        record.number = self.last
        return ""


class _Holder:
    @functools.cached_property
    def numbers(self) -> itertools.count[int]:
        _ = self.__dict__.get("numbers")
        return _numbers


_counter = _Counter()
_allocated = _thread.allocate_lock()
_tokens: queue.SimpleQueue[int] = queue.SimpleQueue()
_tokens.put(0)
_shared = multiprocessing.Value("q", 0)
_of_processes = multiprocessing.Lock()
_handler = logging.StreamHandler()
_handler.setFormatter(_Numbering())
_numbers = itertools.count(1)
_holder = _Holder()


def by_dataclass() -> int:
    with _counter.lock:
        _counter.value += 1
        return _counter.value


def by_allocated_lock() -> int:
    with _allocated:
        _counter.value += 1
        return _counter.value


def by_simple_queue() -> int:
    value = _tokens.get() + 1
    _tokens.put(value)
    return value


def by_shared_value() -> int:
    with _shared.get_lock():
        _shared.value += 1
        return _shared.value


def by_lock_of_processes() -> int:
    with _of_processes:
        _counter.value += 1
        return _counter.value


def by_handler() -> int:
    assert _handler.lock is not None
    with _handler.lock:
        record = logging.makeLogRecord({})
        _handler.format(record)
        return record.number


def by_cached_property() -> int:
    return next(_holder.numbers)


def reset() -> None:
    _counter.value = 0
    _holder.__dict__.clear()
