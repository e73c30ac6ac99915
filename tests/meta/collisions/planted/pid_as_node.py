"""The process id tells processes apart; in containers they all have the same one."""

from __future__ import annotations

import os

_count = 0


def mint() -> str:
    global _count
    _count += 1
    return f"session_{os.getpid()}_{_count}"
