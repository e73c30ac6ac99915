"""A service whose IDs are keyed hashes of numbers from a hi/lo allocator."""

import asyncio
import secrets
import threading
import hashlib

from id_isolation.adapters import AdapterBackend, BackendRefused, Connection, ContextIds, Kind, Session


class Refused(Exception):
    """The service says no."""


class Disk:
    """What outlives the process: two numbers and a key."""

    def __init__(self):
        self.high = 0
        self.key = secrets.token_bytes(16)


class Numbers:
    """Numbers that never come twice, taken from the disk in blocks."""

    BLOCK = 100

    def __init__(self, disk):
        self.disk = disk
        self.lock = threading.Lock()
        self.next = disk.high
        self.end = disk.high

    def take(self):
        with self.lock:
            if self.next == self.end:
                self.disk.high = self.end
                self.end = self.next + self.BLOCK
            self.next += 1
            return self.next


class Service:
    def __init__(self):
        self.lock = threading.Lock()
        self.owner = {}
        self.sessions = {}
        self.kept = {}
        self.disk = Disk()
        self.numbers = Numbers(self.disk)

    def new_id(self, kind):
        number = f"{kind}{self.numbers.take()}".encode()  # unguessable, and as unique as the number
        return f"{kind}-{hashlib.blake2b(number, key=self.disk.key, digest_size=10).hexdigest()}"

    def begin(self, user):
        return self.new_id("thread"), self.new_id("run")

    def restart(self):
        self.numbers = Numbers(self.disk)

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
        session = await self.log_in(token)
        return self.new_id("line"), session["user"]

    def hold(self, user, run, thing, context):
        with self.lock:
            self.kept.setdefault(run, {})[thing] = context

    def release(self, user, run):
        with self.lock:
            return list(self.kept.pop(run, {}))

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
