"""A dataclass whose lock is made by its default, and so again for every copy of it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace


@dataclass
class _Counter:
    values: list[int]
    lock: threading.Lock = field(default_factory=threading.Lock, init=False)


_counter = _Counter([0])


def mint() -> int:
    mine = replace(_counter)
    with mine.lock:
        mine.values[0] += 1
        return mine.values[0]


def reset() -> None:
    _counter.values[0] = 0
