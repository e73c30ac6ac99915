"""A connection is opened, or the sentence says what is at the address instead; no sentence holds a token."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from id_isolation.backend.protocol import BackendBroke, BackendRefused
from id_isolation.world.socket_server import connect, hosted, open_line

from .backends import SmallBackend

TOKEN = "tok.of-this-very-test"


def _at(address: str, outside: bool = True) -> Any:
    return SimpleNamespace(address=address, outside=outside)


@asynccontextmanager
async def _websocket(talk: Callable[[ServerConnection], Awaitable[None]], **settings: Any) -> AsyncIterator[Any]:
    """A WebSocket server that says what it is told to."""
    async with serve(talk, "127.0.0.1", 0, **settings) as server:
        yield _at(f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/ws")


@asynccontextmanager
async def _bytes(answer: bytes) -> AsyncIterator[Any]:
    """A server that answers everything with the same bytes."""

    async def serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve_one, "127.0.0.1", 0)
    async with server:
        yield _at(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/ws")


async def _error(site: Any) -> str:
    """The sentence of BackendBroke; it must hold no token."""
    with pytest.raises(BackendBroke) as caught:
        await open_line(site, TOKEN)
    assert caught.value.__cause__ is None
    assert TOKEN not in str(caught.value)
    assert str(caught.value).startswith(site.address)
    return str(caught.value)


@pytest.mark.parametrize(
    "text", ["hello", "[]", '{"type": "welcome"}', '{"type": "connection_established"}', '{"connection_id": "a"}']
)
async def test_another_first_message_is_no_connection(text: str) -> None:
    """Nor is one whose connection ID is missing."""
    async with _websocket(lambda line: line.send(text)) as site:
        sentence = await _error(site)
    assert "first on a new connection, not connection_established with a connection_id" in sentence


async def test_a_connection_id_that_is_no_text_is_none() -> None:
    """A number may not stand for an ID."""
    async with _websocket(lambda line: line.send('{"type": "connection_established", "connection_id": 7}')) as site:
        await _error(site)


@pytest.mark.parametrize("code", [1008, 1011, 1000])
async def test_only_the_code_of_a_refusal_is_a_refusal(code: int) -> None:
    """Any other code before the first word is a broken server."""
    async with _websocket(lambda line: line.close(code)) as site:
        if code == 1008:
            with pytest.raises(BackendRefused, match="closed the connection with code 1008"):
                await open_line(site, TOKEN)
        else:
            assert f"before it said anything (code {code})" in await _error(site)


@pytest.mark.parametrize("status", [401, 403, 404, 500, 302])
async def test_a_status_of_the_handshake_is_a_refusal_only_where_it_means_one(status: int) -> None:
    """401 and 403 are about the token; anything else is no WebSocket."""
    async with _bytes(b"HTTP/1.1 %d X\r\nContent-Length: 0\r\n\r\n" % status) as site:
        if status in (401, 403):
            with pytest.raises(BackendRefused, match=f"HTTP status {status}"):
                await open_line(site, TOKEN)
        else:
            assert f"is no WebSocket: it answered the handshake with HTTP status {status}" in await _error(site)


@pytest.mark.parametrize("answer", [b"", b"220 mail.example ready\r\n"])
async def test_what_speaks_no_http_is_no_websocket(answer: bytes) -> None:
    """Nor is what hangs up at once."""
    async with _bytes(answer) as site:
        assert "did not answer the opening handshake as one" in await _error(site)


async def test_a_port_on_which_nothing_listens_is_said_so() -> None:
    """In plain words."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        sentence = await _error(_at(f"ws://127.0.0.1:{taken.getsockname()[1]}/ws"))
    assert "nothing listens there (connection refused)" in sentence


async def test_an_address_of_another_scheme_is_said_so() -> None:
    """With what to write instead."""
    assert "is no WebSocket address; write ws://host:port/path" in await _error(_at("http://127.0.0.1/ws"))


async def test_a_server_that_says_nothing_is_told_from_one_that_does_not_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Within the deadline, whichever it is."""
    monkeypatch.setenv("ID_ISOLATION_TIME_UNIT", "0.03")
    async with _websocket(lambda line: line.wait_closed()) as site:
        assert "is silent: no connection_established within 0.3 s of the handshake" in await _error(site)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(1)
        sentence = await _error(_at(f"ws://127.0.0.1:{deaf.getsockname()[1]}/ws"))
    assert sentence.endswith("did not answer the handshake within 0.3 s")


async def test_the_token_travels_in_a_bearer_header_or_in_a_subprotocol() -> None:
    """Never in both; and a deployed server is told no simulated user."""
    seen: list[dict[str, str]] = []

    async def talk(line: ServerConnection) -> None:
        assert line.request is not None
        seen.append({name.lower(): value for name, value in line.request.headers.raw_items()})
        await line.send('{"type": "connection_established", "connection_id": "ws_1"}')

    async with _websocket(talk, select_subprotocol=lambda line, offered: "jwt-auth" if offered else None) as site:
        for subprotocol in (False, True):
            line, _ = await open_line(site, TOKEN, "ana", subprotocol=subprotocol)
            await line.close()
    first, second = seen
    assert first["authorization"] == f"Bearer {TOKEN}"
    assert "sec-websocket-protocol" not in first
    assert second["sec-websocket-protocol"].replace(" ", "") == f"jwt-auth,jwt.{TOKEN}"
    assert "authorization" not in second
    assert not [name for headers in seen for name in headers if name.startswith("x-simulated")]


async def test_a_real_handshake_gives_the_connection_id_and_is_closed_again() -> None:
    """The server holds nothing afterwards."""
    backend = SmallBackend()
    async with hosted(backend) as site:
        text = await connect(site, await backend.tokens.issue("ana"), "ana")
        assert text.startswith("ws_conn_ana_")
        async with asyncio.timeout(10):
            while site.application.delivery.lines:
                await asyncio.sleep(0)
