"""Tests of A6: tokens that must be refused, and what a refusal may do besides."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from id_isolation.backend.protocol import BackendBroke, BackendRefused, Session
from id_isolation.checks.a6_bad_tokens import bad_tokens_are_refused
from id_isolation.history.finding import Finding
from id_isolation.plan.kinds import Level, Surface
from id_isolation.world.effort import Effort

from ..bare import Bare, context_on, findings_of
from .small import Tokens

pytestmark = pytest.mark.quick

UNENCODABLE = "no text that can be encoded"


class _Issued(Tokens):
    """Tokens with a number each, which end when they are withdrawn; `ever` keeps them all."""

    def __init__(self) -> None:
        self.ever: dict[str, str] = {}
        self.users: dict[str, str] = {}
        self.half: dict[str, str] = {}

    async def issue(self, user: str) -> str:
        token = f"{user}-token-{len(self.ever):03d}"
        self.users[token] = self.ever[token] = user
        return token

    async def withdraw(self, token: str) -> None:
        del self.users[token]

    def first(self, fits: Callable[[str], bool]) -> str | None:
        """The user of the first token that fits."""
        return next((user for token, user in self.users.items() if fits(token)), None)


class _Contradicting(_Issued):
    """Can be made to say only that a token is valid, or only whose it is."""

    def contradict(self, token: str, *, valid: bool, named: bool) -> None:
        assert valid is not named
        self.half[token] = "valid" if valid else "named"
        del self.users[token]


class _Door:
    """Keeps a session for each token."""

    def __init__(self, service: _Issued) -> None:
        self.service = service
        self.kept: dict[str, Session] = {}

    async def log_in(self, token: str) -> Session:
        user = self.user_of(token)
        if user is None:
            self.turn_away(token)
            raise BackendRefused("the token is nobody's")
        return self.keep(user, token)

    def keep(self, user: str, token: str) -> Session:
        return self.kept.setdefault(token, Session(user, f"session_{len(self.kept)}"))

    def end_all(self, user: str | None) -> None:
        self.kept = {token: session for token, session in self.kept.items() if session.user != user}

    async def records(self) -> list[Session]:
        return list(self.kept.values())

    def user_of(self, token: str) -> str | None:
        return self.service.users.get(token)

    def turn_away(self, token: str) -> None:
        """What is done besides refusing it."""


def _door(**methods: Callable[[Any, str], object]) -> type[_Door]:
    """A door that does one thing in another way."""
    return type("_Otherwise", (_Door,), methods)


def _found(door: _Door, level: Level = Level.STRICT) -> list[Finding]:
    world = context_on(Bare(tokens=door.service, sessions=door), "A6", Surface.AUTH, level, effort=Effort(0.2))
    findings = findings_of(bad_tokens_are_refused, world)
    assert world.judged_count > 0
    return findings


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("service", [_Issued, _Contradicting])
@pytest.mark.parametrize(
    "door",
    [
        _Door,
        _door(user_of=lambda door, token: door.service.users.get(token.strip())),
        _door(turn_away=lambda door, token: door.kept.pop(token, None)),
    ],
    ids=["plain", "trims tokens", "ends the token's session"],
)
def test_refusing_every_bad_token_passes(door: type[_Door], service: type[_Issued], level: Level) -> None:
    """What the token's own session was may end with it."""
    assert _found(door(service()), level) == []


def _taken(fits: Callable[[str, str], bool]) -> type[_Door]:
    """A door that takes a token for that of a user whose own token fits it."""
    return _door(user_of=lambda door, token: door.service.first(lambda own: fits(token, own)))


class _Remembers(_Door):
    """Does not ask about a token that it has let in before."""

    def user_of(self, token: str) -> str | None:
        return self.service.ever.get(token) if token in {*self.kept, *self.service.users} else None


@pytest.mark.parametrize(
    ("door", "way"),
    [
        (_door(user_of=lambda door, token: door.service.ever.get(token)), "withdrawn"),
        (_Remembers, "ended"),
        (_taken(lambda token, known: token != "" and known.startswith(token)), "cut"),
        (_taken(lambda token, known: token.startswith(known)), "longer"),
        (_taken(lambda token, known: token in ("", known)), "empty"),
        (_taken(lambda token, known: token.isspace() or token == known), "blank"),
        (_taken(lambda token, known: token.startswith("unknown") or token == known), "unknown"),
    ],
    ids=["withdrawn", "ended", "cut", "longer", "empty", "blank", "unknown"],
)
@pytest.mark.parametrize("level", list(Level))
def test_a_bad_token_that_is_taken_is_found(door: type[_Door], way: str, level: Level) -> None:
    """Each way by itself, at both levels."""
    (finding,) = _found(door(_Issued()), level)
    assert (finding.symptom, finding.level) == ("bad-token-accepted", Level.PLAN)
    if way not in ("withdrawn", "ended"):
        assert f"a token that is {way} is answered with the session" in finding.evidence[0]


