"""The sequence begins anew whenever the time has changed, also when it has stepped back."""

from __future__ import annotations

import time

_last, _sequence = 0, 0


def mint() -> str:
    global _last, _sequence
    now = time.time_ns() // 1_000_000
    _sequence = _sequence + 1 if now == _last else 0
    _last = now
    return f"session_{now}_{_sequence}"
