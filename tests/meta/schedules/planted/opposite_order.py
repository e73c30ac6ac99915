"""Two locks taken in opposite orders: a deadlock, and no duplicate ever."""

from __future__ import annotations

import threading

_count = 0
_counter_lock = threading.Lock()
_registry_lock = threading.Lock()


def mint() -> int:
    global _count
    with _counter_lock, _registry_lock:
        _count += 1
        return _count


def mint_other_way() -> int:
    global _count
    with _registry_lock, _counter_lock:
        _count += 1
        return _count


def reset() -> None:
    global _count
    _count = 0
