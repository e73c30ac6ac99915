"""The lock itself is made at first use, without a lock."""

from __future__ import annotations

import threading

_count = 0
_lock = None


def mint() -> int:
    global _count, _lock
    if _lock is None:
        _lock = threading.Lock()
    with _lock:
        _count += 1
        return _count


def reset() -> None:
    global _count, _lock
    _count, _lock = 0, None
