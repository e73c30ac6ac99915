"""A small help desk, and the adapter through which it is judged."""

import asyncio
import secrets
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
        self.sessions = {}
        self.lines = {}
        self.work = {}
        self.here = threading.local()

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
        self.sessions.pop(token, None)

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
        # The directory and the store block; neither may hold up the loop.
        await asyncio.to_thread(self._bind, token)
        return await asyncio.to_thread(self._open, token)

    def _bind(self, token):
        self.here.user = self.tokens.get(token)
        if self.here.user is None:
            raise Denied("unknown token")

    def _open(self, token):
        user = getattr(self.here, "user", None)
        if user is None:
            raise Denied("nobody is logged in")
        session = self.sessions.get(token)
        if session is None or session["user"] != user:
            session = self.sessions[token] = {"id": self.new_id("session"), "user": user}
        return session

    def on_record(self):
        return [(token, session["id"], session["user"]) for token, session in list(self.sessions.items())]

    async def connect(self, token):
        user = await self._user_of(token)
        line = self.new_id("line")
        self.lines[line] = user
        return line, user

    def begin(self, user, topic):
        return self.new_id("thread"), self.new_id("run"), self.new_id("request")

    async def attach(self, context, thing):
        self.work.setdefault((context.user, context.run), []).append((thing, context))

    async def finish(self, user, run):
        gone = self.work.pop((user, run), [])
        for thing, _ in gone:
            await self._close(thing)
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
