"""A session registry that looks first and inserts later."""

from __future__ import annotations

import threading

_sessions: dict[str, str] = {}
_count = 0
_lock = threading.Lock()


def _new_session() -> str:
    global _count
    with _lock:
        _count += 1
        return f"session_{_count}"


def session_of(user: str) -> str:
    if user not in _sessions:
        _sessions[user] = _new_session()
    return _sessions[user]


def mint() -> str:
    """The same user, so the same session: two different answers are the fault."""
    return session_of("maria.lopez")


def reset() -> None:
    global _count
    _sessions.clear()
    _count = 0
