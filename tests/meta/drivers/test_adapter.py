"""The base class has a reason for everything that it lacks, and opens the surfaces of what it has.

A guarded port ends every call in time, as what it gave, a refusal, or a break that names the call. What has not the
shape of a backend is told before it is called. A served site shows what it was told to show, and breaks with its
server.
"""

from __future__ import annotations

import asyncio
import email
import json.decoder
from pathlib import Path
from typing import Any

import pytest

from id_isolation.adapters import (
    AdapterBackend,
    BackendBroke,
    BackendRefused,
    Kind,
    ServedSite,
    SimulatedTokens,
    Surface,
    files_below,
)
from id_isolation.backend.protocol import Backend, Missing, Pacing
from id_isolation.drivers.adapter import PORTS, faults_of_shape, guard, keep_tokens_secret
from id_isolation.history.redaction import forget_all, scrub_text
from id_isolation.power.twins.designs import OpaqueBackend

from ..bare import Bare
from .toy import ToyBackend

pytestmark = pytest.mark.quick

ALL_PORTS = ("minting", "reading", "tokens", "sessions", "contexts", "sockets", "cleanup", "stored", "matching")
REASONS = dict.fromkeys(ALL_PORTS, Missing("it has none"))


def test_a_base_that_nobody_filled_in_is_a_backend_with_nothing() -> None:
    """Each port has its reason; there is no surface to judge, and that is said."""
    bare = AdapterBackend()
    assert isinstance(bare, Backend)
    assert set(bare.missing) == set(PORTS)
    assert list(faults_of_shape(bare)) == ["surfaces() names no surface; set at least one port"]


def test_reasons_are_the_adapters_own_where_it_gives_them() -> None:
    """And a port that is there has none."""
    missing = ToyBackend().missing
    assert missing["stored"].reason == "the toy stores no session by thread"
    assert missing["matching"].reason == "the adapter ToyBackend has no matching"
    assert "minting" not in missing


def test_surfaces_follow_from_the_ports() -> None:
    """Also from a site of one's own."""
    backend = AdapterBackend()
    backend.tokens = SimulatedTokens()
    backend.site = ServedSite("ws://127.0.0.1:9/ws")  # type: ignore[assignment]
    assert backend.surfaces() == [Surface.WEBSOCKET]
    assert set(ToyBackend().surfaces()) == {Surface.GENERATOR, Surface.AUTH, Surface.WEBSOCKET}


def test_shape_names_what_is_missing() -> None:
    """A port without its methods, and ports that need tokens."""
    backend = ToyBackend()
    backend.matching = object()
    backend.tokens = None
    said = list(faults_of_shape(backend))
    assert "matching has no method match" in said
    assert "it has sessions and no tokens; every simulated user brings one" in said


def test_own_files_are_those_below_the_named_places(tmp_path: Path) -> None:
    """Modules, packages and directories can be named."""
    owns = files_below(json.decoder, email, tmp_path)
    assert owns(str(json.decoder.__file__))
    assert not owns(str(json.__file__))
    assert owns(str(Path(str(email.__file__)).parent / "message.py"))
    assert owns(str(tmp_path / "deep" / "file.py"))
    assert not owns(__file__)


def guarded(**methods: Any) -> Any:
    backend = type("Odd", (ToyBackend,), methods)()
    guard(backend)
    return backend


def test_what_a_port_gives_and_refuses_passes_through() -> None:
    """Values, refusals and breaks that the adapter has told already."""

    async def withdraw(self: Any, token: str) -> None:
        raise BackendBroke("the store is gone")

    backend = guarded(withdraw=withdraw)
    assert backend.minting.mint(Kind.SESSION, "noor").startswith("session-")
    token = asyncio.run(backend.tokens.issue("noor"))
    assert asyncio.run(backend.sessions.log_in(token)).user == "noor"
    with pytest.raises(BackendRefused, match="never changes its user"):
        asyncio.run(backend.tokens.reassign(token, "timo"))
    with pytest.raises(BackendBroke, match=r"^the store is gone$"):
        asyncio.run(backend.tokens.withdraw(token))


