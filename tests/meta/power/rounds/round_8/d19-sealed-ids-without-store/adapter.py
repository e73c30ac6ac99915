"""IDs are sealed: kind, user's number and moment are inside, encrypted and authenticated; looking an owner up opens the seal."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
import time

from id_isolation.adapters import AdapterBackend, BackendRefused, Connection, ContextIds, Kind, Session

KINDS = {kind.value: number for number, kind in enumerate(Kind)}


class Seal:
    """A Feistel network of six rounds over 24 bytes, and eight bytes of HMAC: as short as a UUID pair, and nobody forges one."""

    def __init__(self):
        self._key, self._proof = secrets.token_bytes(32), secrets.token_bytes(32)

    def _mix(self, half, number):
        return hmac.new(self._key, bytes([number]) + half, hashlib.sha256).digest()[:12]

    @staticmethod
    def _xor(one, other):
        return bytes(a ^ b for a, b in zip(one, other, strict=True))

    def close(self, plain):
        left, right = plain[:12], plain[12:]
        for number in range(6):
            left, right = right, self._xor(left, self._mix(right, number))
        body = left + right
        return body + hmac.new(self._proof, body, hashlib.sha256).digest()[:8]

    def open(self, sealed):
        body, proof = sealed[:24], sealed[24:]
        if len(sealed) != 32 or not hmac.compare_digest(proof, hmac.new(self._proof, body, hashlib.sha256).digest()[:8]):
            return None
        left, right = body[:12], body[12:]
        for number in reversed(range(6)):
            left, right = self._xor(right, self._mix(left, number)), left
        return left + right


class make(AdapterBackend):
    def __init__(self):
        self.lacks = {"contexts": "there is no dispatcher", "stored": "nothing is stored by thread", "reading": "the IDs are sealed"}
        self._seal, self._lock = Seal(), threading.Lock()
        self._count, self._boot = 0, 1
        self._numbers, self._names = {}, {}
        self._tokens, self._sessions, self._open = {}, {}, {}
        self.tokens = self.sessions = self.minting = self.sockets = self.cleanup = self

    # users are numbers, given in the order in which they come
    def _number(self, user):
        with self._lock:
            number = self._numbers.setdefault(user, len(self._numbers) + 1)
            self._names[number] = user
            return number

    def kinds(self):
        return [Kind.SESSION, Kind.CONNECTION, Kind.MESSAGE]

    def mint(self, kind, user):
        number = self._number(user)
        with self._lock:
            self._count = (self._count + 1) % 2**24
            count, boot = self._count, self._boot
        plain = b"".join(
            (
                bytes([KINDS[getattr(kind, "value", kind)]]),
                number.to_bytes(4, "big"),
                (time.time_ns() // 1_000_000 % 2**48).to_bytes(6, "big"),
                boot.to_bytes(3, "big"),
                count.to_bytes(3, "big"),
                secrets.token_bytes(7),
            )
        )
        return base64.b32encode(self._seal.close(plain)).decode().rstrip("=").lower()

    def mint_context(self, user, operation):
        return ContextIds(user, *(self.mint(kind, user) for kind in (Kind.THREAD, Kind.RUN, Kind.REQUEST)))

    def restart(self):
        with self._lock:
            self._count, self._boot = 0, self._boot + 1

    async def owner_of(self, kind, text):
        """Opens the seal; only an ID that is still in use leads anywhere."""
        try:
            plain = self._seal.open(base64.b32decode(text.upper() + "=" * (-len(text) % 8)))
        except (ValueError, UnicodeError):
            return None
        if plain is None or plain[0] != KINDS[getattr(kind, "value", kind)]:
            return None
        if kind == Kind.SESSION and all(session["id"] != text for session in self._sessions.values()):
            return None
        return self._names.get(int.from_bytes(plain[1:5], "big"))

    async def issue(self, user):
        token = secrets.token_urlsafe(24)
        self._tokens[token] = user
        return token

    async def withdraw(self, token):
        self._tokens.pop(token, None)
        self._sessions.pop(token, None)

    async def reassign(self, token, user):
        raise BackendRefused("a token keeps its user")

    async def log_in(self, token):
        user = self._tokens.get(token)
        if user is None:
            raise BackendRefused("unknown token")
        session = self._sessions.get(token)
        if session is None:
            session = self._sessions[token] = {"id": self.mint(Kind.SESSION, user), "user": user}
        return Session(user, session["id"], token, {"user_id": user})

    async def records(self):
        return [Session(session["user"], session["id"], token) for token, session in self._sessions.items()]

    async def connect(self, handshake):
        user = (await self.log_in(handshake.token)).user
        return Connection(self.mint(Kind.CONNECTION, user), user)

    async def register(self, context, resource):
        self._open.setdefault(context.run, {"user": context.user, "things": []})["things"].append((resource, context))

    async def release(self, user, run):
        work = self._open.get(run)
        if work is None or work["user"] != user:
            return []
        del self._open[run]
        return [resource for resource, _ in work["things"]]

    async def held(self):
        return {resource: context for work in self._open.values() for resource, context in work["things"]}
