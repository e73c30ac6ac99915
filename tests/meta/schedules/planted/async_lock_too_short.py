"""The asyncio lock covers the increment; the value is read again after another await."""

from __future__ import annotations

import asyncio

_count = 0
_lock = asyncio.Lock()


async def mint() -> int:
    global _count
    async with _lock:
        _count += 1
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    return _count


def reset() -> None:
    global _count
    _count = 0
