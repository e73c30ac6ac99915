"""A prefix drawn for each process, again after a fork, and a locked counter behind it."""

from __future__ import annotations

import os
import secrets
import threading

_prefix = secrets.token_hex(8)
_count = 0
_lock = threading.Lock()


def _anew() -> None:
    global _prefix, _lock
    _prefix, _lock = secrets.token_hex(8), threading.Lock()


os.register_at_fork(after_in_child=_anew)


def mint() -> str:
    global _count
    with _lock:
        _count += 1
        return f"{_prefix}_{_count}"


def reset() -> None:
    global _count
    _count = 0
