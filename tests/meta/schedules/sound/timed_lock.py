"""Waits with a time-out whose end is looked at: try again, raise, or do without."""

from __future__ import annotations

import contextlib
import queue
import secrets
import threading

_count = 0
_lock = threading.Lock()
_free = threading.Condition()
_busy = False
_tokens: queue.Queue[int] = queue.Queue()


def mint() -> int:
    """Tries again until it has the lock."""
    global _count
    while not _lock.acquire(timeout=0.01):
        pass
    try:
        _count += 1
        return _count
    finally:
        _lock.release()


def mint_or_raise() -> int:
    """Refuses to mint where the lock does not come."""
    global _count
    if not _lock.acquire(timeout=0.01):
        raise TimeoutError("the generator is busy")
    try:
        _count += 1
        return _count
    finally:
        _lock.release()


def mint_at_random() -> int | str:
    """Takes what needs no lock where the lock does not come."""
    global _count
    if not _lock.acquire(timeout=0.01):
        return secrets.token_hex(16)
    try:
        _count += 1
        return _count
    finally:
        _lock.release()


def mint_by_condition() -> int:
    """Waits for its turn, and raises where it does not come."""
    global _busy, _count
    with _free:
        if not _free.wait_for(lambda: not _busy, timeout=0.01):
            raise TimeoutError("the generator is busy")
        _busy = True
    _count += 1
    value = _count
    with _free:
        _busy = False
        _free.notify()
    return value


def mint_from_queue() -> int:
    """Asks again for the number until it is there."""
    value = None
    while value is None:
        with contextlib.suppress(queue.Empty):
            value = _tokens.get(timeout=0.01) + 1
    _tokens.put(value)
    return value


def reset() -> None:
    global _busy, _count
    _count, _busy = 0, False
    _tokens.queue.clear()
    _tokens.put(0)