def test_anything_else_that_is_raised_is_a_break_with_the_name_of_the_call() -> None:
    """A ValueError of a plain call is a refusal, as of a generator that does not take a name."""

    def mint(self: Any, kind: Kind, user: str) -> str:
        raise {"blank": ValueError("no blank users"), "odd": KeyError(user)}[user]

    async def records(self: Any) -> list[Any]:
        raise ZeroDivisionError("by nothing")

    backend = guarded(mint=mint, records=records)
    with pytest.raises(BackendRefused, match="no blank users"):
        backend.minting.mint(Kind.SESSION, "blank")
    with pytest.raises(BackendBroke, match=r"^minting\.mint raised KeyError"):
        backend.minting.mint(Kind.SESSION, "odd")
    with pytest.raises(BackendBroke, match=r"^sessions\.records raised ZeroDivisionError: by nothing"):
        asyncio.run(backend.sessions.records())


def test_a_call_that_hangs_is_a_break(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the time that one call may take."""
    monkeypatch.setenv("ID_ISOLATION_TIME_UNIT", "0.02")

    async def log_in(self: Any, token: str) -> None:
        await asyncio.Event().wait()

    with pytest.raises(BackendBroke, match="it hangs"):
        asyncio.run(guarded(log_in=log_in).sessions.log_in("token"))


def test_optional_methods_of_a_port_are_still_seen() -> None:
    """A simulated service that can be paced is one afterwards."""
    backend = ToyBackend()
    backend.tokens = SimulatedTokens()
    guard(backend)
    assert isinstance(backend.tokens, Pacing)
    assert not isinstance(backend.sessions, Pacing)


def test_tokens_that_an_adapter_issues_are_kept_out_of_what_is_written() -> None:
    """Whatever they look like; one that is the user's name is no secret."""

    async def issue(self: Any, user: str) -> str:
        return user if user == "is.the.token" else f"pass of {user} 4711"

    backend = type("Odd", (ToyBackend,), {"issue": issue})()
    keep_tokens_secret(backend)
    try:
        for user in ("noor", "is.the.token"):
            asyncio.run(backend.tokens.issue(user))
        assert scrub_text("pass of noor 4711, by noor; is.the.token") == "[token], by noor; is.the.token"
    finally:
        forget_all()


def _bare(**ports: Any) -> Bare:
    return Bare(missing=REASONS, **ports)


def test_a_backend_of_the_right_shape_has_no_fault() -> None:
    """Every port is there, or its reason."""
    assert list(faults_of_shape(OpaqueBackend())) == []
    assert list(faults_of_shape(_bare())) == []


@pytest.mark.parametrize("port", ALL_PORTS)
@pytest.mark.parametrize("reason", [None, "there is none", ("there is none", False)])
def test_a_port_that_is_not_there_needs_its_reason(port: str, reason: object) -> None:
    """A Missing, and nothing like it."""
    given = {name: missing for name, missing in REASONS.items() if name != port}
    backend = Bare(missing={**given, port: reason} if reason else given)  # type: ignore[dict-item]
    assert list(faults_of_shape(backend)) == [f"it has no {port}, and `missing` gives no Missing(reason) for it"]


@pytest.mark.parametrize("port", ["sessions", "sockets"])
def test_who_lets_users_in_needs_tokens(port: str) -> None:
    """Every simulated user brings one."""
    backend = OpaqueBackend()
    other = "sockets" if port == "sessions" else "sessions"
    backend.missing = dict(REASONS)
    backend.tokens = None  # type: ignore[assignment]
    setattr(backend, other, None)
    assert list(faults_of_shape(backend)) == [f"it has {port} and no tokens; every simulated user brings one"]


class _Matching:
    def match(self, first: str, second: str) -> bool:
        return False


class _Awaited:
    async def match(self, first: str, second: str) -> bool:
        return False


class _Tokens:
    async def issue(self, user: str) -> str:
        return user

    def withdraw(self, token: str) -> None: ...

    async def reassign(self, token: str, user: str) -> None: ...


class _NotCallable:
    match = "yes"


@pytest.mark.parametrize(
    ("port", "given", "faults"),
    [
        ("matching", _Matching(), []),
        ("matching", object(), ["matching has no method match"]),
        ("matching", _NotCallable(), ["matching has no method match"]),
        ("matching", _Awaited(), ["matching.match is a coroutine function; write `def match`"]),
        ("tokens", _Tokens(), ["tokens.withdraw is no coroutine function; write `async def withdraw`"]),
        (
            "minting",
            object(),
            [f"minting has no method {name}" for name in ("kinds", "mint", "mint_context", "restart")],
        ),
    ],
)
def test_a_port_has_the_methods_of_its_protocol_each_of_its_own_sort(port: str, given: Any, faults: list[str]) -> None:
    """What is missing, and what is or is not to be awaited, is named method by method."""
    assert list(faults_of_shape(_bare(**{port: given}))) == faults


def test_a_method_that_yields_is_told_to_return() -> None:
    """It is a coroutine function to no one, whatever stands before `def`."""

    class Sessions:
        async def log_in(self, token: str) -> Any:
            yield token

        async def records(self) -> Any: ...

    faults = list(faults_of_shape(_bare(sessions=Sessions(), tokens=ToyBackend().tokens)))
    assert faults == [
        "sessions.log_in has a `yield`, so calling it only makes a generator; let it `return` what it gives"
    ]


@pytest.mark.parametrize("remote", [True, False])
def test_what_no_client_can_encode_is_no_crash_of_a_system_elsewhere(remote: bool) -> None:
    """It never got there; in the same process, it is the system that could not encode it."""

    class Sessions:
        async def log_in(self, token: str) -> Any:
            return token.encode()

    backend = _bare(sessions=Sessions())
    backend.remote = remote  # type: ignore[attr-defined]
    guard(backend)
    with pytest.raises(BackendRefused if remote else BackendBroke):
        asyncio.run(backend.sessions.log_in("\ud800"))


@pytest.mark.parametrize("surfaces", [[], ["auth"], [None]])
def test_a_backend_without_a_surface_has_nothing_to_judge(surfaces: list[Any]) -> None:
    """A text is no surface."""
    backend = _bare()
    backend.surfaces = lambda: surfaces  # type: ignore[method-assign]
    assert list(faults_of_shape(backend)) == ["surfaces() names no surface; set at least one port"]


class _Server:
    def __init__(self, ended: bool) -> None:
        self.ended = ended

    def check(self) -> None:
        if self.ended:
            raise BackendBroke("the server ended")


async def _held() -> dict[str, int]:
    return {"connections": 3}


async def test_a_site_that_can_be_looked_into_says_what_it_holds() -> None:
    """It is not outside."""
    site = ServedSite("ws://127.0.0.1:1/ws", _held)
    assert (site.address, site.outside) == ("ws://127.0.0.1:1/ws", False)
    assert await site.held() == {"connections": 3}


async def test_a_site_that_cannot_is_outside() -> None:
    """And holds nothing that anybody knows of."""
    site = ServedSite("ws://127.0.0.1:1/ws")
    assert site.outside
    assert await site.held() is None


def test_a_server_that_ended_breaks_the_site() -> None:
    """One that runs, or that somebody else started, does not."""
    server: Any = _Server(ended=False)
    ServedSite("ws://x", server=server).check()
    ServedSite("ws://x").check()
    server.ended = True
    with pytest.raises(BackendBroke, match="the server ended"):
        ServedSite("ws://x", server=server).check()
