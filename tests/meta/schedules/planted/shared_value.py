"""A counter in shared memory: its own lock is held for the increment, and no longer when the value is read again."""

from __future__ import annotations

import multiprocessing

_shared = multiprocessing.Value("q", 0)


def mint() -> int:
    with _shared.get_lock():
        _shared.value += 1
    return _shared.value


def reset() -> None:
    _shared.value = 0
