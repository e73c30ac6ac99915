"""A small multi-user back end in one process, and the ports through which it is judged."""

from __future__ import annotations

import asyncio
import secrets
import threading
import time

from id_isolation.adapters import AdapterBackend, BackendRefused, Connection, ContextIds, Kind, Session


class Refused(Exception):
    """The back end says no."""


class Backend:
    """Accounts' tokens, sessions, lines, and what runs hold."""

    def __init__(self):
        self.lock = threading.Lock()
        self.count = 0
        self.tokens = {}
        self.sessions = {}
        self.lines = {}
        self.resources = []

    # IDs
    def new_id(self, kind, user):
        with self.lock:
            self.count += 1
            number = self.count
        return "-".join([kind, str(int(time.time() * 1000)), str(number), secrets.token_hex(8)])

    # tokens
    async def grant(self, token, user):
        self.tokens[token] = user

    async def revoke(self, token):
        self.tokens.pop(token, None)
        self.sessions.pop(token, None)

    def user_of(self, token):
        user = self.tokens.get(token)
        if user is None:
            raise Refused("unknown token")
        return user

    # sessions
    async def open_session(self, token):
        user = self.user_of(token)
        await asyncio.sleep(0)
        user = self.user_of(token)
        session = self.sessions.get(token)
        if session is None or session["user"] != user:
            session = {"id": self.new_id("session", user), "user": user}
            self.sessions[token] = session
        return dict(session)

    # lines
    async def open_line(self, token):
        user = self.user_of(token)
        line = self.new_id("connection", user)
        self.lines[line] = user
        return line, user

    # work
    async def hold(self, context, resource):
        self.resources.append((context, resource))
        await asyncio.sleep(0)

    async def let_go(self, user, run):
        gone = [one for context, one in self.resources if (context.user, context.run) == (user, run)]
        self.resources = [pair for pair in self.resources if (pair[0].user, pair[0].run) != (user, run)]
        return gone


class Made(AdapterBackend):
    opaque_ids = True
    one_process = True

    def __init__(self, backend):
        self.lacks = {"contexts": "there is no dispatcher", "stored": "nothing is stored by thread"}
        self.backend = backend
        self.tokens = self.sessions = self.minting = self.sockets = self.cleanup = self

    async def owner_of(self, kind, text):
        return self.backend.lines.get(text) if kind == Kind.CONNECTION else None

    # tokens
    async def issue(self, user):
        token = secrets.token_urlsafe(24)
        await self.backend.grant(token, user)
        return token

    async def withdraw(self, token):
        await self.backend.revoke(token)

    async def reassign(self, token, user):
        await self.backend.grant(token, user)

    # sessions
    async def log_in(self, token):
        try:
            session = await self.backend.open_session(token)
        except Refused as error:
            raise BackendRefused(str(error)) from error
        return Session(session["user"], session["id"], token, {"user_id": session["user"]})

    async def records(self):
        return [Session(one["user"], one["id"], token) for token, one in list(self.backend.sessions.items())]

    # minting
    def kinds(self):
        return [Kind.SESSION, Kind.CONNECTION]

    def mint(self, kind, user):
        return self.backend.new_id(str(kind.value), user)

    def mint_context(self, user, operation):
        thread, run, request = (self.backend.new_id(kind, user) for kind in ("thread", "run", "request"))
        return ContextIds(user, thread, run, request)

    def restart(self):
        self.backend.count = 0

    # sockets
    async def connect(self, handshake):
        try:
            line, user = await self.backend.open_line(handshake.token)
        except Refused as error:
            raise BackendRefused(str(error)) from error
        return Connection(line, user)

    # clean-up
    async def register(self, context, resource):
        await self.backend.hold(context, resource)

    async def release(self, user, run):
        return await self.backend.let_go(user, run)

    async def held(self):
        return {resource: context for context, resource in self.backend.resources}


def make():
    return Made(Backend())
