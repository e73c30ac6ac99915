"""A wrapping counter: who sees it full resets it under the lock, without looking again."""

from __future__ import annotations

import threading

LIMIT = 3
_count = 0
_lock = threading.Lock()


def mint() -> int:
    global _count
    if _count >= LIMIT:
        with _lock:
            _count = 0
    with _lock:
        _count += 1
        return _count


def reset() -> None:
    """One below the limit plus one: the next two mints are 1 and 2 after one reset, whatever their order."""
    global _count
    _count = LIMIT
