"""A coroutine that waits for an executor's thread between reading the counter and writing it."""

from __future__ import annotations

import asyncio
import hashlib

_count = 0


async def mint() -> int:
    global _count
    value = _count + 1
    await asyncio.wait_for(asyncio.to_thread(hashlib.pbkdf2_hmac, "sha256", b"token", b"salt", 2000), 3)
    _count = value
    return value


def reset() -> None:
    global _count
    _count = 0
