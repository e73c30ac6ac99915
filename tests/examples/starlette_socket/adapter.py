"""Judges a Starlette application behind uvicorn: id-isolation run --backend adapter:StarletteSocket, in this directory.

Needs `pip install "id-isolation-suite[examples]"`.
"""

from __future__ import annotations

import http.client
import json
import secrets
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from id_isolation.adapters import (
    AdapterBackend,
    BackendBroke,
    BackendRefused,
    Kind,
    ServedSite,
    ServerProcess,
    Session,
    free_port,
    units,
)

HERE = Path(__file__).parent
# A line that answers no ping for so long is dead; short, so that the check of half-open lines need not wait.
PING_SECONDS = "0.3"


class StarletteSocket(AdapterBackend):
    remote = True

    def __init__(self) -> None:
        self._port, self._key = free_port(), secrets.token_hex(16)
        command = [
            sys.executable,
            "-m",
            "uvicorn",
            "application:app",
            "--app-dir",
            str(HERE),
            "--port",
            str(self._port),
        ]
        pings = ["--ws-ping-interval", PING_SECONDS, "--ws-ping-timeout", PING_SECONDS]
        limits = ["--ws-max-size", "65536", "--log-level", "warning"]
        server = ServerProcess.listening([*command, *pings, *limits], self._port, {"ADMIN_KEY": self._key})
        self.close = server.close
        self.site = ServedSite(f"ws://127.0.0.1:{self._port}/ws", held=self._held, server=server)
        self.tokens = self.sessions = self
        self.lacks = {
            "minting": "the application mints where it needs an ID, and has no generator",
            "reading": "the application's IDs are opaque",
            "contexts": "Starlette has no dispatcher",
            "sockets": "the application authenticates real sockets only, which the checks of events open",
            "cleanup": "what the application holds is bound to its sockets",
            "stored": "the application stores nothing by thread",
        }

    def _ask(self, method: str, path: str, headers: Mapping[str, str], body: Any = None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=units(5))
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, path, text, dict(headers))
            answer = connection.getresponse()
            told = answer.read()
        except (ValueError, http.client.InvalidURL) as error:
            raise BackendRefused(f"no HTTP header can hold this: {error}") from error
        finally:
            connection.close()
        if answer.status == 401:
            raise BackendRefused("401 Unauthorized")
        if answer.status >= 400:
            raise BackendBroke(f"{method} {path} answered {answer.status}")
        return json.loads(told) if told else None

    def _state(self) -> Any:
        return self._ask("GET", "/state", {"x-admin-key": self._key})

    async def _held(self) -> Mapping[str, int]:
        state = self._state()
        return {"connections": len(state["connections"]), "runs": len(state["runs"])}

    async def issue(self, user: str) -> str:
        token = secrets.token_urlsafe(24)
        await self.reassign(token, user)
        return token

    async def withdraw(self, token: str) -> None:
        self._ask("POST", "/token", {"x-admin-key": self._key}, {"token": token, "user": None})

    async def reassign(self, token: str, user: str) -> None:
        self._ask("POST", "/token", {"x-admin-key": self._key}, {"token": token, "user": user})

    async def log_in(self, token: str) -> Session:
        told = self._ask("POST", "/login", {"Authorization": f"Bearer {token}"})
        return Session(told["user"], told["session"], told["session"], {"user_id": told["user"]})

    async def records(self) -> Collection[Session]:
        """Read from the server's own dict, through the operator's door."""
        return [Session(record["user"], name, name) for name, record in self._state()["sessions"].items()]

    async def owner_of(self, kind: Kind, text: str) -> str | None:
        owner: str | None = self._state()["connections"].get(text)
        return owner
