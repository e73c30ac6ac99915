"""The server: handshakes, refusals, the first message, malformed input, and the end of a line.

The server authenticates each connection, asks for every message whether the token still stands, and tidies up. A
connection is opened, or the sentence says what is at the address instead; no sentence holds a token.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest
import pytest_asyncio
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from id_isolation.backend.protocol import BackendBroke, BackendRefused, Connection, Handshake
from id_isolation.world import delivery
from id_isolation.world import delivery as messages
from id_isolation.world.delivery import Delivery, Run
from id_isolation.world.socket_server import Hosted, connect, hosted, open_line
from id_isolation.world.swarm import Swarm

from .backends import SmallBackend

USER = "ana.silva"

TOKEN = "tok.of-this-very-test"


@pytest_asyncio.fixture
async def backend() -> SmallBackend:
    return SmallBackend()


@pytest_asyncio.fixture
async def site(backend: SmallBackend) -> AsyncIterator[Hosted]:
    async with hosted(backend) as site:
        yield site


@pytest.mark.parametrize("subprotocol", [False, True])
async def test_a_token_is_taken_from_either_place(backend: SmallBackend, site: Hosted, subprotocol: bool) -> None:
    """A bearer header and a subprotocol `jwt.TOKEN` are as good; the answer never repeats the token."""
    token = await backend.tokens.issue(USER)
    line, established = await open_line(site, token, USER, subprotocol=subprotocol)
    assert established["type"] == delivery.ESTABLISHED
    assert established["connection_id"].startswith("ws_conn_anasilva_")
    assert line.subprotocol == ("jwt-auth" if subprotocol else None)
    await line.close()


async def test_a_name_that_no_header_can_hold_is_refused(backend: SmallBackend, site: Hosted) -> None:
    """Some servers never answer a handshake with such a header: it is not sent, and others are served on."""
    with pytest.raises(BackendRefused, match="too long"):
        await open_line(site, await backend.tokens.issue(USER), "a" * 9_999)
    line, _ = await open_line(site, await backend.tokens.issue(USER), USER)
    await line.close()


async def test_a_bad_token_is_refused_with_1008(site: Hosted) -> None:
    """The line is closed, and nothing is said on it."""
    with pytest.raises(BackendRefused, match="code 1008"):
        await open_line(site, "tok.of-nobody", USER)


async def test_a_client_without_a_name_is_one(backend: SmallBackend, site: Hosted) -> None:
    """The simulated middleware can have no name for a client whose token is good."""
    token = await backend.tokens.issue(USER)
    assert "_anonymous" in await connect(site, token, named=False)
    assert "_anasilva_" in await connect(site, token)


async def test_a_preliminary_id_reaches_the_backend(backend: SmallBackend, site: Hosted) -> None:
    """What was handed out before the handshake is part of it, whatever characters it has."""
    token = await backend.tokens.issue(USER)
    assert await connect(site, token, USER, preliminary_id="früh_1 /?") == "früh_1 /?"


@pytest.mark.parametrize("text", ["", "no json", "[]", '{"type": 7}', '{"type": "unknown"}', b"\xff\x00"])
async def test_a_malformed_message_gets_an_error_and_keeps_the_line(
    backend: SmallBackend, site: Hosted, text: str | bytes
) -> None:
    """The next message is carried out as if nothing had been."""
    async with Swarm(site, backend.tokens.issue) as swarm:
        client = await swarm.open(await swarm.join(USER))
        await client.send(text)
        task = await client.start()
        await swarm.settle()
        assert client.answers[0]["code"] == "bad_message"
        assert task.complete


async def test_everything_goes_when_the_line_closes(backend: SmallBackend, site: Hosted) -> None:
    """After the last connection the registry and the factory are as empty as before the first."""
    async with Swarm(site, backend.tokens.issue) as swarm:
        client = await swarm.open(await swarm.join(USER))
        await client.start()
        await swarm.settle()
        assert await site.held() == {"connections": 1, "runs": 1, "resources": 1}
        await client.close()
        async with asyncio.timeout(5):
            while any((await site.held()).values()):
                await asyncio.sleep(0)


async def test_what_a_backend_raises_is_told(backend: SmallBackend, site: Hosted) -> None:
    """An exception while a connection is served ends that connection, and is what the site's check raises."""

    async def connect_badly(handshake: Handshake) -> Connection:
        raise LookupError("no such table")

    backend.sockets.connect = connect_badly  # type: ignore[method-assign]
    with pytest.raises(BackendBroke, match="code 1011"):
        await open_line(site, await backend.tokens.issue(USER), USER)
    with pytest.raises(BackendBroke, match="LookupError: no such table"):
        site.check()


async def test_a_server_that_pings_ends_a_half_open_line(backend: SmallBackend) -> None:
    """A line that answers no ping goes, with what it holds."""
    async with hosted(backend, keepalive=0.1) as site:
        line, _ = await open_line(site, await backend.tokens.issue(USER), USER)
        line.transport.pause_reading()
        async with asyncio.timeout(10):
            while (await site.held())["connections"]:
                await asyncio.sleep(0.01)
        line.transport.abort()


