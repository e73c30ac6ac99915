"""A service that numbers the work of each user, and hides the numbers in a keyed hash."""

import asyncio
import secrets
import threading
import hashlib

from id_isolation.adapters import AdapterBackend, BackendRefused, Connection, ContextIds, Kind, Session


class Refused(Exception):
    """The service says no."""


class Service:
    def __init__(self):
        self.lock = threading.Lock()
        self.owner = {}
        self.sessions = {}
        self.kept = {}
        self.boot = secrets.token_bytes(16)
        self.counts = {}
        self.lines = {}

    def new_id(self, kind, user=""):
        """A keyed hash of user, number and boot: each user has numbers of his own, and none shows in the ID."""
        with self.lock:
            self.counts[user] = number = self.counts.get(user, 0) + 1
            boot = self.boot
        text = repr((kind, user, number)).encode()
        return f"{kind}-{hashlib.blake2b(text, key=boot, digest_size=12).hexdigest()}"

    def begin(self, user):
        return self.new_id("thread", user), self.new_id("run", user)

    def restart(self):
        with self.lock:
            self.boot = secrets.token_bytes(16)
            self.counts.clear()

    QUOTA = 500  # sessions of one user

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
        if token not in self.sessions and sum(one["user"] == user for one in self.sessions.values()) >= self.QUOTA:
            raise Refused("this user has too many sessions")
        return self.sessions.setdefault(token, {"user": user, "id": self.new_id("session"), "key": token})

    def all_sessions(self):
        return list(self.sessions.values())

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
