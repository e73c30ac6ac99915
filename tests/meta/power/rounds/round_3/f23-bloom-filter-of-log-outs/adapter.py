"""A service with signed tokens and a list of the withdrawn ones."""

import asyncio
import secrets
import threading
import hashlib
import hmac

from id_isolation.adapters import AdapterBackend, BackendRefused, Connection, ContextIds, Kind, Session


class Refused(Exception):
    """The service says no."""


class Withdrawn:
    """The tokens that were withdrawn: a Bloom filter of one kilobyte, which every worker can hold."""

    def __init__(self):
        self.bits = bytearray(1024)

    def places(self, token):
        digest = hashlib.sha256(token.encode()).digest()
        return [int.from_bytes(digest[n : n + 2], "big") % (len(self.bits) * 8) for n in (0, 2)]

    def add(self, token):
        for place in self.places(token):
            self.bits[place // 8] |= 1 << place % 8

    def __contains__(self, token):
        return all(self.bits[place // 8] >> place % 8 & 1 for place in self.places(token))


class Service:
    def __init__(self):
        self.lock = threading.Lock()
        self.key = secrets.token_bytes(16)
        self.withdrawn = Withdrawn()
        self.sessions = {}
        self.kept = {}

    def new_id(self, kind):
        return f"{kind}-{secrets.token_hex(10)}"

    def begin(self, user):
        return self.new_id("thread"), self.new_id("run")

    def restart(self):
        pass

    def issue(self, user):
        body = f"{user.encode().hex()}.{secrets.token_hex(8)}"
        return f"{body}.{hmac.new(self.key, body.encode(), 'sha256').hexdigest()}"

    def withdraw(self, token):
        self.withdrawn.add(token)
        self.sessions.pop(token, None)

    async def log_in(self, token):
        body, _, signature = token.rpartition(".")
        await asyncio.sleep(0)
        expected = hmac.new(self.key, body.encode(), "sha256").hexdigest()
        if not hmac.compare_digest(expected.encode(), signature.encode()) or token in self.withdrawn:
            raise Refused("unknown token")
        user = bytes.fromhex(body.partition(".")[0]).decode()
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
