"""Waits with a time-out whose end nobody looks at."""

from __future__ import annotations

import contextlib
import queue
import threading

_count = 0
_lock = threading.Lock()
_free = threading.Event()
_tokens: queue.Queue[int] = queue.Queue()
_last = 0


def mint() -> int:
    """Gives the lock back only where it had it, and counts either way."""
    global _count
    had = _lock.acquire(timeout=0.01)
    _count += 1
    value = _count
    if had:
        _lock.release()
    return value


def mint_and_release() -> int:
    """Gives back what it may not have: then the other one's release raises."""
    global _count
    _lock.acquire(timeout=0.01)
    _count += 1
    value = _count
    _lock.release()
    return value


def mint_after_event() -> int:
    """Goes on when the event is late."""
    global _count
    with _lock:
        turn = _free.is_set()
        _free.clear()
    if not turn:
        _free.wait(0.01)
    _count += 1
    value = _count
    _free.set()
    return value


def mint_from_queue() -> int:
    """Takes the last number that it has seen where the queue is empty for too long."""
    global _last
    with contextlib.suppress(queue.Empty):
        _last = _tokens.get(timeout=0.01)
    value = _last + 1
    _tokens.put(value)
    return value


def reset() -> None:
    global _count, _last
    _count = _last = 0
    _free.set()
    _tokens.queue.clear()
    _tokens.put(0)
