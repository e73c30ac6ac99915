"""A counter for each thread, and nothing of the thread in the ID."""

from __future__ import annotations

import threading

_state = threading.local()


def mint() -> int:
    _state.count = getattr(_state, "count", 0) + 1
    return _state.count


def reset() -> None:
    _state.__dict__.clear()
