"""A server's end of a connection without a socket: what is sent on it is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from id_isolation.backend.protocol import Connection, Handshake
from id_isolation.world.delivery import Line


def line(user: str, number: int = 1, token: str = "none") -> tuple[Line, list[Mapping[str, Any]]]:
    """A line of a user and the messages that were sent on it."""
    sent: list[Mapping[str, Any]] = []

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    async def close(code: int, reason: str) -> None:
        sent.append({"type": "closed", "code": code, "reason": reason})

    return Line(Handshake.bearing(token, user), Connection(f"ws_{number}", user), send, close), sent


async def settled() -> None:
    """Gives every task that waits for nothing but its turn enough of them."""
    for _ in range(30):
        await asyncio.sleep(0)
