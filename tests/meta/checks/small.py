"""A backend of a few lines, sound and without chance: what it mints can be foretold."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from id_isolation.backend.protocol import BackendRefused, Connection, ContextIds, Handshake, Session
from id_isolation.plan.kinds import Kind

from ..bare import Bare


class Minting:
    """Numbers what it mints, and keeps the operations."""

    def __init__(self) -> None:
        self.numbers = count()
        self.operations: list[str] = []

    def kinds(self) -> list[Kind]:
        return [Kind.SESSION]

    def mint(self, kind: Kind, user: str) -> str:
        return f"{kind}_{user}_{next(self.numbers)}"

    def mint_context(self, user: str, operation: str) -> ContextIds:
        self.operations.append(operation)
        number = next(self.numbers)
        return ContextIds(user, f"thread_{number}", f"run_{number}", f"request_{number}")


class Tokens:
    """A token is its user's name behind a mark."""

    async def issue(self, user: str) -> str:
        return f"token of {user}"

    async def withdraw(self, token: str) -> None:
        """A token names its user for good."""


@dataclass
class Accounts:
    """Sessions and sockets; `fold` says which user a name is taken for, `refused` whom nobody lets in."""

    fold: Any = str
    refused: frozenset[str] = frozenset()
    sessions: list[Session] = field(default_factory=list)

    def user_of(self, token: str) -> str:
        user = token.removeprefix("token of ")
        if user in self.refused:
            raise BackendRefused("not this one")
        return str(self.fold(user))

    async def log_in(self, token: str) -> Session:
        user = self.user_of(token)
        self.sessions.append(Session(user, f"session_of_{user}"))
        return self.sessions[-1]

    async def records(self) -> list[Session]:
        return self.sessions

    async def connect(self, handshake: Handshake) -> Connection:
        user = self.user_of(handshake.token)
        return Connection(handshake.preliminary_id or f"ws_{user}", user)


class Contexts:
    """One dispatcher, which works for nobody."""

    def __init__(self, minting: Minting) -> None:
        self.minting = minting

    async def open_anonymous(self) -> ContextIds:
        return self.minting.mint_context("nobody", "dispatcher")


@dataclass
class Stored:
    """Sessions by user and thread, under `fold`; the users whose sessions were ended are kept."""

    fold: Any = str
    runs: dict[tuple[str, str], str] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)

    async def store(self, user: str, thread: str | None = None) -> ContextIds:
        key = (str(self.fold(user)), thread or "")
        run = self.runs.setdefault(key, f"run_{len(self.runs)}")
        return ContextIds(user, key[1], run, "")

    async def invalidate(self, user: str) -> int:
        self.ended.append(user)
        return 1

    async def find(self, user: str, thread: str) -> str | None:
        return self.runs.get((str(self.fold(user)), thread))

    async def expire(self, max_age_hours: float) -> int:
        return 0


class Small(Bare):
    """All ports but reading, clean-up and matching."""

    def __init__(self, fold: Any = str, refused: frozenset[str] = frozenset(), stored_fold: Any = None) -> None:
        minting = Minting()
        accounts = Accounts(fold, refused)
        super().__init__(
            name="small",
            minting=minting,
            tokens=Tokens(),
            sessions=accounts,
            sockets=accounts,
            contexts=Contexts(minting),
            stored=Stored(stored_fold or fold),
        )
