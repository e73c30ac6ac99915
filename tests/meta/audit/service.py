"""What a service that does everything right would log: any number of events, always the same for a seed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

START = 1_764_547_200.0
"""The first of December 2025, midnight UTC."""


class Service:
    """Users log in, connect, hold runs of five events each on threads of theirs, close, and log out."""

    def __init__(self, seed: int = 1, users: int = 500) -> None:
        self._random = Random(seed)
        self._users = [f"user{number:05d}" for number in range(users)]
        self._counter = 0
        self.at = START

    def tail(self) -> str:
        """Milliseconds, counter and random part of a new ID."""
        self._counter += 1
        return f"{int(self.at * 1000)}_{self._counter}_{self._random.getrandbits(32):08x}"

    def life(self, user: str) -> Iterator[dict[str, Any]]:
        """One user from log-in to log-out, with a connection, three threads and ten runs."""
        session = f"session_auth_{user[:8]}_{self.tail()}"
        connection = f"ws_conn_{user[:8]}_{self.tail()}"
        base = {"user": user, "session": session}
        yield self._event("log-in", **base)
        yield self._event("connect", **base, connection=connection)
        thread = ""
        for number in range(10):
            tail = self.tail()
            if number % 4 == 0:
                thread = f"thread_dispatcher_{tail}"
            ids = {"thread": thread, "run": f"run_dispatcher_{tail}", "request": f"req_dispatcher_{tail}"}
            known = {**base, **ids, "connection": connection}
            yield self._event("open", **base, **ids)
            yield self._event("start", **known)
            for _ in range(5):
                yield self._event("receive", **known)
            yield self._event("release", **known)
        yield self._event("close", **base, connection=connection)
        yield self._event("invalidate", **base)

    def events(self, count: int) -> Iterator[dict[str, Any]]:
        """So many events, or a few more: ten users are under way at any time."""
        lives = [self.life(self._random.choice(self._users)) for _ in range(10)]
        made = 0
        while lives:
            place = self._random.randrange(len(lives))
            event = next(lives[place], None)
            if event is None:
                lives.pop(place)
                if made < count:
                    lives.append(self.life(self._random.choice(self._users)))
                continue
            made += 1
            yield event

    def _event(self, act: str, **known: str) -> dict[str, Any]:
        self.at += self._random.random() / 5
        return {"act": act, "at": round(self.at, 3), **known, "process": 1}


def write(path: Path, events: Iterator[dict[str, Any]] | list[dict[str, Any]]) -> Path:
    """The events as JSON Lines."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(event) + "\n" for event in events)
    return path
