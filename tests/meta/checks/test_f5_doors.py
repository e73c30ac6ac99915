"""Tests of F5 at log-in and the WebSocket: what comes of hostile names that arrive by a token."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

import pytest

from id_isolation.backend.protocol import BackendRefused, Connection, ContextIds, Handshake, Session
from id_isolation.checks.f5_hostile_names import hostile_names_connect_safely, hostile_names_log_in_safely
from id_isolation.plan.kinds import Kind, Level, Surface
from id_isolation.world.effort import Effort

from ..bare import Bare, context_on, findings_of
from .shaped import Shaped, safe
from .small import Accounts, Tokens

CARRIERS = {Surface.AUTH: hostile_names_log_in_safely, Surface.WEBSOCKET: hostile_names_connect_safely}


class _Doors(Accounts):
    """Lets everybody in for whom an ID can be minted."""

    def __init__(self) -> None:
        super().__init__()
        self.minting = Shaped()

    def minted(self, kind: Kind, user: str) -> str:
        return self.minting.mint(kind, user)

    async def log_in(self, token: str) -> Session:
        user = self.user_of(token)
        self.sessions.append(Session(user, self.minted(Kind.SESSION, user)))
        return self.sessions[-1]

    async def connect(self, handshake: Handshake) -> Connection:
        user = self.user_of(handshake.token)
        return Connection(self.minted(Kind.CONNECTION, user), user, self.context(user))

    def context(self, user: str) -> ContextIds | None:
        return None


def _symptoms(doors: _Doors, surface: Surface, **backend: Any) -> set[str]:
    ports = {"minting": Shaped(), "tokens": Tokens(), "sessions": doors, "sockets": doors, **backend}
    world = context_on(Bare(**ports), "F5", surface, Level.STRICT, effort=Effort(0.2))
    symptoms = {finding.symptom for finding in findings_of(CARRIERS[surface], world)}
    assert world.judged_count > 0
    return symptoms


class _Raising(_Doors):
    """What is wrong with a name gets out as it was raised; it names the user."""

    def minted(self, kind: Kind, user: str) -> str:
        try:
            return super().minted(kind, user)
        except BackendRefused as error:
            raise ValueError(f"user: {error}") from None


class _WithContexts(_Doors):
    def context(self, user: str) -> ContextIds | None:
        return self.minting.mint_context(user, "socket")


class _Numbers(_Doors):
    """Shows no user; the names that it takes are the generator's."""

    def minted(self, kind: Kind, user: str) -> str:
        super().minted(kind, user)
        return f"{kind}_{next(self.minting.numbers)}"


@pytest.mark.parametrize("surface", [*CARRIERS])
@pytest.mark.parametrize("make", [_Doors, _Raising, _WithContexts, _Numbers])
def test_a_door_that_does_as_its_generator_passes(make: type[_Doors], surface: Surface) -> None:
    """Whether it gives a safe ID or refuses the name."""
    assert _symptoms(make(), surface) == set()


class _Unescaped(_Doors):
    def minted(self, kind: Kind, user: str) -> str:
        return super().minted(kind, user).replace(safe(user), user)


class _Crashing(_Doors):
    """Raises what its reader can do nothing with."""

    def minted(self, kind: Kind, user: str) -> str:
        user.encode("ascii")
        return super().minted(kind, user)


class _Choosy(_Doors):
    """Has no user with a percent sign or a star, though the generator takes them."""

    def user_of(self, token: str) -> str:
        if {*"*%"} & {*token}:
            raise BackendRefused("no such user")
        return super().user_of(token)


class _TakesAll(_Doors):
    def minted(self, kind: Kind, user: str) -> str:
        return super().minted(kind, user[:8] if user[:8].strip() else "nobody")


@pytest.mark.parametrize("surface", [*CARRIERS])
@pytest.mark.parametrize(
    ("make", "symptom"),
    [
        (_Unescaped, "unsafe-text"),
        (_Crashing, "no-clear-error"),
        (_Choosy, "inconsistent"),
        (_TakesAll, "inconsistent"),
    ],
)
def test_a_door_that_does_otherwise_is_found(make: type[_Doors], symptom: str, surface: Surface) -> None:
    """By the ID, the error, or the generator's answer to the same name."""
    assert _symptoms(make(), surface) == {symptom}


def test_without_a_generator_the_other_door_is_asked() -> None:
    """Whoever may connect may log in."""
    doors = _Choosy()
    assert _symptoms(doors, Surface.AUTH, minting=None) == set()
    assert _symptoms(doors, Surface.AUTH, minting=None, sockets=_Doors()) == {"inconsistent"}


class _EntersFirst(_Doors):
    """Keeps a record before it knows whether the name will do."""

    async def log_in(self, token: str) -> Session:
        self.sessions.append(Session(self.user_of(token), ""))
        session = await super().log_in(token)
        self.sessions.remove(Session(session.user, ""))
        return session


class _EntersForAWhile(_EntersFirst):
    async def log_in(self, token: str) -> Session:
        try:
            return await super().log_in(token)
        except BackendRefused:
            self.sessions.pop()
            raise


class _EndsByPattern(_Doors):
    """A log-in ends the user's earlier sessions, and takes the name for a pattern."""

    def same(self, user: str, name: str) -> bool:
        return fnmatchcase(user, name)

    async def log_in(self, token: str) -> Session:
        name = self.user_of(token)
        self.sessions = [session for session in self.sessions if not self.same(session.user, name)]
        return await super().log_in(token)


class _EndsItsOwn(_EndsByPattern):
    def same(self, user: str, name: str) -> bool:
        return user == name


@pytest.mark.parametrize(
    ("make", "symptoms"),
    [
        (_EntersFirst, {"record-left"}),
        (_EntersForAWhile, set()),
        (_EndsByPattern, {"victim-hurt"}),
        (_EndsItsOwn, set()),
    ],
)
def test_a_hostile_log_in_leaves_no_record_and_takes_no_session(make: type[_Doors], symptoms: set[str]) -> None:
    """What is put right before the refusal, and the user's own earlier session, are nobody's harm."""
    assert _symptoms(make(), Surface.AUTH) == symptoms


class _UserInTheThread(_Doors):
    def context(self, user: str) -> ContextIds | None:
        return ContextIds(user, f"thread_{user}", "run", "request")


class _UserInTheContext(_Doors):
    def context(self, user: str) -> ContextIds | None:
        return ContextIds(user, "thread", "run", "request")


@pytest.mark.parametrize(("make", "symptoms"), [(_UserInTheThread, {"unsafe-text"}), (_UserInTheContext, set())])
def test_a_connections_context_shows_the_user_as_safely(make: type[_Doors], symptoms: set[str]) -> None:
    """The name beside the IDs is no ID."""
    assert _symptoms(make(), Surface.WEBSOCKET) == symptoms
