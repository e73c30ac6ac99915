"""A counter under a lock, read inside it."""

from __future__ import annotations

import threading

_count = 0
_lock = threading.Lock()


def mint() -> int:
    global _count
    with _lock:
        _count += 1
        return _count


def reset() -> None:
    global _count
    _count = 0
