"""A connection is authenticated through the module; its ID is what the module hands to the authentication service.

The WebSocket that a backend is handed says what the handshake says, in Starlette's shape. The simulated factory
releases by the token that thread and run share, and leaks what does not correlate.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from id_isolation.backend.protocol import BackendBroke, BackendRefused, Connection, ContextIds, Handshake
from id_isolation.drivers.checkout_websocket import AuthenticatedSockets, Headers, SimulatedFactory, WebSocketView
from id_isolation.world.simulated_auth import SimulatedAuthService

ONE, TWO = "1_aaaaaaaa", "2_bbbbbbbb"


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
    return AuthenticatedSockets(module, service, minting or _Minting(), _Context), service  # type: ignore[arg-type]


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


def test_headers_are_found_in_any_letter_case() -> None:
    """However they were given; what is not there is not."""
    headers = Headers({"Authorization": "Bearer x", "host": "h"})
    assert headers["AUTHORIZATION"] == headers.get("authorization") == "Bearer x"
    assert "Host" in headers
    assert "cookie" not in headers
    assert 7 not in headers  # type: ignore[comparison-overlap]
    assert headers.get("Cookie") is None
    assert headers.get("Cookie", "none") == "none"
    with pytest.raises(KeyError):
        _ = headers["cookie"]


def test_the_view_shows_path_peer_and_offered_subprotocols() -> None:
    """In every place where real code looks."""
    view = WebSocketView(Handshake({"sec-websocket-protocol": "jwt-auth, jwt.x,"}, path="/ws/chat", peer="10.0.0.7"))
    assert (view.url.path, view.scope["path"]) == ("/ws/chat", "/ws/chat")
    assert (view.client.host, view.scope["client"][0]) == ("10.0.0.7", "10.0.0.7")
    assert view.scope["subprotocols"] == ["jwt-auth", "jwt.x"]
    assert view.scope["headers"] == [(b"sec-websocket-protocol", b"jwt-auth, jwt.x,")]
    assert WebSocketView(Handshake({})).scope["subprotocols"] == []


def test_a_middlewares_user_is_shown_and_without_one_there_is_no_context() -> None:
    """An empty name is a name."""
    assert vars(WebSocketView(Handshake({}, "ana")))["auth_context"] == {"user_id": "ana"}
    assert vars(WebSocketView(Handshake({}, "")))["auth_context"] == {"user_id": ""}
    assert not hasattr(WebSocketView(Handshake({})), "auth_context")


def test_the_connection_is_connected_by_starlettes_own_word_where_there_is_starlette(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Real code compares it with that."""
    monkeypatch.delitem(sys.modules, "starlette.websockets", raising=False)
    assert WebSocketView(Handshake({})).client_state == 1
    connected = object()
    starlette: Any = SimpleNamespace(WebSocketState=SimpleNamespace(CONNECTED=connected))
    monkeypatch.setitem(sys.modules, "starlette.websockets", starlette)
    view = WebSocketView(Handshake({}))
    assert view.client_state is view.application_state is connected


async def test_nothing_that_is_said_on_it_goes_anywhere() -> None:
    """And nothing of it raises."""
    view = WebSocketView(Handshake({}))
    await view.accept("jwt-auth", headers=[])
    await view.send_json({"type": "error"})
    await view.close(1008, reason="no")


def _context(token: str, user: str = "ana", thread_token: str | None = None) -> ContextIds:
    return ContextIds(user, f"thread_chat_{thread_token or token}", f"run_chat_{token}", "req")


async def test_what_was_registered_by_thread_goes_with_its_run() -> None:
    """All of it, and it is told; a second time nothing goes."""
    factory = SimulatedFactory()
    context = _context(ONE)
    await factory.register(context, "socket")
    await factory.register(context, "buffer")
    assert await factory.held() == {"socket": context, "buffer": context}
    assert sorted(await factory.release("ana", context.run)) == ["buffer", "socket"]
    assert await factory.held() == {}
    assert await factory.release("ana", context.run) == []


async def test_another_context_and_another_user_keep_theirs() -> None:
    """The same user's second thread, and another user's thread by the same name."""
    factory = SimulatedFactory()
    for context, resource in ((_context(ONE), "a"), (_context(TWO), "b"), (_context(ONE, "ben"), "c")):
        await factory.register(context, resource)
    assert await factory.release("ana", _context(ONE).run) == ["a"]
    assert sorted(await factory.held()) == ["b", "c"]


async def test_ids_that_do_not_correlate_leak() -> None:
    """As the plan says of raw ones."""
    factory = SimulatedFactory()
    context = _context(ONE, thread_token=TWO)
    await factory.register(context, "socket")
    assert await factory.release("ana", context.run) == []
    assert list(await factory.held()) == ["socket"]


@pytest.mark.parametrize("run", ["", "run", "run_chat", ONE, "aaaaaaaa", "run_.*_1_aaaaaaaa\n", "9f86d081"])
async def test_a_text_without_a_token_releases_nothing(run: str) -> None:
    """Empty, partial and pattern-like ones; nor what was registered under an uncorrelated thread."""
    factory = SimulatedFactory()
    await factory.register(_context(ONE), "socket")
    await factory.register(ContextIds("ana", "raw-thread", "raw-run", ""), "raw")
    assert await factory.release("ana", run) == []
    assert sorted(await factory.held()) == ["raw", "socket"]
