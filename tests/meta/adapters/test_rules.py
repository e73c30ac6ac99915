"""Each rule of the conformance check passes an honest adapter, and tells a lie in its own sentence."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

import pytest

from id_isolation.backend.protocol import BackendBroke, BackendRefused, Connection, ContextIds, Handshake, Session
from id_isolation.drivers.conformance import RULES, USERS, Rule
from id_isolation.plan.kinds import Kind
from id_isolation.power.twins.designs import OpaqueBackend

from ..bare import Bare

_OWN = [rule for rule in RULES if "site" not in rule.ports]
FIRST, SECOND = USERS


def _rule(name: str) -> Rule:
    return next(rule for rule in RULES if rule.name == name)


def _sentence(name: str, backend: Any) -> str:
    return asyncio.run(_rule(name).broken(backend))


def _with(**methods: Any) -> Any:
    return type("Changed", (OpaqueBackend,), methods)()


@pytest.mark.parametrize("name", [rule.name for rule in _OWN])
def test_an_honest_adapter_keeps_every_rule(name: str) -> None:
    """And twice, since nothing of the first time is left."""
    backend = OpaqueBackend()
    assert _rule(name).applies(backend)
    assert [_sentence(name, backend), _sentence(name, backend)] == ["", ""]
    assert asyncio.run(backend.held()) == {}


def test_a_rule_applies_where_all_its_ports_are_there() -> None:
    """And to nothing else."""
    log_in = _rule("log-in")
    assert not log_in.applies(Bare(tokens=object()))  # type: ignore[arg-type]
    assert log_in.applies(Bare(tokens=object(), sessions=object()))  # type: ignore[arg-type]


class _Tokens:
    """A service with something changed in it."""

    def __init__(self, backend: OpaqueBackend, **changed: Any) -> None:
        self.issue = changed.get("issue", backend.tokens.issue)
        self.withdraw = changed.get("withdraw", backend.tokens.withdraw)
        self.reassign = changed.get("reassign", backend.tokens.reassign)


def _tokens(**changed: Any) -> Any:
    backend: Any = OpaqueBackend()
    backend.tokens = _Tokens(backend, **changed)
    return backend


async def _blank(user: str) -> Any:
    return " "


async def _bytes(user: str) -> Any:
    return b"token"


async def _nothing(*_: Any) -> None: ...


async def _refuses(*_: Any) -> None:
    raise BackendRefused("not here")


async def _breaks(*_: Any) -> None:
    raise BackendBroke("no such thing")


async def _no_id(self: Any, token: str) -> Session:
    return Session(FIRST, "")


async def _wrong_owner(self: Any) -> Collection[Session]:
    return [Session(SECOND, kept.session_id) for kept in self._records.values()]


async def _no_connection_id(self: Any, handshake: Handshake) -> Connection:
    return Connection("", FIRST)


async def _other_connection(self: Any, handshake: Handshake) -> Connection:
    return Connection("ws_1", SECOND)


def _context(thread: Any = "t", user: str = FIRST) -> Any:
    return lambda self, given, operation: ContextIds(user, thread, "r", "q")


async def _held_of_another(self: Any) -> Mapping[str, ContextIds]:
    return {name: ContextIds(SECOND, c.thread, c.run, c.request) for name, c in self._held.items()}


class _HoldsAlready(OpaqueBackend):
    async def held(self) -> Mapping[str, ContextIds]:
        class Everything(dict[str, ContextIds]):
            def __contains__(self, name: object) -> bool:
                return True

        return Everything()


async def _releases_nothing(self: Any, user: str, run: str) -> list[str]:
    return []


async def _finds_nothing(self: Any, user: str, thread: str) -> None:
    return None


async def _invalidates_nothing(self: Any, user: str) -> int:
    return 0


@pytest.mark.parametrize(
    ("name", "backend", "words"),
    [
        ("issue", _tokens(issue=_blank), "tokens.issue gave ' ', not a token's text"),
        ("issue", _tokens(issue=_bytes), "tokens.issue gave b'token', not a token's text"),
        ("log-in", _with(log_in=_no_id), "gave Session where a Session with an ID is due"),
        ("records", _with(records=_wrong_owner), f"gives {SECOND!r} for a session of {FIRST!r}"),
        ("withdraw", _tokens(withdraw=_nothing), "does not withdraw: the token logs in as before"),
        ("withdraw-connection", _with(connect=_no_connection_id), "a connection without an ID"),
        ("withdraw-connection", _with(connect=_other_connection), f"a connection of {SECOND!r} for a token of"),
        ("withdraw-connection", _tokens(withdraw=_nothing), "the token opens a connection as before"),
        ("reassign", _tokens(reassign=_nothing), "the token logs its first user in; raise BackendRefused"),
        ("mint", _with(kinds=lambda self: ["session"]), "gave 'session', which is no Kind"),
        ("mint", _with(mint=lambda self, kind, user: ""), "gave '' for the kind session, where an ID's text is due"),
        ("mint", _with(mint_context=lambda *_: ("t", "r", "q")), "gave tuple where ContextIds are due"),
        ("mint", _with(mint_context=_context("")), "gave a context that lacks an ID"),
        ("mint", _with(mint_context=_context(None)), "gave a context that lacks an ID"),
        ("mint", _with(mint_context=_context(user=SECOND)), f"gave a context of {SECOND!r} for {FIRST!r}"),
        ("register", _with(register=_nothing), "does not show what was just registered"),
        ("register", _with(held=_held_of_another), f"gives {SECOND!r} for what was registered for {FIRST!r}"),
        ("register", _HoldsAlready(), "shows a resource before it is registered"),
        ("release", _with(release=_releases_nothing), "is held after its run was released"),
        ("store", _with(find=_finds_nothing), "stored.find gave None for a session that was stored with"),
        ("invalidate", _with(invalidate=_invalidates_nothing), "it is found as before"),
        ("shares", _with(shares=lambda self, thread, user: True), "a thread that was never made"),
    ],
)
def test_a_lie_is_told_in_one_sentence(name: str, backend: Any, words: str) -> None:
    """Which says what was done and what was due."""
    assert words in _sentence(name, backend)


@pytest.mark.parametrize("way", [_refuses, _breaks])
def test_a_service_that_hands_no_token_over_says_so_and_is_honest(way: Any) -> None:
    """By a refusal or a break; nothing else is asked of it."""
    assert _sentence("reassign", _tokens(reassign=way)) == ""


def test_a_clean_up_without_anything_that_makes_a_context_is_told() -> None:
    """Its release is then not asked for."""
    bare = Bare(cleanup=OpaqueBackend())
    assert "set minting or contexts too" in _sentence("register", bare)
    assert _sentence("release", bare) == ""


def test_only_what_a_system_may_do_by_itself_can_be_vouched_for() -> None:
    """What only an adapter can get wrong cannot."""
    assert {rule.name for rule in _OWN if rule.perhaps_the_systems} == {
        *("log-in", "withdraw", "withdraw-connection", "release", "invalidate")
    }


def test_an_id_of_every_kind_is_asked_for() -> None:
    """The last one too."""
    wrong = _with(mint=lambda self, kind, user: "" if kind is Kind.MESSAGE else "id")
    assert "for the kind message" in _sentence("mint", wrong)
