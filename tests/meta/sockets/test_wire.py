"""The injectors: each does to a line what it says, and to no other line."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import AsyncIterator, Awaitable, Callable
from random import Random

import pytest
import pytest_asyncio

from id_isolation.world import swarm as wire
from id_isolation.world.oracle import Did, anomalies
from id_isolation.world.socket_client import Client
from id_isolation.world.socket_server import hosted
from id_isolation.world.swarm import Swarm

from .backends import SmallBackend

ENDS: dict[str, tuple[Callable[[Client], Awaitable[None]], int | None]] = {
    "reset": (wire.reset, 1006),
    "vanish": (wire.vanish, 1006),
    "garbage": (lambda client: wire.garbage(client, Random(1)), 1002),
    "oversize": (wire.oversize, 1009),
}


@pytest_asyncio.fixture
async def swarm() -> AsyncIterator[Swarm]:
    backend = SmallBackend()
    async with hosted(backend) as site, Swarm(site, backend.tokens.issue) as swarm:
        yield swarm


@pytest.mark.parametrize("way", ENDS)
async def test_an_injector_ends_its_line_and_no_other(swarm: Swarm, way: str) -> None:
    """The server lets go of the one, and the other goes on; the history says who wanted it."""
    end, code = ENDS[way]
    hurt, spared = await swarm.open_all([await swarm.join(name) for name in ("ana.silva", "ben.weber")])
    await hurt.start(hold=True)
    await hurt.sync()
    await end(hurt)
    async with asyncio.timeout(5):
        while (await swarm.site.held() or {})["connections"] > 1:
            await asyncio.sleep(0)
    task = await spared.start()
    await swarm.settle()
    assert task.complete
    assert hurt.code == code
    assert {step.did for step in swarm.history if step.socket == hurt.number} >= {Did.CUT, Did.CLOSE}
    assert anomalies(swarm.history) == []


async def test_a_message_in_pieces_is_one_message(swarm: Swarm) -> None:
    """Frames of a byte at a time make one run, as if it had been asked for at once."""
    client = await swarm.open(await swarm.join("ana.silva"))
    task = await client.start(send=wire.in_pieces)
    await swarm.settle()
    assert task.events == 5


@pytest.mark.parametrize("way", ["in pieces", "garbage"])
async def test_what_is_put_on_a_line_that_the_server_has_ended_stays_unsent(swarm: Swarm, way: str) -> None:
    """As with a message that is sent in order: the history shows that the line closed."""
    client = await swarm.open(await swarm.join("ana.silva"))
    (line,) = swarm.site.application.delivery.lines.values()  # type: ignore[attr-defined]
    await line.close(4000, "enough")
    await client.closed.wait()
    await (wire.in_pieces(client, "{}") if way == "in pieces" else wire.garbage(client, Random(1)))
    assert client.code == 4000


async def test_a_slow_reader_loses_nothing(swarm: Swarm) -> None:
    """What piled up while it did not read is there when it reads again, and nobody waited for it."""
    slow, other = await swarm.open_all([await swarm.join(name) for name in ("ana.silva", "ben.weber")])
    wire.mute(slow)
    tasks = [await slow.start() for _ in range(20)]
    own = await other.start()
    await other.sync()
    assert own.complete
    assert not any(task.events for task in tasks)
    wire.listen_again(slow)
    await swarm.settle()
    assert all(task.complete for task in tasks)


async def test_a_storm_leaves_one_new_connection_for_each_user(swarm: Swarm) -> None:
    """Every round has new connection IDs; those of the last are open."""
    people = [await swarm.join(name) for name in ("ana.silva", "ben.weber", "eva.novak")]
    last = await wire.storm(swarm, people, rounds=4)
    opened = [step.connection for step in swarm.history if step.did is Did.OPEN]
    assert len(set(opened)) == 12
    assert not any(client.closed.is_set() for client in last)


def test_too_few_open_files_are_raised_or_said() -> None:
    """The soft limit goes up as far as it may; beyond the hard limit the sentence says what to raise."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 512), hard))
        assert wire.file_limit(500) == ""
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= 1000
        if hard != resource.RLIM_INFINITY:
            assert f"{hard} are allowed" in wire.file_limit(hard)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
