"""The counter is taken under a lock, and read a second time for the run's ID."""

from __future__ import annotations

import threading

_count = 0
_lock = threading.Lock()


def _next() -> int:
    global _count
    with _lock:
        _count += 1
        return _count


def mint() -> str:
    thread = f"thread_{_next()}"
    run = f"run_{_count}"
    return f"{thread}/{run}".partition("/")[2]


def reset() -> None:
    global _count
    _count = 0
