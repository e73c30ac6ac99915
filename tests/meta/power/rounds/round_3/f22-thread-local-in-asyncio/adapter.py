"""A service whose handlers were ported from threads to asyncio."""

import asyncio
import secrets
import threading

from id_isolation.adapters import AdapterBackend, BackendRefused, Connection, ContextIds, Kind, Session


class Refused(Exception):
    """The service says no."""


class Service:
    def __init__(self):
        self.lock = threading.Lock()
        self.owner = {}
        self.sessions = {}
        self.kept = {}
        self.request = threading.local()

    def new_id(self, kind):
        return f"{kind}-{secrets.token_hex(10)}"

    def begin(self, user):
        return self.new_id("thread"), self.new_id("run")

    def restart(self):
        pass

    def issue(self, user):
        token = secrets.token_urlsafe(24)
        self.owner[token] = user
        return token

    def withdraw(self, token):
        self.owner.pop(token, None)
        self.sessions.pop(token, None)

    async def log_in(self, token):
        user = self.owner.get(token)
        await asyncio.sleep(0)
        if user is None or token not in self.owner:
            raise Refused("unknown token")
        return self.sessions.setdefault(token, {"user": user, "id": self.new_id("session"), "key": token})

    def all_sessions(self):
        return list(self.sessions.values())

    async def connect(self, token):
        self.request.session = await self.log_in(token)
        self.request.line = self.new_id("line")
        await self.announce(self.request.line)
        return self.request.line, self.request.session["user"]

    async def announce(self, line):
        """Tells the other parts that there is a new line; it goes over the network."""
        await asyncio.sleep(0)

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
