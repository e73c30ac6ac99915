"""The server authenticates each connection, asks for every message whether the token still stands, and tidies up."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from id_isolation.backend.protocol import BackendBroke, BackendRefused, Connection, Handshake
from id_isolation.world import delivery as messages
from id_isolation.world.delivery import Delivery, Run
from id_isolation.world.socket_server import hosted, open_line

from .backends import SmallBackend


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
