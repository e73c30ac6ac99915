"""A sequence that starts again with each millisecond, the check of which is outside the lock."""

from __future__ import annotations

import threading

_last = 0
_sequence = 0
_lock = threading.Lock()


def _now_ms() -> int:
    return 1_700_000_000_000


def mint() -> str:
    global _last, _sequence
    now = _now_ms()
    if now == _last:
        with _lock:
            _sequence += 1
            return f"ws_conn_{now}_{_sequence}"
    _last, _sequence = now, 0
    return f"ws_conn_{now}_0"


def reset() -> None:
    global _last, _sequence
    _last = _sequence = 0
