"""A help desk whose state is in this process, judged through an adapter."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor

from id_isolation.adapters import AdapterBackend, BackendRefused, Connection, ContextIds, Kind, Session


class Numbers:
    """Numbers that never come twice: a block of them is put down on disk as used up before it is."""

    BLOCK = 100

    def __init__(self, disk):
        self._lock = threading.Lock()
        self._disk = disk
        self.restart()

    def restart(self):
        with self._lock:
            self._next = self._end = self._disk.get("reserved", 0)

    def take(self):
        with self._lock:
            if self._next == self._end:
                self._end += self.BLOCK
                self._disk["reserved"] = self._end
            self._next += 1
            return self._next


class Desk:
    def __init__(self):
        self.disk = {}
        self.secret = secrets.token_bytes(32)
        self.numbers = Numbers(self.disk)
        self.tokens = {}
        self.sessions = {}
        self.work = []
        self.pool = ThreadPoolExecutor(4, thread_name_prefix="directory")

    def new_id(self, kind):
        number = self.numbers.take()
        return f"{kind}_{hmac.new(self.secret, str(number).encode(), 'sha256').hexdigest()[:24]}"

    @staticmethod
    def key_of(token):
        return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()

    async def look_up(self, token):
        """Asks the directory, which takes its time."""
        await asyncio.sleep(0)
        return self.tokens.get(token)


class Tokens:
    def __init__(self, desk):
        self.desk = desk

    async def issue(self, user):
        token = secrets.token_urlsafe(24)
        self.desk.tokens[token] = user
        return token

    async def withdraw(self, token):
        self.desk.tokens.pop(token, None)
        self.desk.sessions.pop(self.desk.key_of(token), None)

    async def reassign(self, token, user):
        self.desk.tokens[token] = user


class Sessions:
    def __init__(self, desk):
        self.desk = desk

    async def log_in(self, token):
        return await self.enter(token)

    async def enter(self, token):
        user = await self.desk.look_up(token)
        key = self.desk.key_of(token)
        if user is None:
            self.desk.sessions.pop(key, None)
            raise BackendRefused("unknown token")
        found = self.desk.sessions.get(key)
        if found is None or found.user != user:
            found = Session(user, self.desk.new_id("session"), key, {"user_id": user})
            self.desk.sessions[key] = found
        return found

    async def records(self):
        return list(self.desk.sessions.values())


class Minting:
    def __init__(self, desk):
        self.desk = desk

    def kinds(self):
        return [Kind.SESSION, Kind.THREAD, Kind.RUN, Kind.REQUEST, Kind.CONNECTION, Kind.MESSAGE]

    def mint(self, kind, user):
        return self.desk.new_id(kind.value)

    def mint_context(self, user, operation):
        return ContextIds(user, self.desk.new_id("thread"), self.desk.new_id("run"), self.desk.new_id("request"))

    def restart(self):
        self.desk.numbers.restart()


_thread = threading.local()


class Sockets:
    def __init__(self, desk):
        self.desk = desk

    async def connect(self, handshake):
        loop = asyncio.get_running_loop()
        user = await loop.run_in_executor(self.desk.pool, self.who, handshake.token)
        if user is None:
            raise BackendRefused("unknown token")
        return Connection(self.desk.new_id("connection"), user)

    def who(self, token):
        """Runs in a thread of the pool, because the directory's library blocks."""
        if token in self.desk.tokens:
            _thread.user = self.desk.tokens[token]
        return self.audited("connect")

    def audited(self, act):
        """The user that this thread works for, as the audit library takes it."""
        return getattr(_thread, "user", None)


class CleanUp:
    """Resources in the order in which they were taken, each with the work that holds it."""

    def __init__(self, desk):
        self.desk = desk

    async def register(self, context, resource):
        self.desk.work.append((resource, context))

    async def release(self, user, run):
        await asyncio.sleep(0)
        gone = [one for one in self.desk.work if (one[1].user, one[1].run) == (user, run)]
        self.desk.work[:] = [one for one in self.desk.work if (one[1].user, one[1].run) != (user, run)]
        return [resource for resource, _ in gone]

    async def held(self):
        return dict(self.desk.work)


class DeskBackend(AdapterBackend):
    opaque_ids = True
    remote = False

    def __init__(self):
        desk = Desk()
        self.tokens = Tokens(desk)
        self.sessions = Sessions(desk)
        self.minting = Minting(desk)
        self.sockets = Sockets(desk)
        self.cleanup = CleanUp(desk)
        self.close = desk.pool.shutdown
        self.lacks = {"contexts": "the desk has no dispatcher", "stored": "the desk stores nothing by thread"}


def make():
    return DeskBackend()
