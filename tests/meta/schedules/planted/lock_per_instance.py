"""Each generator has a lock of its own; the counter belongs to the class."""

from __future__ import annotations

import threading


class Generator:
    count = 0

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def mint(self) -> int:
        with self._lock:
            Generator.count += 1
            return Generator.count


def mint() -> int:
    return Generator().mint()


def reset() -> None:
    Generator.count = 0
