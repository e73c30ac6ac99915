"""One thread owns all state and works orders off one after the other: no locks, no races, whoever asks."""

from __future__ import annotations

import asyncio
import concurrent.futures
import queue
import secrets
import threading
import uuid

from id_isolation.adapters import AdapterBackend, BackendRefused, Connection, ContextIds, Kind, Session

REST = 0.0005


class Actor:
    def __init__(self):
        self._orders = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="actor", daemon=True)
        self._thread.start()

    def _work(self):
        while (order := self._orders.get()) is not None:
            answer, act, arguments = order
            if not answer.set_running_or_notify_cancel():
                continue
            try:
                answer.set_result(act(*arguments))
            except BaseException as error:
                answer.set_exception(error)

    def order(self, act, *arguments):
        answer = concurrent.futures.Future()
        self._orders.put((answer, act, arguments))
        return answer

    def stop(self):
        self._orders.put(None)
        self._thread.join(5)


class State:
    """Touched by the actor's thread alone. Every answer is made for its asker; nothing of this is handed out."""

    def __init__(self):
        self.users_by_token, self.sessions, self.work, self.ended = {}, {}, {}, set()

    def issue(self, user):
        token = secrets.token_urlsafe(24)
        self.users_by_token[token] = user
        return token

    def withdraw(self, token):
        self.users_by_token.pop(token, None)
        self.sessions.pop(token, None)

    def reassign(self, token, user):
        if token not in self.users_by_token:
            raise BackendRefused("unknown token")
        self.sessions.pop(token, None)
        self.users_by_token[token] = user

    def log_in(self, token):
        user = self.users_by_token.get(token)
        if user is None:
            raise BackendRefused("unknown token")
        if token not in self.sessions:
            self.sessions[token] = user, f"sess-{uuid.uuid4()}"
        return user, self.sessions[token][1]

    def all_sessions(self):
        return [(user, name, token) for token, (user, name) in self.sessions.items()]

    def register(self, context, resource):
        self.work.setdefault((context.user, context.thread), {}).setdefault(context.run, []).append((resource, context))

    def release(self, user, run):
        gone = []
        for key in [key for key in self.work if key[0] == user]:
            gone += [resource for resource, _ in self.work[key].pop(run, [])]
            if not self.work[key]:
                del self.work[key]
        return gone

    def held(self):
        return {resource: context for runs in self.work.values() for things in runs.values() for resource, context in things}


class make(AdapterBackend):
    def __init__(self):
        self.lacks = {"contexts": "there is no dispatcher", "stored": "nothing is stored by thread", "reading": "the IDs are opaque"}
        self._actor, self._state = Actor(), State()
        self.close = self._actor.stop
        self.tokens = self.sessions = self.minting = self.sockets = self.cleanup = self

    async def _ask(self, act, *arguments):
        answer = self._actor.order(act, *arguments)
        while not answer.done():
            await asyncio.sleep(REST)
        return answer.result()

    async def issue(self, user):
        return await self._ask(self._state.issue, user)

    async def withdraw(self, token):
        await self._ask(self._state.withdraw, token)

    async def reassign(self, token, user):
        await self._ask(self._state.reassign, token, user)

    async def log_in(self, token):
        user, name = await self._ask(self._state.log_in, token)
        return Session(user, name, token, {"user_id": user})

    async def records(self):
        return [Session(user, name, token) for user, name, token in await self._ask(self._state.all_sessions)]

    def kinds(self):
        return [Kind.SESSION, Kind.CONNECTION]

    def mint(self, kind, user):
        return f"{getattr(kind, 'value', kind)[:4]}-{uuid.uuid4()}"

    def mint_context(self, user, operation):
        return ContextIds(user, *(self.mint(kind, user) for kind in ("thread", "run", "request")))

    def restart(self):
        """Nothing counts here."""

    async def connect(self, handshake):
        user, _ = await self._ask(self._state.log_in, handshake.token)
        return Connection(self.mint(Kind.CONNECTION, user), user)

    async def register(self, context, resource):
        await self._ask(self._state.register, context, resource)

    async def release(self, user, run):
        return await self._ask(self._state.release, user, run)

    async def held(self):
        return await self._ask(self._state.held)
