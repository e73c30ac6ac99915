"""A batch reserves its range of numbers without a lock."""

from __future__ import annotations

_next = 1


def mint_batch(count: int = 3) -> list[str]:
    global _next
    first = _next
    _next = first + count
    return [f"batch_{number}" for number in range(first, first + count)]


def mint() -> str:
    return mint_batch(2)[-1]


def reset() -> None:
    global _next
    _next = 1
