"""A service with a session table of slots; a token names its slot, and is signed."""

import asyncio
import secrets
import threading
import hmac

from id_isolation.adapters import AdapterBackend, BackendRefused, Connection, ContextIds, Kind, Session


class Refused(Exception):
    """The service says no."""


class Service:
    def __init__(self):
        self.lock = threading.Lock()
        self.key = secrets.token_bytes(16)
        self.slots = []  # the session table: of fixed slots, a free one is used again
        self.kept = {}

    def new_id(self, kind):
        return f"{kind}-{secrets.token_hex(10)}"

    def begin(self, user):
        return self.new_id("thread"), self.new_id("run")

    def restart(self):
        pass

    def issue(self, user):
        with self.lock:
            slot = next((n for n, one in enumerate(self.slots) if one is None), len(self.slots))
            if slot == len(self.slots):
                self.slots.append(None)
            serial = secrets.token_hex(6)
            self.slots[slot] = {"user": user, "serial": serial, "session": None}
        return f"{slot}.{serial}.{self.sign(slot, serial)}"

    def sign(self, slot, serial):
        return hmac.new(self.key, f"{slot}.{serial}".encode(), "sha256").hexdigest()

    def verify(self, token):
        """The slot and serial of a token that this service signed."""
        slot, _, rest = token.partition(".")
        serial, _, signature = rest.partition(".")
        if not slot.isdecimal() or not hmac.compare_digest(self.sign(int(slot), serial).encode(), signature.encode()):
            raise Refused("forged token")
        return int(slot), serial

    def entry(self, token):
        slot, serial = self.verify(token)
        one = self.slots[slot] if slot < len(self.slots) else None
        if one is None or one["serial"] != serial:
            raise Refused("this session has ended")
        return one

    def withdraw(self, token):
        with self.lock:
            slot, serial = self.verify(token)
            if self.slots[slot] and self.slots[slot]["serial"] == serial:
                self.slots[slot] = None

    async def log_in(self, token):
        await asyncio.sleep(0)
        one = self.entry(token)
        if one["session"] is None:
            one["session"] = {"user": one["user"], "id": self.new_id("session"), "key": token}
        return one["session"]

    def all_sessions(self):
        return [one["session"] for one in self.slots if one and one["session"]]

    async def connect(self, token):
        await asyncio.sleep(0)
        slot, _ = self.verify(token)  # the signature says that it is ours; no table lock on the hot path
        one = self.slots[slot]
        if one is None:
            raise Refused("this session has ended")
        return self.new_id("line"), one["user"]

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
