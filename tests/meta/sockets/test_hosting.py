"""The server: handshakes, refusals, the first message, malformed input, and the end of a line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from id_isolation.backend.protocol import BackendBroke, BackendRefused, Connection, Handshake
from id_isolation.world import delivery
from id_isolation.world.socket_server import Hosted, connect, hosted, open_line
from id_isolation.world.swarm import Swarm

from .backends import SmallBackend

USER = "ana.silva"


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
