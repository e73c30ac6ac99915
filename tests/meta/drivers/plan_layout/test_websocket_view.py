"""The WebSocket that a backend is handed says what the handshake says, in Starlette's shape."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from id_isolation.backend.protocol import Handshake
from id_isolation.drivers.checkout_websocket import Headers, WebSocketView


def test_headers_are_found_in_any_letter_case() -> None:
    """However they were given; what is not there is not."""
    headers = Headers({"Authorization": "Bearer x", "host": "h"})
    assert headers["AUTHORIZATION"] == headers.get("authorization") == "Bearer x"
    assert "Host" in headers
    assert "cookie" not in headers
    assert 7 not in headers
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
    assert WebSocketView(Handshake({}, "ana")).auth_context == {"user_id": "ana"}
    assert WebSocketView(Handshake({}, "")).auth_context == {"user_id": ""}
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
