"""A counter with no lock (CWE-362)."""

from __future__ import annotations

_count = 0


def mint() -> int:
    global _count
    _count += 1
    return _count


def reset() -> None:
    global _count
    _count = 0
