"""A connection is authenticated through the module; its ID is what the module hands to the authentication service."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from id_isolation.backend.protocol import BackendBroke, BackendRefused, Connection, ContextIds, Handshake
from id_isolation.drivers.checkout_websocket import AuthenticatedSockets
from id_isolation.world.simulated_auth import SimulatedAuthService


class _Context(SimpleNamespace):
    @classmethod
    def from_request_supervisor(cls, **parts: Any) -> _Context:
        return cls(**parts)


class _Minting:
    def mint_context(self, user: str, operation: str) -> ContextIds:
        return ContextIds(user, f"thread_{operation}", f"run_{operation}", f"request_{operation}")


def _own(result: Any, brought: Any) -> Any:
    """The module makes the context itself."""
    return _Context(user_id=result.user_id, thread_id="t", run_id="r", request_id="q")


def _brought(result: Any, brought: Any) -> Any:
    """The module takes the context from its service."""
    if brought is None:
        raise TypeError("there is no context")
    return brought


def _module(context: Callable[[Any, Any], Any] = _own, mint: Any = "ws_conn_1") -> Any:
    module: Any = ModuleType("websocket_of_a_test")
    module.get_unified_auth_service = lambda: None

    async def authenticate(websocket: Any, e2e_context: Any = None, preliminary_connection_id: Any = None) -> Any:
        service = module.get_unified_auth_service()
        result, brought = await service.authenticate_websocket(
            websocket, preliminary_connection_id=preliminary_connection_id or mint
        )
        if not result.success:
            return SimpleNamespace(
                success=False, user_context=None, error_message=result.error, error_code=result.error_code
            )
        made = context(result, brought)
        return SimpleNamespace(success=True, user_context=made, error_message=None, error_code=None)

    module.authenticate_websocket_ssot = authenticate
    return module


def _sockets(module: Any, minting: Any = None) -> tuple[AuthenticatedSockets, SimulatedAuthService]:
    service = SimulatedAuthService()
    return AuthenticatedSockets(module, service, minting or _Minting(), _Context), service


async def _connect(module: Any, preliminary: str | None = None, **options: Any) -> Connection:
    sockets, service = _sockets(module, **options)
    return await sockets.connect(Handshake.bearing(await service.issue("ana"), "ana", preliminary))


async def test_a_connection_has_the_id_that_the_service_was_handed_and_the_modules_own_context() -> None:
    """A preliminary ID goes to the module."""
    assert await _connect(_module()) == Connection("ws_conn_1", "ana", ContextIds("ana", "t", "r", "q"))
    assert (await _connect(_module(), "ws_before")).connection_id == "ws_before"


async def test_a_module_that_takes_contexts_is_given_one_of_the_users_and_none_of_it_is_judged() -> None:
    """The suite made it."""
    assert await _connect(_module(_brought)) == Connection("ws_conn_1", "ana", None)


@pytest.mark.parametrize("slip", [lambda: _own(), lambda: undefined])  # type: ignore[call-arg, name-defined] # noqa: F821
async def test_a_module_that_fails_to_make_its_own_context_is_a_break(slip: Callable[[], Any]) -> None:
    """One from its service would only hide it."""
    with pytest.raises(BackendBroke, match=r"TypeError|NameError"):
        await _connect(_module(lambda result, brought: brought or slip()))


async def test_a_module_that_gives_no_context_connects_whom_the_handshake_names() -> None:
    """Nobody where there was no middleware."""
    sockets, service = _sockets(_module(lambda result, brought: None))
    token = await service.issue("ana")
    assert await sockets.connect(Handshake.bearing(token, "ana")) == Connection("ws_conn_1", "ana")
    assert await sockets.connect(Handshake.bearing(token)) == Connection("ws_conn_1", "")


async def test_a_refused_token_is_a_refusal_with_the_services_code() -> None:
    """And its message."""
    sockets, _ = _sockets(_module())
    with pytest.raises(BackendRefused, match=r"^INVALID_TOKEN: the token is not valid$"):
        await sockets.connect(Handshake.bearing("of nobody"))


async def test_looking_whether_the_module_makes_contexts_leaves_no_token() -> None:
    """Looked once, whatever comes of it."""
    sockets, service = _sockets(_module())
    issued: list[str] = []
    issue = service.issue

    async def kept(user: str) -> str:
        issued.append(await issue(user))
        return issued[-1]

    service.issue = kept  # type: ignore[method-assign]
    token = await issue("ana")
    for _ in range(2):
        await sockets.connect(Handshake.bearing(token, "ana"))
    assert len(issued) == 1
    assert service.user_of(issued[0]) is None


async def _asks_nobody(websocket: Any, **named: Any) -> Any:
    return SimpleNamespace(success=True, user_context=None, error_message=None, error_code=None)


async def _fails(websocket: Any, **named: Any) -> Any:
    raise RuntimeError("no redis")


@pytest.mark.parametrize(
    ("authenticate", "words"),
    [
        (_asks_nobody, r"authenticated a connection without asking get_unified_auth_service\(\)"),
        (_fails, "authenticate_websocket_ssot raised RuntimeError: no redis"),
    ],
)
async def test_a_module_that_cannot_be_driven_is_a_break(
    authenticate: Callable[..., Awaitable[Any]], words: str
) -> None:
    """With what it did."""
    module = _module()
    module.authenticate_websocket_ssot = authenticate
    with pytest.raises(BackendBroke, match=words):
        await _connect(module)


async def test_a_connection_id_that_is_no_text_is_a_break() -> None:
    """Such as a UUID object."""
    with pytest.raises(BackendBroke, match="the connection ID gave int 7 where an ID, a plain string, is due"):
        await _connect(_module(mint=7))


async def test_a_context_that_nobody_can_make_is_a_break() -> None:
    """Where the module takes one and the backend mints none."""
    module = _module(_brought)
    service = SimulatedAuthService()
    sockets = AuthenticatedSockets(module, service, None, _Context)
    with pytest.raises(BackendBroke, match="none can be made for it"):
        await sockets.connect(Handshake.bearing(await service.issue("ana"), "ana"))


@pytest.mark.parametrize("name", ["authenticate_websocket_ssot", "get_unified_auth_service"])
def test_a_module_that_lacks_a_part_is_told_with_what_it_lacks(name: str) -> None:
    """And a whole one lacks nothing."""
    module = _module()
    assert AuthenticatedSockets.lacking(module) is None
    delattr(module, name)
    missing = AuthenticatedSockets.lacking(module)
    assert missing is not None
    assert missing.reason == f"websocket_of_a_test has no {name}"
