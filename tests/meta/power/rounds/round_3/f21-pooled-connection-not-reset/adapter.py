"""A service over a pool of database connections, each of which stands for a user while it is used."""

import asyncio
import secrets
import threading

from id_isolation.adapters import AdapterBackend, BackendRefused, Connection, ContextIds, Kind, Session


class Refused(Exception):
    """The service says no."""


class DbConnection:
    """A connection to the database, whose rows are seen by the user that it stands for (row level security)."""

    def __init__(self):
        self.user = None


class Pool:
    def __init__(self, size):
        self.free = [DbConnection() for _ in range(size)]

    def take(self):
        return self.free.pop() if self.free else DbConnection()

    def give_back(self, connection):
        self.free.append(connection)


class Service:
    def __init__(self):
        self.lock = threading.Lock()
        self.owner = {}  # token -> [user, whether it is revoked]
        self.pool = Pool(4)
        self.sessions = {}
        self.kept = {}

    def new_id(self, kind):
        return f"{kind}-{secrets.token_hex(10)}"

    def begin(self, user):
        return self.new_id("thread"), self.new_id("run")

    def restart(self):
        pass

    def issue(self, user):
        token = secrets.token_urlsafe(24)
        self.owner[token] = [user, False]
        return token

    def withdraw(self, token):
        if token in self.owner:
            self.owner[token][1] = True
        self.sessions.pop(token, None)

    async def who(self, connection, token):
        """Whom the token stands for; from now on the connection sees this user's rows."""
        row = self.owner.get(token)
        await asyncio.sleep(0)
        if row is None:
            raise Refused("unknown token")
        if connection.user is None:  # else it is set already: nested calls share their connection
            connection.user = row[0]
        if row[1]:
            raise Refused("this token was withdrawn")
        return connection.user

    async def as_user(self, token, work):
        connection = self.pool.take()
        try:
            user = await self.who(connection, token)
            result = work(user)
            connection.user = None
        finally:
            self.pool.give_back(connection)
        return result

    async def log_in(self, token):
        def work(user):
            return self.sessions.setdefault(token, {"user": user, "id": self.new_id("session"), "key": token})
        return await self.as_user(token, work)

    def all_sessions(self):
        return list(self.sessions.values())

    async def connect(self, token):
        return await self.as_user(token, lambda user: (self.new_id("line"), user))

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
