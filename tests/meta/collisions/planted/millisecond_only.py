"""The millisecond, and nothing else."""

from __future__ import annotations

import time


def mint() -> str:
    return f"session_{time.time_ns() // 1_000_000}"
