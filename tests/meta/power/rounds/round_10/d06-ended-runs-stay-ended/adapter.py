"""A help desk whose accounts lie in a store behind a few lines, and its adapter."""

import asyncio
import hashlib
import hmac
import secrets
import sys
import threading
from collections import deque

from id_isolation.adapters import AdapterBackend, BackendRefused, Connection, ContextIds, Kind, Session, files_below


class Denied(Exception):
    pass


class Line:
    """A line to the account store: questions go out, answers come back in the same order."""

    def __init__(self, accounts):
        self._accounts = accounts
        self._answers = deque()

    def send(self, token):
        self._answers.append(self._accounts.get(token))

    async def read(self):
        await asyncio.sleep(0)
        return self._answers.popleft()


class Numbers:
    """The counter in the store."""

    def __init__(self):
        self.value = 0

    async def take(self):
        self.value += 1
        value = self.value
        await asyncio.sleep(0)
        return value


class Desk:
    def __init__(self):
        self._lock = threading.Lock()
        self._count = 0
        self._secret = secrets.token_bytes(16)
        self._free = []
        self.numbers = Numbers()
        self.tokens = {}
        self.sessions = {}
        self.lines = {}
        self.work = {}
        self._ended = {}

    def new_id(self, kind):
        with self._lock:
            self._count += 1
            number = self._count
        return f"{kind}-{number}-{secrets.token_hex(8)}"

    def session_id(self, number):
        return "session-" + hmac.new(self._secret, str(number).encode(), hashlib.sha256).hexdigest()[:24]

    async def user_of(self, token):
        line = self._free.pop() if self._free else Line(self.tokens)
        line.send(token)
        user = await line.read()
        self._free.append(line)
        return user

    def sign_up(self, user):
        token = secrets.token_urlsafe(24)
        self.tokens[token] = user
        return token

    def sign_off(self, token):
        self.tokens.pop(token, None)
        self.sessions.pop(token, None)

    def hand_over(self, token, user):
        self.tokens[token] = user
        self.sessions.pop(token, None)

    async def log_in(self, token):
        user = await self.user_of(token)
        if user is None:
            raise Denied("unknown token")
        session = self.sessions.get(token)
        if session is None or session["user"] != user:
            number = await self.numbers.take()
            if self.tokens.get(token) != user:
                raise Denied("the token was withdrawn")
            session = self.sessions.get(token)
            if session is None or session["user"] != user:
                session = self.sessions[token] = {"id": self.session_id(number), "user": user}
        return session

    async def connect(self, token):
        user = (await self.log_in(token))["user"]
        name = self.new_id("line")
        self.lines[name] = user
        return name, user

    async def attach(self, context, thing):
        await asyncio.sleep(0)
        if (context.user, context.run) in self._ended:
            raise Denied("the run has ended")
        self.work.setdefault((context.user, context.run), []).append((thing, context))

    def finish(self, user, run):
        """Ends a run for good; the last thousand that ended are remembered, so that a straggler cannot open one again."""
        if (user, run) not in self.work:
            return []
        self._ended[user, run] = True
        if len(self._ended) > 1000:
            del self._ended[next(iter(self._ended))]
        return [thing for thing, _ in self.work.pop((user, run))]

    def held(self):
        return {thing: context for some in self.work.values() for thing, context in some}


class DeskBackend(AdapterBackend):
    one_process = True

    def __init__(self):
        self.lacks = {"contexts": "the desk has no dispatcher", "stored": "the desk stores no session by thread"}
        self.desk = Desk()
        self.owns = files_below(sys.modules[__name__])
        self.minting = self.tokens = self.sessions = self.sockets = self.cleanup = self

    def kinds(self):
        return [Kind.CONNECTION]

    def mint(self, kind, user):
        return self.desk.new_id("line")

    def mint_context(self, user, operation):
        return ContextIds(user, self.desk.new_id("thread"), self.desk.new_id("run"), self.desk.new_id("request"))

    def restart(self):
        self.desk._count = 0

    async def issue(self, user):
        return self.desk.sign_up(user)

    async def withdraw(self, token):
        self.desk.sign_off(token)

    async def reassign(self, token, user):
        raise BackendRefused("a token of the desk never changes its user")

    async def log_in(self, token):
        try:
            session = await self.desk.log_in(token)
        except Denied as error:
            raise BackendRefused(str(error)) from error
        return Session(session["user"], session["id"], token, {"user_id": session["user"]})

    async def records(self):
        return [Session(one["user"], one["id"], token) for token, one in self.desk.sessions.items()]

    async def connect(self, handshake):
        try:
            name, user = await self.desk.connect(handshake.token)
        except Denied as error:
            raise BackendRefused(str(error)) from error
        return Connection(name, user)

    async def owner_of(self, kind, text):
        for one in self.desk.sessions.values():
            if one["id"] == text:
                return one["user"]
        return self.desk.lines.get(text)

    async def register(self, context, resource):
        try:
            await self.desk.attach(context, resource)
        except Denied as error:
            raise BackendRefused(str(error)) from error

    async def release(self, user, run):
        return self.desk.finish(user, run)

    async def held(self):
        return self.desk.held()


def make():
    return DeskBackend()
