"""Signed tokens: nothing is stored until a token is used; names are [a-z0-9]{3,20}; revoked tokens are listed until they expire."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
import threading
import time

from id_isolation.adapters import AdapterBackend, BackendRefused, Connection, ContextIds, Kind, Session

NAME = re.compile(r"[a-z0-9]{3,20}")
LIFE = 8 * 3600


def packed(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Signer:
    def __init__(self):
        self._key = secrets.token_bytes(32)

    def _proof(self, purpose, body):
        return packed(hmac.new(self._key, f"{purpose}:{body}".encode("utf-8", "surrogatepass"), hashlib.sha256).digest())

    def sign(self, **claims):
        body = packed(json.dumps(claims).encode())
        return f"{body}.{self._proof('token', body)}"

    def read(self, token):
        body, _, proof = token.partition(".")
        if not hmac.compare_digest(proof.encode("utf-8", "surrogatepass"), self._proof("token", body).encode()):
            raise BackendRefused("bad signature")
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        if claims["exp"] < time.time():
            raise BackendRefused("expired")
        return claims

    def session_of(self, jti):
        """The same token always names the same session; nobody computes it without the key."""
        return "sess_" + self._proof("session", jti)[:32]


class make(AdapterBackend):
    def __init__(self):
        self.lacks = {
            "contexts": "there is no dispatcher", "stored": "nothing is stored by thread",
            "reading": "the IDs are opaque", "cleanup": "work holds nothing here",
        }
        self._signer, self._lock = Signer(), threading.Lock()
        self._revoked, self._seen = {}, {}
        self.tokens = self.sessions = self.minting = self.sockets = self

    async def issue(self, user):
        if not NAME.fullmatch(user):
            raise BackendRefused("a name has 3 to 20 small letters and digits")
        return self._signer.sign(sub=user, jti=secrets.token_hex(16), exp=time.time() + LIFE)

    async def withdraw(self, token):
        claims = self._signer.read(token)
        with self._lock:
            now = time.time()
            self._revoked = {jti: until for jti, until in self._revoked.items() if until > now}
            self._revoked[claims["jti"]] = claims["exp"]
            self._seen.pop(claims["jti"], None)

    async def reassign(self, token, user):
        raise BackendRefused("a signed token keeps its user")

    def _who(self, token):
        claims = self._signer.read(token)
        with self._lock:
            if claims["jti"] in self._revoked:
                raise BackendRefused("revoked")
            # Stored when first used: the page "where am I logged in" shows it.
            self._seen.setdefault(claims["jti"], {"user": claims["sub"], "first_used": time.time(), "exp": claims["exp"]})
            for jti in [jti for jti, one in self._seen.items() if one["exp"] < time.time()]:
                del self._seen[jti]
        return claims

    async def log_in(self, token):
        claims = self._who(token)
        return Session(claims["sub"], self._signer.session_of(claims["jti"]), claims["jti"], {"user_id": claims["sub"]})

    async def records(self):
        with self._lock:
            return [Session(one["user"], self._signer.session_of(jti), jti) for jti, one in self._seen.items()]

    async def owner_of(self, kind, text):
        return next((one.user for one in await self.records() if one.session_id == text), None)

    def kinds(self):
        return [Kind.SESSION, Kind.CONNECTION]

    def mint(self, kind, user):
        return f"{getattr(kind, 'value', kind)}_{packed(secrets.token_bytes(18))}"

    def mint_context(self, user, operation):
        return ContextIds(user, *(self.mint(kind, user) for kind in ("thread", "run", "request")))

    def restart(self):
        """Nothing counts here."""

    async def connect(self, handshake):
        return Connection(self.mint(Kind.CONNECTION, ""), self._who(handshake.token)["sub"])