class _Keeps(Delivery):
    """Keeps the handshakes that it sees, and how lines ended."""

    seen: list[Handshake]
    ends: list[bool]

    async def admit(self, handshake: Handshake) -> Connection:
        self.seen = [*getattr(self, "seen", []), handshake]
        return await super().admit(handshake)

    async def close(self, line: Any, clean: bool) -> None:
        await super().close(line, clean)
        self.ends = [*getattr(self, "ends", []), clean]


async def _gone(delivery: Delivery) -> None:
    """Waits until the server has let go of every line."""
    async with asyncio.timeout(10):
        while delivery.lines:
            await asyncio.sleep(0)


async def test_a_connection_is_told_its_id_its_user_and_what_can_be_asked() -> None:
    """Before anything else."""
    backend = SmallBackend()
    async with hosted(backend) as site:
        line, first = await open_line(site, await backend.tokens.issue("ana"), "ana")
        assert (first["type"], first["user_id"]) == (messages.ESTABLISHED, "ana")
        assert list(site.application.delivery.lines) == [first["connection_id"]]
        assert tuple(first["features"]) == messages.FEATURES
        await line.close()


async def test_what_a_middleware_said_is_no_header_of_the_backends() -> None:
    """Names are lower-case; the user and the preliminary ID are as they were given, letter for letter."""
    backend = SmallBackend(_Keeps)
    async with hosted(backend) as site:
        delivery = site.application.delivery
        assert isinstance(delivery, _Keeps)
        token = await backend.tokens.issue("ana")
        for user, named, preliminary in (("ä b\n%", True, "ws/1"), (None, True, None), ("ana", False, None)):
            line, _ = await open_line(site, token, user, named=named, preliminary_id=preliminary)
            await line.close()
        assert [(seen.user, seen.preliminary_id) for seen in delivery.seen] == [
            ("ä b\n%", "ws/1"),
            # A client that no middleware stands before is whom its token says.
            ("ana", None),
            (None, None),
        ]
        for seen in delivery.seen:
            assert seen.token == token
            assert not {messages.USER_HEADER, messages.PRELIMINARY_HEADER} & set(seen.headers)
            assert all(name == name.lower() for name in seen.headers)
            assert seen.path == "/ws"


async def test_a_refused_connection_is_closed_with_1008_and_leaves_nothing() -> None:
    """It is no break of the backend."""
    async with hosted(SmallBackend()) as site:
        with pytest.raises(BackendRefused, match="1008"):
            await open_line(site, "of nobody")
        assert await site.held() == {"connections": 0, "runs": 0, "resources": 0}
        site.check()


async def test_a_message_under_a_withdrawn_token_ends_the_connection_and_is_not_carried_out() -> None:
    """With the code of a refusal."""
    backend = SmallBackend()
    async with hosted(backend) as site:
        token = await backend.tokens.issue("ana")
        line, _ = await open_line(site, token, "ana")
        await backend.tokens.withdraw(token)
        await line.send(json.dumps({"type": "start_run"}))
        with pytest.raises(ConnectionClosed):
            await line.recv()
        assert line.close_code == messages.REFUSED
        await _gone(site.application.delivery)
        assert await site.held() == {"connections": 0, "runs": 0, "resources": 0}


@pytest.mark.parametrize("clean", [True, False])
async def test_the_end_of_a_line_is_told_with_how_it_came(clean: bool) -> None:
    """A closing handshake is clean, a connection that is simply gone is not; its runs stop either way."""
    backend = SmallBackend(_Keeps)
    async with hosted(backend) as site:
        delivery = site.application.delivery
        assert isinstance(delivery, _Keeps)
        line, _ = await open_line(site, await backend.tokens.issue("ana"), "ana")
        await line.send(json.dumps({"type": "start_run", "hold": True}))
        await line.recv()
        if clean:
            await line.close()
        else:
            line.transport.abort()
        await _gone(delivery)
        async with asyncio.timeout(10):
            while not getattr(delivery, "ends", []):
                await asyncio.sleep(0)
        assert delivery.ends == [clean]
        assert (await site.held())["resources"] == 0
        site.check()


class _Breaks(Delivery):
    async def begin(self, line: Any, thread: str | None) -> Run:
        raise LookupError("the table is gone")


async def test_the_first_thing_that_breaks_is_kept_and_the_connection_is_closed_with_1011() -> None:
    """Whoever checks the site is told; a later break does not replace it."""
    backend = SmallBackend(_Breaks)
    async with hosted(backend) as site:
        line, _ = await open_line(site, await backend.tokens.issue("ana"), "ana")
        await line.send(json.dumps({"type": "start_run"}))
        with pytest.raises(ConnectionClosed):
            await line.recv()
        assert line.close_code == 1011
        site.application.note_break(ValueError("later"))
        with pytest.raises(BackendBroke, match="raised LookupError: the table is gone"):
            site.check()


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
        assert "is silent: no connection_established within 0.21 s of the handshake" in await _error(site)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(1)
        sentence = await _error(_at(f"ws://127.0.0.1:{deaf.getsockname()[1]}/ws"))
    assert sentence.endswith("did not answer the handshake within 0.21 s")


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
