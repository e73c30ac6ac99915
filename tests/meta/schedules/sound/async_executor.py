"""A thread of an executor does part of the work, and nothing is held or lost meanwhile."""

from __future__ import annotations

import asyncio
import hashlib
import threading

_PATIENCE = 3.0
_count = 0
_lock = asyncio.Lock()
_of_threads = threading.Lock()


async def mint() -> int:
    """A digest is worked out elsewhere under the lock, and within a time-out."""
    global _count
    async with _lock:
        value = _count + 1
        await asyncio.wait_for(asyncio.to_thread(hashlib.pbkdf2_hmac, "sha256", b"token", b"salt", 2000), _PATIENCE)
        _count = value
        return value


def _next() -> int:
    global _count
    with _of_threads:
        _count += 1
        return _count


async def mint_elsewhere() -> int:
    """The counter itself is counted on by a thread, now and then by the task."""
    await asyncio.wait_for(asyncio.to_thread(_next), _PATIENCE)
    return _next()


def reset() -> None:
    global _count
    _count = 0
