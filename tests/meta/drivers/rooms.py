"""The toy with rooms: the runs of a room belong to one thread, and everybody in the room receives their events."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from id_isolation.backend.protocol import ContextIds
from id_isolation.world.delivery import Delivery, Line, Run

from .toy import ToyBackend


def room_of(user: str) -> str:
    """The thread of a user's room; there are three."""
    return f"thread-room-{zlib.crc32(user.encode()) % 3}"


class RoomDelivery(Delivery):
    """Sends an event to every line of the room."""

    async def context(self, line: Line) -> ContextIds:
        return replace(await super().context(line), thread=room_of(line.user))

    async def recipients(self, run: Run, event: Mapping[str, Any]) -> Sequence[Line]:
        return [line for line in self.lines.values() if room_of(line.user) == run.context.thread]

    def may_name(self, line: Line, run: str | None, thread: str | None) -> bool:
        return super().may_name(line, run, None if thread == room_of(line.user) else thread)


class LeakyDelivery(RoomDelivery):
    """The same, but the last event of a run goes to the next room too."""

    async def recipients(self, run: Run, event: Mapping[str, Any]) -> Sequence[Line]:
        if event["type"] == "agent_completed":
            return list(self.lines.values())
        return await super().recipients(run, event)


class Rooms(ToyBackend):  # type: ignore[misc]
    """Shares by design, and does not say so."""

    delivery = RoomDelivery


class DeclaredRooms(Rooms):
    """Says so."""

    def shares(self, thread: str, user: str) -> bool:
        return thread == room_of(user)


class LeakyRooms(DeclaredRooms):
    """Says so, and leaks beyond it."""

    delivery = LeakyDelivery


class StoredByRoom:
    """The port `stored` of a system whose rooms share one stored session; any other thread is its user's own."""

    def __init__(self) -> None:
        self._runs: dict[tuple[str, str], ContextIds] = {}
        self._numbers = count()

    async def store(self, user: str, thread: str | None = None) -> ContextIds:
        key = self._key(user, thread or room_of(user))
        number = next(self._numbers)
        new = ContextIds(user, key[0], f"run-{number}", f"request-{number}")
        return replace(self._runs.setdefault(key, new), user=user)

    async def find(self, user: str, thread: str) -> str | None:
        found = self._runs.get(self._key(user, thread))
        return found.run if found else None

    async def invalidate(self, user: str) -> int:
        gone = [key for key, context in self._runs.items() if context.user == user]
        for key in gone:
            del self._runs[key]
        return len(gone)

    async def expire(self, older_than_hours: float) -> int:
        return 0

    @staticmethod
    def _key(user: str, thread: str) -> tuple[str, str]:
        return thread, "" if thread == room_of(user) else user
