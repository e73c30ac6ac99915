"""The await lies inside the lock, or there is none between read and write."""

from __future__ import annotations

import asyncio

_count = 0
_lock = asyncio.Lock()


async def mint() -> int:
    global _count
    async with _lock:
        value = _count + 1
        await asyncio.sleep(0)
        _count = value
        return value


async def without_a_gap() -> int:
    global _count
    await asyncio.sleep(0)
    _count += 1
    value = _count
    await asyncio.sleep(0)
    return value


def reset() -> None:
    global _count
    _count = 0
