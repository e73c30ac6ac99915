"""A system that keeps everything in SQLite, judged through an adapter."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import sqlite3
import threading

from id_isolation.adapters import AdapterBackend, BackendRefused, ContextIds, Kind, Session

TABLES = """
CREATE TABLE tokens (digest TEXT PRIMARY KEY, user TEXT NOT NULL);
CREATE TABLE sessions (digest TEXT PRIMARY KEY, user TEXT NOT NULL, session TEXT NOT NULL UNIQUE);
CREATE TABLE held (number INTEGER PRIMARY KEY, user TEXT, thread TEXT, run TEXT, request TEXT);
"""


def stored(text):
    """A text as SQLite can hold it, whatever is in it."""
    return text.encode("utf-8", "surrogatepass").decode("latin-1")


def loaded(text):
    return text.encode("latin-1").decode("utf-8", "surrogatepass")


def digest(token):
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class Ledger:
    def __init__(self):
        self._lock = threading.Lock()
        self._database = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._database.executescript(TABLES)
        self.resources = {}

    def run(self, statement, *values):
        with self._lock:
            return self._database.execute(statement, values).fetchall()

    def insert(self, statement, *values):
        with self._lock:
            return self._database.execute(statement, values).lastrowid


class LedgerBackend(AdapterBackend):
    opaque_ids = True

    def __init__(self):
        self.ledger = Ledger()
        self.tokens = self.sessions = self.minting = self.cleanup = self
        self.lacks = {
            "sockets": "there are no WebSockets",
            "contexts": "there is no dispatcher",
            "stored": "nothing is stored by thread",
        }

    # tokens
    async def issue(self, user):
        token = secrets.token_urlsafe(24)
        await self.reassign(token, user)
        return token

    async def reassign(self, token, user):
        self.ledger.run("INSERT OR REPLACE INTO tokens VALUES (?, ?)", digest(token), stored(user))

    async def withdraw(self, token):
        found = self.ledger.run("DELETE FROM tokens WHERE digest = ? RETURNING user", digest(token))
        self.ledger.run("DELETE FROM sessions WHERE digest = ?", digest(token))
        # Whoever has no token left is logged out of everything.
        for (user,) in found:
            if not self.ledger.run("SELECT 1 FROM tokens WHERE user = ?", user):
                self.ledger.run("DELETE FROM sessions WHERE user LIKE ?", user)

    # sessions
    async def log_in(self, token):
        await asyncio.sleep(0)
        found = self.ledger.run("SELECT user FROM tokens WHERE digest = ?", digest(token))
        if not found:
            raise BackendRefused("unknown token")
        user = found[0][0]
        kept = self.ledger.run("SELECT session FROM sessions WHERE digest = ? AND user = ?", digest(token), user)
        if not kept:
            kept = self.ledger.run(
                "INSERT OR REPLACE INTO sessions VALUES (?, ?, ?) RETURNING session",
                digest(token), user, secrets.token_hex(16),
            )
        return Session(loaded(user), kept[0][0], digest(token), {"user_id": loaded(user)})

    async def records(self):
        rows = self.ledger.run("SELECT user, session, digest FROM sessions")
        return [Session(loaded(user), session, key) for user, session, key in rows]

    # minting
    def kinds(self):
        return [Kind.SESSION, Kind.THREAD, Kind.RUN, Kind.REQUEST]

    def mint(self, kind, user):
        return f"{kind.value}-{secrets.token_hex(16)}"

    def mint_context(self, user, operation):
        return ContextIds(user, *(self.mint(kind, user) for kind in (Kind.THREAD, Kind.RUN, Kind.REQUEST)))

    def restart(self):
        pass

    # clean-up
    async def register(self, context, resource):
        ids = map(stored, (context.user, context.thread, context.run, context.request))
        number = self.ledger.insert("INSERT INTO held (user, thread, run, request) VALUES (?, ?, ?, ?)", *ids)
        self.ledger.resources[number] = resource

    async def release(self, user, run):
        rows = self.ledger.run("DELETE FROM held WHERE user = ? AND run = ? RETURNING number", stored(user), stored(run))
        return [self.ledger.resources.pop(number) for (number,) in rows]

    async def held(self):
        rows = self.ledger.run("SELECT number, user, thread, run, request FROM held")
        return {self.ledger.resources[number]: ContextIds(*map(loaded, ids)) for number, *ids in rows}


def make():
    return LedgerBackend()
