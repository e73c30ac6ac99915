"""A help desk in one process: tokens lie in a directory that is asked over pooled lines. The adapter is at the end.

Judge it with: id-isolation run --backend adapter:make, in this directory.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

from id_isolation.adapters import AdapterBackend, BackendRefused, Connection, ContextIds, Kind, Session


def digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class Directory:
    """Whose a token is."""

    def __init__(self) -> None:
        self._primary: dict[str, str] = {}

    def give(self, token: str, user: str) -> None:
        self._primary[digest(token)] = user

    def take(self, token: str) -> None:
        self._primary.pop(digest(token), None)

    def user_of(self, token: str) -> str | None:
        return self._primary.get(digest(token))


class Line:
    """One line to the directory, which answers in the order in which it was asked."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._unanswered: deque[str] = deque()

    async def ask(self, token: str) -> str | None:
        self._unanswered.append(token)
        await asyncio.sleep(0)
        return self._directory.user_of(self._unanswered.popleft())


class Lines:
    """Lines are used by one caller at a time, and kept."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._free: list[Line] = []

    async def ask(self, token: str) -> str | None:
        try:
            line = self._free.pop()
        except IndexError:
            line = Line(self._directory)
        # A line whose caller went away is not kept: an answer may still be on its way.
        user = await line.ask(token)
        self._free.append(line)
        return user


class Numbers:
    """Numbers that grow with time: milliseconds, and ten bits that count within one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last, self._count = 0, 0
        self._key = secrets.token_bytes(16)

    def restart(self) -> None:
        self.__init__()

    def next(self) -> int:
        with self._lock:
            now = max(int(time.time() * 1000), self._last)
            self._count = self._count + 1 if now == self._last else 0
            if self._count == 1 << 10:
                now, self._count = now + 1, 0
            self._last = now
            return now << 10 | self._count

    def text(self, what: str) -> str:
        number = self.next()
        seal = hmac.new(self._key, f"{what}{number}".encode(), "sha256").hexdigest()[:20]
        return f"{what}-{number:x}-{seal}"


@dataclass(eq=False)
class Held:
    key: tuple[str, str]
    context: ContextIds
    resource: Any


class Registry:
    """What runs hold, in one dense list; a run knows the places of what is its own."""

    def __init__(self) -> None:
        self.entries: list[Held] = []
        self.places: dict[tuple[str, str], set[int]] = {}
        self._lock = threading.Lock()

    def add(self, context: ContextIds, resource: Any) -> None:
        key = context.user, context.run
        with self._lock:
            self.places.setdefault(key, set()).add(len(self.entries))
            self.entries.append(Held(key, context, resource))

    def end(self, user: str, run: str) -> list[Any]:
        """The last entry moves into each gap, so that nothing has to be shifted."""
        gone = []
        with self._lock:
            for place in sorted(self.places.pop((user, run), ()), reverse=True):
                if place >= len(self.entries):
                    continue
                gone.append(self.entries[place].resource)
                last = self.entries.pop()
                if place < len(self.entries):
                    self.entries[place] = last
        return gone


class Desk:
    def __init__(self) -> None:
        self.directory = Directory()
        self.lines = Lines(self.directory)
        self.numbers = Numbers()
        self.registry = Registry()
        self.sessions: dict[str, dict[str, str]] = {}
        self.connections: dict[str, str] = {}

    def sign_off(self, token: str) -> None:
        self.directory.take(token)
        self.sessions.pop(digest(token), None)

    async def log_in(self, token: str) -> dict[str, str] | None:
        user = await self.lines.ask(token)
        if user is None:
            self.sessions.pop(digest(token), None)
            return None
        session = self.sessions.get(digest(token))
        if session is None or session["user"] != user:
            session = self.sessions[digest(token)] = {"user": user, "id": self.numbers.text("session")}
        return dict(session)

    async def connect(self, token: str, named: str | None) -> tuple[str, str] | None:
        """`named` is whom the gateway in front took the client for, for its log."""
        user = await self.lines.ask(token)
        if user is None:
            return None
        connection = self.numbers.text("line")
        self.connections[connection] = user
        return connection, user


class DeskBackend(AdapterBackend):
    opaque_ids = True

    def __init__(self) -> None:
        self.desk = Desk()
        self.lacks = {"contexts": "the desk has no dispatcher", "stored": "the desk stores nothing by thread"}
        self.tokens = self.sessions = self.minting = self.sockets = self.cleanup = self

    def owns(self, filename: str) -> bool:
        return filename == __file__

    async def issue(self, user: str) -> str:
        if not user.strip():
            raise BackendRefused("a user has a name")
        token = secrets.token_urlsafe(24)
        self.desk.directory.give(token, user)
        return token

    async def withdraw(self, token: str) -> None:
        self.desk.sign_off(token)

    async def reassign(self, token: str, user: str) -> None:
        self.desk.directory.give(token, user)

    async def log_in(self, token: str) -> Session:
        session = await self.desk.log_in(token)
        if session is None:
            raise BackendRefused("unknown token")
        return Session(session["user"], session["id"], digest(token), {"user_id": session["user"]})

    async def records(self) -> list[Session]:
        return [Session(one["user"], one["id"], key) for key, one in list(self.desk.sessions.items())]

    def kinds(self) -> list[Kind]:
        return [Kind.SESSION, Kind.CONNECTION, Kind.MESSAGE]

    def mint(self, kind: Kind, user: str) -> str:
        return self.desk.numbers.text(str(getattr(kind, "value", kind)))

    def mint_context(self, user: str, operation: str) -> ContextIds:
        return ContextIds(user, *(self.desk.numbers.text(what) for what in ("thread", "run", "request")))

    def restart(self) -> None:
        self.desk.numbers.restart()

    async def connect(self, handshake: Any) -> Connection:
        told = await self.desk.connect(handshake.token or "", handshake.user)
        if told is None:
            raise BackendRefused("unknown token")
        return Connection(*told)

    async def register(self, context: ContextIds, resource: Any) -> None:
        self.desk.registry.add(context, resource)

    async def release(self, user: str, run: str) -> list[Any]:
        return self.desk.registry.end(user, run)

    async def held(self) -> dict[Any, ContextIds]:
        return {one.resource: one.context for one in self.desk.registry.entries}

    async def owner_of(self, kind: Kind, text: str) -> str | None:
        if text in self.desk.connections:
            return self.desk.connections[text]
        return next((one["user"] for one in self.desk.sessions.values() if one["id"] == text), None)


def make() -> DeskBackend:
    return DeskBackend()
