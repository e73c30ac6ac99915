"""A small chat back end in this process, and the adapter through which it is judged."""

import asyncio
import hashlib
import secrets
import time

from id_isolation.adapters import AdapterBackend, BackendRefused, Connection, ContextIds, Kind, Session


class Store:
    """The truth is a log that only grows; what is true now is read by going through it."""

    def __init__(self):
        self.log = []

    def append(self, *entry):
        self.log.append(entry)

    def owner(self, token):
        user = None
        for kind, *rest in self.log:
            if kind == "token" and rest[0] == token:
                user = rest[1]
        return user

    @property
    def sessions(self):
        now = {}
        for kind, *rest in self.log:
            if kind == "session":
                now[rest[0]] = (rest[1], rest[2])
            elif kind == "token" and rest[1] is None:
                now.pop(digest(rest[0]), None)
        return now

    @property
    def tokens(self):
        return {rest[0]: rest[1] for kind, *rest in self.log if kind == "token" and self.owner(rest[0]) == rest[1] is not None}

    @property
    def held(self):
        now = {}
        for kind, *rest in self.log:
            if kind == "held":
                now[rest[1]] = rest[0]
            elif kind == "released":
                now.pop(rest[0], None)
        return now


def digest(token):
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class Tokens:
    def __init__(self, store):
        self.store = store

    async def issue(self, user):
        token = secrets.token_urlsafe(24)
        self.store.append("token", token, user)
        return token

    async def withdraw(self, token):
        self.store.append("token", token, None)

    async def reassign(self, token, user):
        self.store.append("token", token, user)


class Sessions:
    def __init__(self, store):
        self.store = store

    async def log_in(self, token):
        await asyncio.sleep(0)
        user, key = self.store.owner(token), digest(token)
        if user is None:
            raise BackendRefused("the token is not valid")
        record = self.store.sessions.get(key)
        if record is None or record[0] != user:
            record = (user, secrets.token_hex(16))
            self.store.append("session", key, *record)
        return Session(user, record[1], key)

    async def records(self):
        return [Session(user, session, key) for key, (user, session) in self.store.sessions.items()]


class Minting:
    def kinds(self):
        return [Kind.SESSION]

    def mint(self, kind, user):
        return secrets.token_hex(16)

    def mint_context(self, user, operation):
        return ContextIds(user, secrets.token_hex(16), secrets.token_hex(16), secrets.token_hex(16))

    def restart(self):
        pass


class Sockets:
    def __init__(self, store):
        self.store = store

    async def connect(self, handshake):
        await asyncio.sleep(0)
        user = self.store.owner(handshake.token)
        if user is None:
            raise BackendRefused("the token is not valid")
        return Connection(secrets.token_hex(16), user)


class CleanUp:
    def __init__(self, store):
        self.store = store

    async def register(self, context, resource):
        await asyncio.sleep(0)
        self.store.append("held", context, resource)

    async def release(self, user, run):
        await asyncio.sleep(0)
        mine = [one for one, context in self.store.held.items() if (context.user, context.run) == (user, run)]
        for one in mine:
            self.store.append("released", one)
        return mine

    async def held(self):
        return dict(self.store.held)


class Backend(AdapterBackend):
    opaque_ids = True
    remote = False

    def __init__(self):
        store = self.store = Store()
        self.tokens = Tokens(store)
        self.sessions = Sessions(store)
        self.minting = Minting()
        self.sockets = Sockets(store)
        self.cleanup = CleanUp(store)
        self.lacks = {"contexts": "the system has no dispatcher", "stored": "the system stores nothing by thread"}


def make():
    return Backend()
