"""A small chat back end in this process, and the adapter through which it is judged."""

import asyncio
import hashlib
import secrets
import time

from id_isolation.adapters import AdapterBackend, BackendRefused, Connection, ContextIds, Kind, Session


class Replica:
    """A copy for reading, near the workers; it takes over what changed on the primary every half second."""

    lag = 0.5

    def __init__(self):
        self.rows = {}

    def owner(self, primary, token):
        user, at = self.rows.get(token, (None, 0.0))
        if user is None or time.monotonic() - at > self.lag:
            user, at = self.rows[token] = primary[token], time.monotonic()
        return user


class Store:
    """The system's truth: tokens, session records, and what runs hold."""

    def __init__(self):
        self.tokens = {}
        self.replica = Replica()
        self.sessions = {}
        self.held = {}


def digest(token):
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class Tokens:
    def __init__(self, store):
        self.store = store

    async def issue(self, user):
        token = secrets.token_urlsafe(24)
        self.store.tokens[token] = user
        return token

    async def withdraw(self, token):
        self.store.tokens.pop(token, None)
        self.store.sessions.pop(digest(token), None)

    async def reassign(self, token, user):
        self.store.tokens[token] = user


class Sessions:
    def __init__(self, store):
        self.store = store

    async def log_in(self, token):
        if token not in self.store.tokens:
            raise BackendRefused("the token is not valid")
        user = self.store.replica.owner(self.store.tokens, token)
        await asyncio.sleep(0)
        key = digest(token)
        record = self.store.sessions.get(key)
        if record is None or record[0] != user:
            record = self.store.sessions[key] = (user, secrets.token_hex(16))
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
        user = self.store.tokens.get(handshake.token)
        await asyncio.sleep(0)
        if user is None:
            raise BackendRefused("the token is not valid")
        return Connection(secrets.token_hex(16), user)


class CleanUp:
    def __init__(self, store):
        self.store = store

    async def register(self, context, resource):
        await asyncio.sleep(0)
        self.store.held[resource] = context

    async def release(self, user, run):
        await asyncio.sleep(0)
        mine = [one for one, context in self.store.held.items() if (context.user, context.run) == (user, run)]
        for one in mine:
            del self.store.held[one]
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
