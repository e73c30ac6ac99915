"""A counter, multiplied until it looks random."""

from __future__ import annotations

_count = 0


def mint() -> str:
    global _count
    _count += 1
    return f"session_{_count * 2654435761 % 2**32:08x}"
