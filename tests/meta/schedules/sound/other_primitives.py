"""The same sound counter under each other primitive of `threading` and `queue`."""

from __future__ import annotations

import queue
import threading

_count = 0
_rlock = threading.RLock()
_condition = threading.Condition()
_semaphore = threading.Semaphore(1)
_busy = False
_tokens: queue.Queue[int] = queue.Queue()
_tokens.put(0)


def _next() -> int:
    global _count
    with _rlock:
        _count += 1
        return _count


def by_rlock() -> int:
    """Takes the same lock twice over."""
    with _rlock:
        return _next()


def by_condition() -> int:
    """Waits until nobody else is at it."""
    global _busy, _count
    with _condition:
        while _busy:
            _condition.wait()
        _busy = True
    _count += 1
    value = _count
    with _condition:
        _busy = False
        _condition.notify()
    return value


def by_semaphore() -> int:
    global _count
    with _semaphore:
        _count += 1
        return _count


def by_queue() -> int:
    """The counter travels through a queue; who has it may count on."""
    value = _tokens.get() + 1
    _tokens.put(value)
    return value


def mint() -> int:
    return by_rlock()


def reset() -> None:
    global _count
    _count = 0
