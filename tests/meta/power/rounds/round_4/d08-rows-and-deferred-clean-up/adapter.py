"""A small help desk, and the adapter through which it is judged."""

import asyncio
import hashlib
import secrets
import sqlite3
import sys
import threading

from id_isolation.adapters import (
    AdapterBackend,
    BackendRefused,
    Connection,
    ContextIds,
    Kind,
    Session,
    files_below,
)


class Denied(Exception):
    pass


class Desk:
    """Log-in by token, lines, and the things that a piece of work holds."""

    def __init__(self):
        self._lock = threading.Lock()
        self.tokens = {}
        self.secret = secrets.token_bytes(16)
        self.rows = {}
        self.store = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self.store.execute("CREATE TABLE sessions (row INTEGER PRIMARY KEY AUTOINCREMENT, token TEXT UNIQUE, user TEXT)")
        self.lines = {}
        # Work that is finished waits here until the next one is registered; it is no longer held.
        self.work, self.finished = {}, []

    def new_id(self, kind):
        return f"{kind}-{secrets.token_hex(12)}"

    def restart(self):
        pass

    def sign_up(self, user):
        token = secrets.token_urlsafe(24)
        self.tokens[token] = user
        return token

    def sign_off(self, token):
        self.tokens.pop(token, None)
        with self._lock:
            if token in self.rows:
                self.store.execute("DELETE FROM sessions WHERE row = ?", (self.rows[token],))

    def hand_over(self, token, user):
        self.sign_off(token)
        self.tokens[token] = user

    async def _user_of(self, token):
        await asyncio.sleep(0)  # The directory is asked.
        user = self.tokens.get(token)
        if user is None:
            raise Denied("unknown token")
        return user

    async def log_in(self, token):
        user = await self._user_of(token)
        with self._lock:
            self.store.execute("INSERT INTO sessions (token, user) VALUES (?, ?) ON CONFLICT DO NOTHING", (token, user))
            query = "SELECT row FROM sessions WHERE token = ?"
            row = self.rows[token] = self.store.execute(query, (token,)).fetchone()[0]
        return {"id": self._shown(row), "user": user}

    def _shown(self, row):
        """The session's row as clients see it, so that nobody can count."""
        return "session-" + hashlib.sha256(self.secret + str(row).encode()).hexdigest()[:24]

    def on_record(self):
        with self._lock:
            rows = self.store.execute("SELECT token, row, user FROM sessions").fetchall()
        return [(token, self._shown(row), user) for token, row, user in rows]

    async def connect(self, token):
        user = await self._user_of(token)
        line = self.new_id("line")
        self.lines[line] = user
        return line, user

    def begin(self, user, topic):
        return self.new_id("thread"), self.new_id("run"), self.new_id("request")

    async def attach(self, context, thing):
        self.work.setdefault((context.user, context.run), []).append((thing, context))
        while self.finished:
            for finished, _ in self.finished.pop():
                await self._close(finished)

    async def finish(self, user, run):
        gone = self.work.pop((user, run), [])
        self.finished.append(gone)
        return [thing for thing, _ in gone]

    async def _close(self, thing):
        await asyncio.sleep(0)  # A file, a lock or a socket of the work's is given back.

    def holding(self):
        return [pair for things in self.work.values() for pair in things]


class HelpDesk(AdapterBackend):
    opaque_ids = True

    def __init__(self):
        self.lacks = {"contexts": "the desk has no dispatcher", "stored": "the desk stores no session by thread"}
        self.desk = Desk()
        self.owns = files_below(sys.modules[__name__])
        self.minting = self.tokens = self.sessions = self.sockets = self.cleanup = self

    # minting
    def kinds(self):
        return [Kind.SESSION, Kind.CONNECTION]

    def mint(self, kind, user):
        return self.desk.new_id(str(kind))

    def mint_context(self, user, operation):
        return ContextIds(user, *self.desk.begin(user, operation))

    def restart(self):
        self.desk.restart()

    # tokens
    async def issue(self, user):
        return self.desk.sign_up(user)

    async def withdraw(self, token):
        self.desk.sign_off(token)

    async def reassign(self, token, user):
        self.desk.hand_over(token, user)

    # sessions
    async def log_in(self, token):
        try:
            session = await self.desk.log_in(token)
        except Denied as error:
            raise BackendRefused(str(error)) from error
        return Session(session["user"], session["id"], token, {"user_id": session["user"]})

    async def records(self):
        return [Session(user, name, token) for token, name, user in self.desk.on_record()]

    async def owner_of(self, kind, text):
        if text in self.desk.lines:
            return self.desk.lines[text]
        return next((user for _, name, user in self.desk.on_record() if name == text), None)

    # sockets
    async def connect(self, handshake):
        try:
            return Connection(*await self.desk.connect(handshake.token))
        except Denied as error:
            raise BackendRefused(str(error)) from error

    # clean-up
    async def register(self, context, resource):
        await self.desk.attach(context, resource)

    async def release(self, user, run):
        return await self.desk.finish(user, run)

    async def held(self):
        return dict(self.desk.holding())


def make():
    return HelpDesk()
