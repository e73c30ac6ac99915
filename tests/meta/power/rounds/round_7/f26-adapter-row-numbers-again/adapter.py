"""A batch service that keeps all it knows in SQLite. The adapter is at the end.

Judge it with: id-isolation run --backend adapter:make, in this directory.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
import threading
from typing import Any

from id_isolation.adapters import AdapterBackend, BackendRefused, Connection, ContextIds, Kind, Session

SCHEMA = """
CREATE TABLE tokens (digest TEXT PRIMARY KEY, user TEXT NOT NULL);
CREATE TABLE sessions (number INTEGER PRIMARY KEY, digest TEXT UNIQUE, user TEXT NOT NULL);
CREATE TABLE work (number INTEGER PRIMARY KEY AUTOINCREMENT, user TEXT NOT NULL, thread TEXT, run TEXT, request TEXT);
"""


def digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class Store:
    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._key = secrets.token_bytes(16)
        self._db = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._db.executescript(SCHEMA)
        self._things: dict[int, Any] = {}

    def _do(self, statement: str, *values: Any) -> list[Any]:
        with self._lock:
            return self._db.execute(statement, values).fetchall()

    def give(self, token: str, user: str) -> None:
        self._do("INSERT INTO tokens VALUES (?, ?) ON CONFLICT (digest) DO UPDATE SET user = excluded.user", digest(token), user)

    def sign_off(self, token: str) -> None:
        with self._lock:
            self._do("DELETE FROM tokens WHERE digest = ?", digest(token))
            self._do("DELETE FROM sessions WHERE digest = ?", digest(token))

    def user_of(self, token: str) -> str | None:
        rows = self._do("SELECT user FROM tokens WHERE digest = ?", digest(token))
        return str(rows[0][0]) if rows else None

    def name_of(self, number: int) -> str:
        return f"s{number}-{hmac.new(self._key, str(number).encode(), 'sha256').hexdigest()[:24]}"

    def log_in(self, token: str) -> tuple[str, str] | None:
        """The user and the session's name; a session is kept for each token."""
        with self._lock:
            user = self.user_of(token)
            if user is None:
                self._do("DELETE FROM sessions WHERE digest = ?", digest(token))
                return None
            rows = self._do("SELECT number FROM sessions WHERE digest = ? AND user = ?", digest(token), user)
            if not rows:
                self._do("DELETE FROM sessions WHERE digest = ?", digest(token))
                rows = self._do("INSERT INTO sessions (digest, user) VALUES (?, ?) RETURNING number", digest(token), user)
            return user, self.name_of(rows[0][0])

    def sessions(self) -> list[tuple[str, str, str]]:
        rows = self._do("SELECT user, number, digest FROM sessions")
        return [(str(user), self.name_of(number), key) for user, number, key in rows]

    def hold(self, context: ContextIds, thing: Any) -> None:
        values = context.user, context.thread, context.run, context.request
        with self._lock:
            rows = self._do("INSERT INTO work (user, thread, run, request) VALUES (?, ?, ?, ?) RETURNING number", *values)
            self._things[rows[0][0]] = thing

    def let_go(self, user: str, run: str) -> list[Any]:
        with self._lock:
            rows = self._do("DELETE FROM work WHERE user = ? AND run = ? RETURNING number", user, run)
            return [self._things.pop(number) for (number,) in rows]

    def held(self) -> dict[Any, ContextIds]:
        with self._lock:
            rows = self._do("SELECT number, user, thread, run, request FROM work")
            return {self._things[number]: ContextIds(*map(str, ids)) for number, *ids in rows}


class StoreBackend(AdapterBackend):
    opaque_ids = True

    def __init__(self) -> None:
        self.store = Store()
        self.lines: dict[str, str] = {}
        self.lacks = {"contexts": "the service has no dispatcher", "stored": "the service stores nothing by thread"}
        self.tokens = self.sessions = self.minting = self.sockets = self.cleanup = self

    def owns(self, filename: str) -> bool:
        return filename == __file__

    def _named(self, user: str) -> str:
        try:
            user.encode()
        except UnicodeEncodeError as error:
            raise BackendRefused("such a name cannot be written down") from error
        if not user.strip():
            raise BackendRefused("a user has a name")
        return user

    async def issue(self, user: str) -> str:
        token = secrets.token_urlsafe(24)
        self.store.give(token, self._named(user))
        return token

    async def withdraw(self, token: str) -> None:
        self.store.sign_off(token)

    async def reassign(self, token: str, user: str) -> None:
        self.store.give(token, self._named(user))

    async def log_in(self, token: str) -> Session:
        told = self.store.log_in(token)
        if told is None:
            raise BackendRefused("unknown token")
        return Session(told[0], told[1], digest(token), {"user_id": told[0]})

    async def records(self) -> list[Session]:
        return [Session(*one) for one in self.store.sessions()]

    def kinds(self) -> list[Kind]:
        return [Kind.SESSION, Kind.CONNECTION]

    def mint(self, kind: Kind, user: str) -> str:
        return f"{getattr(kind, 'value', kind)}-{secrets.token_hex(12)}"

    def mint_context(self, user: str, operation: str) -> ContextIds:
        return ContextIds(user, *(f"{what}-{secrets.token_hex(12)}" for what in ("thread", "run", "request")))

    def restart(self) -> None:
        """The service has no counter that a restart would set back."""

    async def connect(self, handshake: Any) -> Connection:
        user = self.store.user_of(handshake.token or "")
        if user is None:
            raise BackendRefused("unknown token")
        line = self.mint("line", user)
        self.lines[line] = user
        return Connection(line, user)

    async def register(self, context: ContextIds, resource: Any) -> None:
        self.store.hold(context, resource)

    async def release(self, user: str, run: str) -> list[Any]:
        return self.store.let_go(user, run)

    async def held(self) -> dict[Any, ContextIds]:
        return self.store.held()

    async def owner_of(self, kind: Kind, text: str) -> str | None:
        if text in self.lines:
            return self.lines[text]
        return next((user for user, name, _ in self.store.sessions() if name == text), None)


def make() -> StoreBackend:
    return StoreBackend()
