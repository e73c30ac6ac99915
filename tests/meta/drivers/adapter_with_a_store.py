"""A shop whose sessions lie in files, in SQLite or in Redis, as an adapter; SHOP_STORE and SHOP_HOME say where.

`sound` reads the store each time, `cached` remembers in its process what it once read, and `alone` keeps all to itself.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
import sys
import time
from collections.abc import Callable, Collection, Iterator, MutableMapping
from pathlib import Path
from typing import Any

from id_isolation.adapters import AdapterBackend, BackendRefused, ContextIds, ServerProcess, Session

HOME = Path(os.environ["SHOP_HOME"])


class Files(MutableMapping[str, str]):
    """A file for each key."""

    def __init__(self) -> None:
        self._folder = HOME / "shop"
        self._folder.mkdir(exist_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / key.encode("utf-8", "surrogatepass").hex()

    def __getitem__(self, key: str) -> str:
        try:
            return self._path(key).read_text("utf-8")
        except OSError:
            raise KeyError(key) from None

    def __setitem__(self, key: str, value: str) -> None:
        draft = HOME / f"draft.{secrets.token_hex(8)}"
        draft.write_text(value, "utf-8")
        draft.replace(self._path(key))

    def __delitem__(self, key: str) -> None:
        self._path(key).unlink()

    def __iter__(self) -> Iterator[str]:
        return iter([bytes.fromhex(path.name).decode("utf-8", "surrogatepass") for path in self._folder.iterdir()])

    def __len__(self) -> int:
        return len(list(self._folder.iterdir()))


class Sqlite(MutableMapping[str, str]):
    """A table of keys and values; each use opens the file, so that nothing is carried over a fork."""

    def __init__(self) -> None:
        self._do("create table if not exists shop (key blob primary key, value text)")

    def _do(self, statement: str, *given: object) -> list[tuple[bytes, str]]:
        connection = sqlite3.connect(HOME / "shop.sqlite", timeout=10, isolation_level=None)
        try:
            return connection.execute(statement, given).fetchall()
        finally:
            connection.close()

    @staticmethod
    def _bytes(key: str) -> bytes:
        return key.encode("utf-8", "surrogatepass")

    def __getitem__(self, key: str) -> str:
        for _, value in self._do("select key, value from shop where key = ?", self._bytes(key)):
            return value
        raise KeyError(key)

    def __setitem__(self, key: str, value: str) -> None:
        self._do("insert or replace into shop values (?, ?)", self._bytes(key), value)

    def __delitem__(self, key: str) -> None:
        self._do("delete from shop where key = ?", self._bytes(key))

    def __iter__(self) -> Iterator[str]:
        return iter([key.decode("utf-8", "surrogatepass") for key, _ in self._do("select key, value from shop")])

    def __len__(self) -> int:
        return len(self._do("select key, value from shop"))


class Redis(MutableMapping[str, str]):
    """Keys of a Redis; each use connects anew, so that nothing is carried over a fork."""

    def _client(self) -> Any:
        import redis

        return redis.Redis(port=int(os.environ["SHOP_REDIS"]), single_connection_client=True)

    @staticmethod
    def _bytes(key: str) -> bytes:
        return key.encode("utf-8", "surrogatepass")

    def __getitem__(self, key: str) -> str:
        with self._client() as client:
            value = client.get(self._bytes(key))
        if value is None:
            raise KeyError(key)
        return str(value.decode())

    def __setitem__(self, key: str, value: str) -> None:
        with self._client() as client:
            client.set(self._bytes(key), value)

    def __delitem__(self, key: str) -> None:
        with self._client() as client:
            client.delete(self._bytes(key))

    def __iter__(self) -> Iterator[str]:
        with self._client() as client:
            return iter([key.decode("utf-8", "surrogatepass") for key in client.scan_iter()])

    def __len__(self) -> int:
        with self._client() as client:
            return int(client.dbsize())


class Cached(MutableMapping[str, str]):
    """A store whose every value a process remembers, and drops when it deletes it itself."""

    def __init__(self, store: MutableMapping[str, str]) -> None:
        self._store = store
        self._read: dict[str, str] = {}

    def __getitem__(self, key: str) -> str:
        if key not in self._read:
            self._read[key] = self._store[key]
        return self._read[key]

    def __setitem__(self, key: str, value: str) -> None:
        self._store[key] = self._read[key] = value

    def __delitem__(self, key: str) -> None:
        self._read.pop(key, None)
        del self._store[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._store)

    def __len__(self) -> int:
        return len(self._store)


class Shop(AdapterBackend):
    """Tokens, log-ins and stored sessions, each an entry of the store."""

    def __init__(self, store: MutableMapping[str, str], remote: bool) -> None:
        self.remote = remote
        self._store = store
        self.tokens = self.sessions = self.stored = self

    async def owner_of(self, kind: object, text: str) -> str | None:
        for key, value in self._entries("session:"):
            if key == text:
                return str(json.loads(value)["user"])
        return None

    def _entries(self, prefix: str) -> list[tuple[str, str]]:
        keys = [key for key in self._store if key.startswith(prefix)]
        found = [(key.removeprefix(prefix), self._store.get(key)) for key in keys]
        return [(key, value) for key, value in found if value is not None]

    async def issue(self, user: str) -> str:
        token = f"tok.{secrets.token_hex(16)}"
        self._store[f"token:{token}"] = json.dumps({"user": user, "session": ""})
        return token

    async def withdraw(self, token: str) -> None:
        entry = json.loads(self._store.get(f"token:{token}") or "{}")
        self._drop(f"token:{token}")
        self._drop(f"session:{entry.get('session')}")

    async def reassign(self, token: str, user: str) -> None:
        raise BackendRefused("a token is never another user's")

    def _drop(self, key: str) -> None:
        if key in self._store:
            del self._store[key]

    async def log_in(self, token: str) -> Session:
        found = self._store.get(f"token:{token}")
        if found is None:
            raise BackendRefused("401")
        entry = json.loads(found)
        if not entry["session"]:
            entry["session"] = secrets.token_hex(16)
            self._store[f"token:{token}"] = json.dumps(entry)
            self._store[f"session:{entry['session']}"] = json.dumps({"user": entry["user"]})
        return Session(entry["user"], entry["session"])

    async def records(self) -> Collection[Session]:
        return [Session(json.loads(value)["user"], key) for key, value in self._entries("session:")]

    @staticmethod
    def _key(user: str, thread: str | None) -> str:
        return f"stored:{json.dumps([user, thread])}"

    async def store(self, user: str, thread: str | None = None) -> ContextIds:
        found = self._store.get(self._key(user, thread))
        if found is None:
            ids = [f"{kind}_{secrets.token_hex(8)}" for kind in ("thread", "run")]
            found = json.dumps([*ids, time.time()])
            self._store[self._key(user, thread)] = found
        own, run, _ = json.loads(found)
        return ContextIds(user, own, run, f"request_{secrets.token_hex(8)}")

    async def find(self, user: str, thread: str) -> str | None:
        found = self._store.get(self._key(user, thread))
        return json.loads(found)[1] if found is not None else None

    async def invalidate(self, user: str) -> int:
        mine = [key for key, _ in self._entries("stored:") if json.loads(key)[0] == user]
        for key in mine:
            self._drop(f"stored:{key}")
        return len(mine)

    async def expire(self, older_than_hours: float) -> int:
        oldest = time.time() - older_than_hours * 3600
        old = [key for key, value in self._entries("stored:") if json.loads(value)[2] < oldest]
        for key in old:
            self._drop(f"stored:{key}")
        return len(old)


def _shared() -> MutableMapping[str, str]:
    stores: dict[str, Callable[[], MutableMapping[str, str]]] = {"files": Files, "sqlite": Sqlite, "redis": Redis}
    return stores[os.environ["SHOP_STORE"]]()


def sound() -> Shop:
    """Reads the shared store each time."""
    return Shop(_shared(), remote=True)


def cached() -> Shop:
    """Remembers what it once read of the shared store."""
    return Shop(Cached(_shared()), remote=True)


def serving() -> Shop:
    """Starts a server in its process, and so would a second one."""
    shop = sound()
    server = ServerProcess([sys.executable, "-c", "import time; time.sleep(600)"], lambda: True)
    shop.close = server.close  # type: ignore[attr-defined]
    return shop


def alone() -> Shop:
    """Keeps everything in its own process."""
    return Shop({}, remote=False)