@pytest.mark.parametrize(
    ("door", "symptom"),
    [
        (_door(turn_away=lambda door, token: door.keep("", f"of {token}")), "session-left-behind"),
        (_door(turn_away=lambda door, token: door.kept.clear()), "refusal-hurts-another"),
        (_door(turn_away=lambda door, token: door.end_all(door.service.ever.get(token))), "refusal-hurts-another"),
    ],
    ids=["leaves a record", "ends all sessions", "ends all of the token's user"],
)
def test_what_a_refusal_does_besides_is_found(door: type[_Door], symptom: str) -> None:
    """It leaves no record, and takes no other session away."""
    assert [finding.symptom for finding in _found(door(_Issued()), Level.PLAN)] == [symptom]


class _OneUnitOfWork(_Door):
    """Writes what all log-ins have added, a step later; `shared` says that a refusal takes all of it back."""

    shared = True

    def __init__(self, service: _Issued) -> None:
        super().__init__(service)
        self.added: dict[str, Session] = {}

    async def log_in(self, token: str) -> Session:
        user = self.user_of(token)
        if user is None:
            if self.shared:
                self.added.clear()
            raise BackendRefused("the token is nobody's")
        session = self.kept.get(token) or Session(user, f"session_{len(self.service.ever)}_{token}")
        self.added[token] = session
        await asyncio.sleep(0)
        self.kept.update(self.added)
        return session


class _ItsOwnUnitOfWork(_OneUnitOfWork):
    shared = False


def test_what_a_refusal_does_to_a_log_in_beside_it_is_found() -> None:
    """At strict level, where nobody misses a record beside none."""
    assert [finding.symptom for finding in _found(_OneUnitOfWork(_Issued()))] == ["refusal-hurts-another"]
    assert _found(_ItsOwnUnitOfWork(_Issued())) == []


class _Encodes(_Door):
    """Crashes on a token that cannot be encoded."""

    def user_of(self, token: str) -> str | None:
        try:
            return super().user_of(token.encode().decode())
        except UnicodeEncodeError as error:
            raise BackendBroke(f"log_in raised {error}") from error


def _believing(half: str) -> type[_Door]:
    """A door that takes a token of which the service says this much."""
    return _door(
        user_of=lambda door, token: "x" if door.service.half.get(token) == half else door.service.users.get(token)
    )


@pytest.mark.parametrize(
    ("door", "symptom", "way"),
    [
        (_Encodes, "bad-token-crashes", UNENCODABLE),
        (
            _door(user_of=lambda door, token: door.service.users.get(token.encode("utf-8", "ignore").decode())),
            "bad-token-accepted",
            UNENCODABLE,
        ),
        (_believing("valid"), "bad-token-accepted", "said to be valid and nobody's"),
        (_believing("named"), "bad-token-accepted", "said to be invalid and somebody's"),
    ],
    ids=["crashes", "drops characters", "believes that it is valid", "believes whose it is"],
)
def test_what_needs_a_hostile_client_or_service_is_judged_at_strict_level(
    door: type[_Door], symptom: str, way: str
) -> None:
    """A token that cannot be encoded, and an answer that contradicts itself."""
    (finding,) = _found(door(_Contradicting()))
    assert finding.symptom == symptom
    assert way in f"{finding.problem} {finding.evidence[0]}"
    assert _found(door(_Contradicting()), Level.PLAN) == []


class _Indexes(_Door):
    def user_of(self, token: str) -> str | None:
        if not token:
            raise BackendBroke("log_in raised IndexError")
        return super().user_of(token)


def test_a_crash_on_an_ordinary_bad_token_comes_out_as_it_is() -> None:
    """No finding is made of it: of a backend that breaks nothing is known."""
    with pytest.raises(BackendBroke, match="IndexError"):
        _found(_Indexes(_Issued()))
