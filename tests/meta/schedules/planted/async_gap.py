"""Coroutines that await between reading the counter and writing it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

_count = 0
_sessions: dict[str, int] = {}


async def _numbers() -> AsyncIterator[int]:
    global _count
    while True:
        value = _count + 1
        await asyncio.sleep(0)
        _count = value
        yield value


async def mint() -> int:
    """From an async generator, as a stream of IDs is often written."""
    async for number in _numbers():
        return number
    raise AssertionError("the generator never ends")


async def mint_after_timer() -> int:
    """The same gap, with a timer in it."""
    global _count
    value = _count + 1
    await asyncio.sleep(0.01)
    _count = value
    return value


async def session_of_one_user() -> int:
    """Looks whether there is a session, awaits the auth service, then makes one."""
    if "maria.lopez" not in _sessions:
        number = len(_sessions) + _count + 1
        await asyncio.sleep(0)
        _sessions["maria.lopez"] = _sessions.get("maria.lopez", 0) + number
    return _sessions["maria.lopez"]


def reset() -> None:
    global _count
    _count = 0
    _sessions.clear()
