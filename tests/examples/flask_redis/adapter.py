"""Judges Flask-Session over Redis: id-isolation run --backend adapter:FlaskRedis, in this directory.

Needs `pip install "id-isolation-suite[examples]"`, and the program redis-server.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Collection

from application import create_app, token_key
from flask_session.redis import RedisSessionInterface
from redis import Redis

from id_isolation.adapters import (
    AdapterBackend,
    BackendBroke,
    BackendRefused,
    Kind,
    ServerProcess,
    Session,
    free_port,
)


class FlaskRedis(AdapterBackend):
    remote = True

    def __init__(self) -> None:
        if shutil.which("redis-server") is None:
            raise BackendBroke("there is no program redis-server; install it (Debian: apt-get install redis-server)")
        port = free_port()
        command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._server = ServerProcess.listening(command, port)
        self.close = self._server.close
        self._redis = Redis(port=port)
        self._app = create_app(self._redis)
        self._interface: RedisSessionInterface = self._app.session_interface
        self.tokens = self.sessions = self
        self.lacks = {
            "minting": "Flask-Session mints session IDs alone, and has no threads or runs",
            "reading": "Flask-Session's IDs are opaque",
            "contexts": "Flask has no dispatcher",
            "sockets": "Flask has no WebSockets",
            "cleanup": "Flask-Session holds nothing for a run",
            "stored": "Flask-Session stores nothing by thread",
        }

    async def issue(self, user: str) -> str:
        token = secrets.token_urlsafe(24)
        await self.reassign(token, user)
        return token

    async def withdraw(self, token: str) -> None:
        self._redis.delete(token_key(token))

    async def reassign(self, token: str, user: str) -> None:
        self._redis.set(token_key(token), user.encode("utf-8", "surrogatepass"))

    async def log_in(self, token: str) -> Session:
        try:
            headers = {"Authorization": f"Bearer {token}"}
            answer = self._app.test_client().post("/login", headers=headers)
        except ValueError as error:
            raise BackendRefused(f"no HTTP header can hold such a token: {error}") from error
        if answer.status_code == 401:
            raise BackendRefused(answer.status)
        if answer.status_code != 200:
            raise BackendBroke(f"POST /login answered {answer.status}")
        told = answer.get_json()
        return Session(told["user"], told["session"], f"session:{told['session']}", {"user_id": told["user"]})

    async def records(self) -> Collection[Session]:
        """Read from Redis itself, and decoded as Flask-Session has encoded them."""
        found = []
        for key in self._redis.scan_iter("session:*", count=1000):
            stored = self._redis.get(key)
            data = self._interface.serializer.decode(stored) if stored else {}
            if "user" in data:
                name = key.decode()
                found.append(Session(data["user"], name.removeprefix("session:"), name))
        return found

    async def owner_of(self, kind: Kind, text: str) -> str | None:
        stored = self._redis.get(f"session:{text}")
        return self._interface.serializer.decode(stored)["user"] if stored else None
