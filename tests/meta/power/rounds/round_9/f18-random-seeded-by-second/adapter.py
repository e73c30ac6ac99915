"""A help desk's back end, and the adapter through which it is judged."""

import asyncio
import hashlib
import random
import secrets
import threading
import time

from id_isolation.adapters import AdapterBackend, BackendRefused, Connection, ContextIds, Kind, Session


class Denied(Exception):
    pass


def digest(token):
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class Desk:
    """Log-in, IDs, lines and the work that is under way, of a help desk."""

    def __init__(self):
        self.lock = threading.Lock()
        self.start()
        self.tokens = {}
        self.sessions = {}
        self.work = []

    def start(self):
        self.count = 0
        self.random = random.Random(int(time.time()))

    def new_id(self, kind):
        with self.lock:
            self.count += 1
            number = self.count
            return f"{kind}-{number}-{self.random.getrandbits(64):016x}"

    # Tokens

    def give_token(self, user):
        token = secrets.token_urlsafe(24)
        self.tokens[token] = user
        return token

    def hand_over(self, token, user):
        self.tokens[token] = user

    def sign_off(self, token):
        self.tokens.pop(token, None)
        self.sessions.pop(digest(token), None)

    async def user_of(self, token):
        await asyncio.sleep(0)
        user = self.tokens.get(token)
        if user is None:
            raise Denied("unknown token")
        return user

    # Sessions and lines

    async def log_in(self, token):
        user = await self.user_of(token)
        record = self.sessions.get(digest(token))
        if record is None or record["user"] != user:
            record = self.sessions[digest(token)] = {"id": self.new_id("session"), "user": user}
        return record

    async def connect(self, token):
        user = await self.user_of(token)
        return self.new_id("line"), user

    # Work

    async def attach(self, context, thing):
        self.work.append((context.user, context.run, thing, context))

    async def flush(self, thing):
        """Writes down what is left of a thing before it goes."""
        await asyncio.sleep(0)

    async def finish(self, user, run):
        gone = [one for one in self.work if one[0] == user and one[1] == run]
        for one in gone:
            await self.flush(one[2])
        self.work = [one for one in self.work if one not in gone]
        return [one[2] for one in gone]


class DeskBackend(AdapterBackend):
    opaque_ids = True
    one_process = False

    def __init__(self):
        self.desk = Desk()
        self.lacks = {"contexts": "the desk has no dispatcher", "stored": "the desk stores nothing by thread"}
        self.tokens = self.sessions = self.minting = self.sockets = self.cleanup = self

    # tokens
    async def issue(self, user):
        return self.desk.give_token(user)

    async def withdraw(self, token):
        self.desk.sign_off(token)

    async def reassign(self, token, user):
        self.desk.hand_over(token, user)

    # sessions
    async def log_in(self, token):
        try:
            record = await self.desk.log_in(token)
        except Denied as error:
            raise BackendRefused(str(error)) from error
        return Session(record["user"], record["id"], digest(token), {"user_id": record["user"]})

    async def records(self):
        return [Session(record["user"], record["id"], key) for key, record in list(self.desk.sessions.items())]

    async def owner_of(self, kind, text):
        for record in list(self.desk.sessions.values()):
            if record["id"] == text:
                return record["user"]
        return None

    # minting
    def kinds(self):
        return [Kind.SESSION, Kind.CONNECTION]

    def mint(self, kind, user):
        return self.desk.new_id(kind)

    def mint_context(self, user, operation):
        return ContextIds(user, self.desk.new_id("thread"), self.desk.new_id("run"), self.desk.new_id("request"))

    def restart(self):
        self.desk.start()

    # sockets
    async def connect(self, handshake):
        try:
            line, user = await self.desk.connect(handshake.token)
        except Denied as error:
            raise BackendRefused(str(error)) from error
        return Connection(line, user)

    # cleanup
    async def register(self, context, resource):
        await self.desk.attach(context, resource)

    async def release(self, user, run):
        return await self.desk.finish(user, run)

    async def held(self):
        return {thing: context for _, _, thing, context in self.desk.work}


def make():
    return DeskBackend()
