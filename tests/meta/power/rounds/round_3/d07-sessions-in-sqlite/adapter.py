"""A service whose tokens and sessions are rows; the rows of a session go with its token."""

import asyncio
import secrets
import threading
import hashlib
import sqlite3

from id_isolation.adapters import AdapterBackend, BackendRefused, Connection, ContextIds, Kind, Session


class Refused(Exception):
    """The service says no."""


class Service:
    def __init__(self):
        self.lock = threading.Lock()
        self.db = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self.db.execute("CREATE TABLE token (digest TEXT PRIMARY KEY, user TEXT NOT NULL)")
        self.db.execute(
            "CREATE TABLE session (digest TEXT PRIMARY KEY REFERENCES token ON DELETE CASCADE, user TEXT NOT NULL, id TEXT UNIQUE)"
        )
        self.db.execute("PRAGMA foreign_keys = ON")
        self.kept = {}

    def new_id(self, kind):
        return f"{kind}-{secrets.token_hex(10)}"

    def begin(self, user):
        return self.new_id("thread"), self.new_id("run")

    def restart(self):
        pass

    @staticmethod
    def digest(token):
        return hashlib.sha256(token.encode()).hexdigest()

    def query(self, text, *values):
        with self.lock:
            return self.db.execute(text, values).fetchall()

    def issue(self, user):
        token = secrets.token_urlsafe(24)
        self.query("INSERT INTO token VALUES (?, ?)", self.digest(token), user)
        return token

    def withdraw(self, token):
        self.query("DELETE FROM token WHERE digest = ?", self.digest(token))

    async def log_in(self, token):
        """One statement opens the session, and only where the token is good at that moment."""
        await asyncio.sleep(0)
        digest = self.digest(token)
        self.query(
            "INSERT INTO session SELECT digest, user, ? FROM token WHERE digest = ? ON CONFLICT (digest) DO NOTHING",
            self.new_id("session"), digest,
        )
        rows = self.query("SELECT user, id, digest FROM session WHERE digest = ?", digest)
        if not rows:
            raise Refused("unknown token")
        return dict(zip(("user", "id", "key"), rows[0], strict=True))

    def all_sessions(self):
        rows = self.query("SELECT user, id, digest FROM session")
        return [dict(zip(("user", "id", "key"), row, strict=True)) for row in rows]

    async def connect(self, token):
        session = await self.log_in(token)
        return self.new_id("line"), session["user"]

    def hold(self, user, run, thing, context):
        with self.lock:
            self.kept.setdefault((user, run), {})[thing] = context

    def release(self, user, run):
        with self.lock:
            return list(self.kept.pop((user, run), {}))

    def everything_held(self):
        with self.lock:
            return {thing: context for things in self.kept.values() for thing, context in things.items()}


class Backend(AdapterBackend):
    opaque_ids = True

    def __init__(self):
        self.lacks = {"contexts": "there is no dispatcher", "stored": "nothing is stored by thread"}
        self.service = Service()
        self.minting = self.tokens = self.sessions = self.sockets = self.cleanup = self

    def kinds(self):
        return [Kind.SESSION, Kind.CONNECTION]

    def mint(self, kind, user):
        return self.service.new_id(str(kind))

    def mint_context(self, user, operation):
        thread, run = self.service.begin(user)
        return ContextIds(user, thread, run, self.service.new_id("request"))

    def restart(self):
        self.service.restart()

    async def issue(self, user):
        return self.service.issue(user)

    async def withdraw(self, token):
        self.service.withdraw(token)

    async def reassign(self, token, user):
        raise BackendRefused("a token never changes its user here")

    async def log_in(self, token):
        try:
            session = await self.service.log_in(token)
        except (Refused, ValueError) as error:
            raise BackendRefused(str(error)) from error
        return Session(session["user"], session["id"], session["key"])

    async def records(self):
        return [Session(one["user"], one["id"], one["key"]) for one in self.service.all_sessions()]

    async def connect(self, handshake):
        try:
            line, user = await self.service.connect(handshake.token)
        except (Refused, ValueError) as error:
            raise BackendRefused(str(error)) from error
        return Connection(line, user)

    async def register(self, context, resource):
        self.service.hold(context.user, context.run, resource, context)

    async def release(self, user, run):
        try:
            return self.service.release(user, run)
        except (Refused, ValueError) as error:
            raise BackendRefused(str(error)) from error

    async def held(self):
        return self.service.everything_held()


def make():
    return Backend()
