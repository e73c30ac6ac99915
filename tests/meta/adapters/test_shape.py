"""What has not the shape of a backend is told before it is called."""

from __future__ import annotations

from typing import Any

import pytest

from id_isolation.backend.protocol import Missing
from id_isolation.drivers.adapter import faults_of_shape
from id_isolation.power.twins.designs import OpaqueBackend

from ..bare import Bare

PORTS = ("minting", "reading", "tokens", "sessions", "contexts", "sockets", "cleanup", "stored", "matching")
REASONS = dict.fromkeys(PORTS, Missing("it has none"))


def _bare(**ports: Any) -> Bare:
    return Bare(missing=REASONS, **ports)


def test_a_backend_of_the_right_shape_has_no_fault() -> None:
    """Every port is there, or its reason."""
    assert list(faults_of_shape(OpaqueBackend())) == []
    assert list(faults_of_shape(_bare())) == []


@pytest.mark.parametrize("port", PORTS)
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


@pytest.mark.parametrize("surfaces", [[], ["auth"], [None]])
def test_a_backend_without_a_surface_has_nothing_to_judge(surfaces: list[Any]) -> None:
    """A text is no surface."""
    backend = _bare()
    backend.surfaces = lambda: surfaces  # type: ignore[method-assign]
    assert list(faults_of_shape(backend)) == ["surfaces() names no surface; set at least one port"]
