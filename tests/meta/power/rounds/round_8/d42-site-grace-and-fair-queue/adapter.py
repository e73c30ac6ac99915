"""A served WebSocket site: one queue for all users with fair turns, and lines numbered; the suite speaks to the real server."""

from __future__ import annotations

import http.client
import json
import secrets
import sys
from pathlib import Path

from id_isolation.adapters import AdapterBackend, BackendBroke, BackendRefused, ServedSite, ServerProcess, Session, free_port, units

HERE = Path(__file__).parent


class make(AdapterBackend):
    remote = True

    def __init__(self):
        self.port, self._key = free_port(), secrets.token_hex(16)
        command = [sys.executable, "-m", "uvicorn", "site_server:app", "--app-dir", str(HERE), "--port", str(self.port)]
        server = ServerProcess.listening([*command, "--log-level", "warning"], self.port, {"ADMIN_KEY": self._key})
        self.close = server.close
        self.site = ServedSite(f"ws://127.0.0.1:{self.port}/ws", held=self._held, server=server)
        self.tokens = self.sessions = self
        self.lacks = {
            "minting": "the server mints where it needs an ID", "reading": "the IDs are opaque", "contexts": "there is no dispatcher",
            "sockets": "real sockets only", "cleanup": "all is bound to the lines", "stored": "nothing is stored by thread",
        }

    def _ask(self, method, path, headers, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=units(5))
        try:
            connection.request(method, path, None if body is None else json.dumps(body), dict(headers))
            answer = connection.getresponse()
            told = answer.read()
        except (ValueError, http.client.InvalidURL) as error:
            raise BackendRefused(f"no header can hold this: {error}") from error
        finally:
            connection.close()
        if answer.status == 401:
            raise BackendRefused("401")
        if answer.status >= 400:
            raise BackendBroke(f"{method} {path} answered {answer.status}")
        return json.loads(told) if told else None

    def _state(self):
        return self._ask("GET", "/state", {"x-admin-key": self._key})

    async def _held(self):
        state = self._state()
        return {"connections": len(state["connections"]), "runs": len(state["runs"])}

    async def issue(self, user):
        token = secrets.token_urlsafe(24)
        await self.reassign(token, user)
        return token

    async def withdraw(self, token):
        self._ask("POST", "/token", {"x-admin-key": self._key}, {"token": token, "user": None})

    async def reassign(self, token, user):
        self._ask("POST", "/token", {"x-admin-key": self._key}, {"token": token, "user": user})

    async def log_in(self, token):
        told = self._ask("POST", "/login", {"Authorization": f"Bearer {token}"})
        return Session(told["user"], told["session"], told["session"], {"user_id": told["user"]})

    async def records(self):
        return [Session(one["user"], name, name) for name, one in self._state()["sessions"].items()]

    async def owner_of(self, kind, text):
        return self._state()["connections"].get(text)
