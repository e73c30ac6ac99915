"""A chat backend whose author has never heard of the suite."""

import asyncio
import secrets
import threading


class Denied(Exception):
    pass


class Chat:
    def __init__(self):
        self._lock = threading.Lock()
        self._count = 0
        self.tokens = {}
        self.sessions = {}
        self.open_work = {}

    def new_id(self, kind):
        with self._lock:
            self._count += 1
            number = self._count
        return f"{kind}-{number}-{secrets.token_hex(8)}"

    def sign_up(self, user):
        token = secrets.token_urlsafe(24)
        self.tokens[token] = user
        return token

    def sign_off(self, token):
        self.tokens.pop(token, None)
        self.sessions.pop(token, None)

    async def log_in(self, token):
        user = self.tokens.get(token)
        await asyncio.sleep(0)
        if user is None:
            raise Denied("unknown token")
        if token not in self.sessions:
            self.sessions[token] = {"id": self.new_id("session"), "user": user}
        return self.sessions[token]

    async def connect(self, token):
        user = (await self.log_in(token))["user"]
        return self.new_id("line"), user

    def begin(self, user, topic):
        return {"user": user, "thread": self.new_id("thread"), "run": self.new_id("run"), "topic": topic}

    def attach(self, work, thing):
        self.open_work.setdefault((work["user"], work["run"]), []).append((thing, work))

    def finish(self, user, run):
        return [thing for thing, _ in self.open_work.pop((user, run), [])]
