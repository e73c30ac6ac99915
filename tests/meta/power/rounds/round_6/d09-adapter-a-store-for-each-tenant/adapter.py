"""A system in which each user has a store of their own, judged through an adapter."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
import threading

from id_isolation.adapters import AdapterBackend, BackendRefused, Connection, ContextIds, Kind, Session


class Tenant:
    """Everything of one user."""

    def __init__(self, user):
        self.user = user
        self.sessions = {}
        self.held = {}


class House:
    """The tenants, and which token opens whose door; a tenant without anything is not kept."""

    def __init__(self):
        self.lock = threading.RLock()
        self.doors = {}
        self.tenants = {}

    def tenant(self, user):
        return self.tenants.setdefault(user, Tenant(user))

    def leave(self, user):
        tenant = self.tenants.get(user)
        if tenant is not None and not tenant.sessions and not tenant.held:
            del self.tenants[user]


def digest(token):
    return hashlib.blake2b(token.encode("utf-8", "surrogatepass"), digest_size=24).hexdigest()


def new_id(kind):
    return f"{kind[:3]}.{base64.b32encode(secrets.token_bytes(15)).decode().lower()}"


class TenantsBackend(AdapterBackend):
    opaque_ids = True

    def __init__(self):
        self.house = House()
        self.tokens = self.sessions = self.minting = self.sockets = self.cleanup = self
        self.lacks = {"contexts": "there is no dispatcher", "stored": "nothing is stored by thread"}

    # tokens
    async def issue(self, user):
        token = secrets.token_urlsafe(32)
        with self.house.lock:
            self.house.doors[digest(token)] = user
        return token

    async def withdraw(self, token):
        with self.house.lock:
            user = self.house.doors.pop(digest(token), None)
            if user in self.house.tenants:
                self.house.tenants[user].sessions.pop(digest(token), None)
                self.house.leave(user)

    async def reassign(self, token, user):
        await self.withdraw(token)
        with self.house.lock:
            self.house.doors[digest(token)] = user

    # sessions
    async def log_in(self, token):
        await asyncio.sleep(0)
        key = digest(token)
        with self.house.lock:
            user = self.house.doors.get(key)
            if user is None:
                raise BackendRefused("unknown token")
            session = self.house.tenant(user).sessions.setdefault(key, new_id("session"))
        return Session(user, session, key, {"user_id": user})

    async def records(self):
        with self.house.lock:
            return [
                Session(tenant.user, session, key)
                for tenant in self.house.tenants.values()
                for key, session in tenant.sessions.items()
            ]

    # minting
    def kinds(self):
        return [Kind.SESSION, Kind.THREAD, Kind.RUN, Kind.REQUEST, Kind.CONNECTION]

    def mint(self, kind, user):
        return new_id(kind.value)

    def mint_context(self, user, operation):
        return ContextIds(user, new_id("thread"), new_id("run"), new_id("request"))

    def restart(self):
        pass

    # sockets
    async def connect(self, handshake):
        await asyncio.sleep(0)
        user = self.house.doors.get(digest(handshake.token)) if handshake.token else None
        if user is None:
            raise BackendRefused("unknown token")
        return Connection(new_id("connection"), user)

    # clean-up
    async def register(self, context, resource):
        with self.house.lock:
            self.house.tenant(context.user).held.setdefault(context.run, {})[resource] = context

    async def release(self, user, run):
        await asyncio.sleep(0)
        with self.house.lock:
            tenant = self.house.tenants.get(user)
            gone = list(tenant.held.pop(run, {})) if tenant else []
            self.house.leave(user)
            return gone

    async def held(self):
        with self.house.lock:
            return {
                resource: context
                for tenant in self.house.tenants.values()
                for some in tenant.held.values()
                for resource, context in some.items()
            }


def make():
    return TenantsBackend()
