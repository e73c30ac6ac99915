"""Short IDs that people can read out: every user has numbers of their own, and every start of the process an epoch."""

from __future__ import annotations

import secrets
import threading
from collections import defaultdict

from id_isolation.adapters import AdapterBackend, BackendRefused, Connection, ContextIds, Kind, Session

LETTERS = {"session": "s", "connection": "c", "thread": "t", "run": "r", "request": "q"}


class Numbers:
    """`s12.u7.e3`: the twelfth session of user 7 since the third start. An ID is a name here, and never a key to anything."""

    def __init__(self):
        self._lock = threading.Lock()
        self._users = {}
        self._next = defaultdict(int)
        self._epoch = 1

    def give(self, kind, user):
        with self._lock:
            number = self._users.setdefault(user, len(self._users) + 1)
            self._next[number, kind] += 1
            return f"{LETTERS[kind]}{self._next[number, kind]}.u{number}.e{self._epoch}"

    def start_again(self):
        """The users' numbers and the epoch are in the database; the counts are not."""
        with self._lock:
            self._next.clear()
            self._epoch += 1


class make(AdapterBackend):
    def __init__(self):
        self.lacks = {"contexts": "there is no dispatcher", "stored": "nothing is stored by thread", "reading": "only people read the IDs"}
        self.numbers = Numbers()
        self._lock = threading.Lock()
        self._tokens, self._sessions = {}, {}
        self._runs = {}
        self.tokens = self.sessions = self.minting = self.sockets = self.cleanup = self

    async def issue(self, user):
        token = secrets.token_urlsafe(24)
        self._tokens[token] = user
        return token

    async def withdraw(self, token):
        with self._lock:
            self._tokens.pop(token, None)
            self._sessions.pop(token, None)

    async def reassign(self, token, user):
        with self._lock:
            if token in self._tokens:
                self._tokens[token] = user
                self._sessions.pop(token, None)

    async def log_in(self, token):
        with self._lock:
            user = self._tokens.get(token)
            if user is None:
                raise BackendRefused("unknown token")
            if token not in self._sessions:
                self._sessions[token] = user, self.numbers.give("session", user)
            user, name = self._sessions[token]
        return Session(user, name, token, {"user_id": user})

    async def records(self):
        with self._lock:
            return [Session(user, name, token) for token, (user, name) in self._sessions.items()]

    async def owner_of(self, kind, text):
        with self._lock:
            return next((user for user, name in self._sessions.values() if name == text), None)

    def kinds(self):
        return [Kind.SESSION, Kind.CONNECTION]

    def mint(self, kind, user):
        return self.numbers.give(getattr(kind, "value", kind), user)

    def mint_context(self, user, operation):
        return ContextIds(user, *(self.numbers.give(kind, user) for kind in ("thread", "run", "request")))

    def restart(self):
        self.numbers.start_again()

    async def connect(self, handshake):
        user = (await self.log_in(handshake.token)).user
        return Connection(self.numbers.give("connection", user), user)

    async def register(self, context, resource):
        with self._lock:
            self._runs.setdefault((context.user, context.run), {})[resource] = context

    async def release(self, user, run):
        with self._lock:
            return list(self._runs.pop((user, run), {}))

    async def held(self):
        with self._lock:
            return {resource: context for things in self._runs.values() for resource, context in things.items()}
