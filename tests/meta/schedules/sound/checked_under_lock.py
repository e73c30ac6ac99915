"""A registry that looks again under the lock, and a wrapping counter that resets under it."""

from __future__ import annotations

import threading

LIMIT = 3
_count = 0
_sessions: dict[str, int] = {}
_lock = threading.Lock()


def mint() -> int:
    global _count
    with _lock:
        if _count >= LIMIT:
            _count = 0
        _count += 1
        return _count


def session_of_one_user() -> int:
    found = _sessions.get("maria.lopez")
    if found is None:
        number = mint()
        with _lock:
            found = _sessions.setdefault("maria.lopez", number)
    return found


def reset() -> None:
    global _count
    _count = LIMIT
    _sessions.clear()
