"""A help desk's back end in one process, and its adapter."""

from __future__ import annotations

import asyncio
import contextvars
import itertools
import random
import secrets
import sqlite3
import threading
import time
import zlib

from id_isolation.adapters import AdapterBackend, BackendRefused, Connection, ContextIds, Kind, Session


class Denied(Exception):
    pass


class Desk:
    def __init__(self):
        self.numbers = itertools.count(1)
        self.tokens = {}
        self.sessions = {}
        self.lines = {}
        self.work = {}

    # IDs
    def new_id(self, kind):
        return f"{kind}-{next(self.numbers)}-{secrets.token_hex(8)}"

    def restart(self):
        self.numbers = itertools.count(1)

    def begin(self, user, topic):
        return self.new_id("thread"), self.new_id("run"), self.new_id("request")

    # tokens
    def sign_up(self, user):
        token = secrets.token_urlsafe(24)
        self.tokens[token] = user
        return token

    def sign_off(self, token):
        self.tokens.pop(token, None)
        self.sessions.pop(token, None)

    def hand_over(self, token, user):
        self.tokens[token] = user
        self.sessions.pop(token, None)

    def user_of(self, token):
        user = self.tokens.get(token)
        if user is None:
            raise Denied("unknown token")
        return user

    # sessions
    async def log_in(self, token):
        user = self.user_of(token)
        await self.profile(user)
        if self.user_of(token) != user:
            raise Denied("the token has changed its user just now")
        record = self.sessions.get(token)
        if record is None:
            record = self.sessions[token] = {"id": self.new_id("session"), "user": user}
        return record

    async def profile(self, user):
        await asyncio.sleep(0)
        return {"name": user}

    def all_sessions(self):
        return [(record["user"], record["id"], token) for token, record in self.sessions.items()]

    # sockets
    async def connect(self, token):
        user = (await self.log_in(token))["user"]
        line = self.new_id("line")
        self.lines[line] = user
        return line, user

    # work
    def attach(self, user, thread, run, thing):
        self.work.setdefault((user, run), []).append((thing, thread))

    def finish(self, user, run):
        return [thing for thing, _ in self.work.pop((user, run), [])]

    def all_work(self):
        return [(thing, user, thread, run) for (user, run), held in self.work.items() for thing, thread in held]


class DeskAdapter(AdapterBackend):
    opaque_ids = True
    one_process = True

    def __init__(self):
        self.desk = Desk()
        self.contexts_of = {}
        self.lacks = {"contexts": "the desk has no dispatcher", "stored": "the desk stores nothing by thread"}
        self.minting = self.tokens = self.sessions = self.sockets = self.cleanup = self

    def kinds(self):
        return [Kind.SESSION, Kind.CONNECTION]

    def mint(self, kind, user):
        return self.desk.new_id({Kind.SESSION: "session", Kind.CONNECTION: "line"}[kind])

    def mint_context(self, user, operation):
        return ContextIds(user, *self.desk.begin(user, operation))

    def restart(self):
        self.desk.restart()

    async def issue(self, user):
        return self.desk.sign_up(user)

    async def withdraw(self, token):
        self.desk.sign_off(token)

    async def reassign(self, token, user):
        self.desk.hand_over(token, user)

    async def log_in(self, token):
        try:
            record = await self.desk.log_in(token)
        except Denied as error:
            raise BackendRefused(str(error)) from error
        return Session(record["user"], record["id"], token, {"user_id": record["user"]})

    async def records(self):
        return [Session(*one) for one in self.desk.all_sessions()]

    async def connect(self, handshake):
        try:
            return Connection(*await self.desk.connect(handshake.token))
        except Denied as error:
            raise BackendRefused(str(error)) from error

    async def register(self, context, resource):
        # Only for the answer of `held`, which wants the request too.
        self.contexts_of[context.user, context.run] = context
        self.desk.attach(context.user, context.thread, context.run, resource)

    async def release(self, user, run):
        return self.desk.finish(user, run)

    async def held(self):
        return {thing: self.contexts_of[user, run] for thing, user, _, run in self.desk.all_work()}


def make():
    return DeskAdapter()
