"""Everything is a log of facts; what is held is folded from it, and cached by the log's version."""

from __future__ import annotations

import secrets
import threading
import time

from id_isolation.adapters import AdapterBackend, BackendRefused, Connection, ContextIds, Kind, Session

COMPACT_AT = 256


class Log:
    """Facts in their order. Ends are facts as well (tombstones); compaction drops a thing together with its end."""

    def __init__(self):
        self.lock = threading.RLock()
        self.facts = []
        self.version = 0
        self._cache = {}

    def add(self, kind, key, **data):
        with self.lock:
            self.version += 1
            self.facts.append((self.version, kind, key, data))
            if len(self.facts) >= COMPACT_AT:
                self._compact()

    def _compact(self):
        ended = {(kind.removeprefix("end-"), key): number for number, kind, key, _ in self.facts if kind.startswith("end-")}
        self.facts = [
            fact
            for fact in self.facts
            if not fact[1].startswith("end-") and ended.get((fact[1], fact[2]), 0) < fact[0]
        ]

    def live(self, kind):
        """What was said of this kind and not ended since; by key, in order."""
        with self.lock:
            version, view = self._cache.get(kind, (-1, {}))
            if version != self.version:
                view = {}
                for _, said, key, data in self.facts:
                    if said == kind:
                        view[key] = data
                    elif said == f"end-{kind}":
                        view.pop(key, None)
                self._cache[kind] = self.version, view
            return dict(view)


class make(AdapterBackend):
    def __init__(self):
        self.lacks = {"contexts": "there is no dispatcher", "stored": "nothing is stored by thread", "reading": "the IDs are opaque"}
        self.log = Log()
        self.tokens = self.sessions = self.minting = self.sockets = self.cleanup = self

    async def issue(self, user):
        token = secrets.token_urlsafe(24)
        self.log.add("token", token, user=user)
        return token

    async def withdraw(self, token):
        with self.log.lock:
            self.log.add("end-session", token)
            self.log.add("end-token", token)

    async def reassign(self, token, user):
        with self.log.lock:
            self.log.add("end-session", token)
            self.log.add("token", token, user=user)

    async def log_in(self, token):
        with self.log.lock:
            known = self.log.live("token").get(token)
            if known is None:
                raise BackendRefused("unknown token")
            session = self.log.live("session").get(token)
            if session is None or session["user"] != known["user"]:
                session = {"user": known["user"], "id": self.mint(Kind.SESSION, known["user"]), "at": time.time()}
                self.log.add("session", token, **session)
        return Session(session["user"], session["id"], token, {"user_id": session["user"]})

    async def records(self):
        return [Session(one["user"], one["id"], token) for token, one in self.log.live("session").items()]

    async def owner_of(self, kind, text):
        for one in self.log.live("session").values():
            if one["id"] == text:
                return one["user"]
        return None

    def kinds(self):
        return [Kind.SESSION, Kind.CONNECTION]

    def mint(self, kind, user):
        # In the manner of UUID 7: the moment first, so that an index grows at its end.
        return f"{time.time_ns() // 1_000_000:012x}-{secrets.token_hex(10)}"

    def mint_context(self, user, operation):
        return ContextIds(user, *(self.mint(None, user) for _ in range(3)))

    def restart(self):
        """Nothing counts here."""

    async def connect(self, handshake):
        return Connection(self.mint(Kind.CONNECTION, ""), (await self.log_in(handshake.token)).user)

    async def register(self, context, resource):
        self.log.add("hold", (context.user, context.run, resource), context=context)

    async def release(self, user, run):
        with self.log.lock:
            mine = [key for key in self.log.live("hold") if key[:2] == (user, run)]
            for key in mine:
                self.log.add("end-hold", key)
        return [resource for _, _, resource in mine]

    async def held(self):
        return {resource: data["context"] for (_, _, resource), data in self.log.live("hold").items()}
