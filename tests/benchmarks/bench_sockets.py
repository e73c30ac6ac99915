"""Events a second through the suite's server and swarm, and judged, against a bare `websockets` echo.

Both in one process and one run, with the same clients, the same messages in the same sizes, and no compression.
The echo is asked for each event: its client sends what an event weighs and receives it back, one after the other as
an echo is used, or (`in batches`) five at once as a run has them. The history is judged when all has arrived, as in a
check: that is a line of its own.

    python -m tests.benchmarks.bench_sockets [--full]
"""

from __future__ import annotations

import asyncio
import gc
import json
import secrets
import sys
import time
from collections.abc import Iterator
from statistics import median

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve

from id_isolation.backend.protocol import Backend, ContextIds
from id_isolation.drivers.spec import on_disk, open_backend, resolve
from id_isolation.rules.judging import anomalies
from id_isolation.rules.rule import Circumstances
from id_isolation.world import delivery
from id_isolation.world import swarm as wire
from id_isolation.world.socket_client import Client
from id_isolation.world.socket_server import hosted
from id_isolation.world.swarm import Swarm, figures, together
from id_isolation.world.system import peak_memory
from id_isolation.world.users import ordinary_users

from .table import Row, run

ROUNDS, USERS, RUNS = 5, 200, 6


async def suite(backend: Backend, users: int, runs: int) -> tuple[float, float]:
    """Seconds from the first run that is started to the last event on record, and in which all are judged."""
    async with hosted(backend) as site, Swarm(site, backend.tokens.issue) as swarm:  # type: ignore[union-attr]
        clients = await swarm.open_all([await swarm.join(name) for name in ordinary_users(users)])
        started = time.perf_counter()
        await together(_runs(client, runs) for client in clients)
        await swarm.settle()
        seconds = time.perf_counter() - started
        found = anomalies(swarm.history, Circumstances())
        judging = time.perf_counter() - started - seconds
    assert not found
    assert figures(swarm, seconds).delivered == users * runs * len(delivery.RUN_EVENTS)
    return seconds, judging


async def _runs(client: Client, runs: int) -> None:
    for _ in range(runs):
        await client.start()


async def echo(users: int, runs: int, batch: int = 1) -> float:
    """Seconds in which so many bare clients have as many events of the same size echoed."""
    context = ContextIds("babab0.moreno", "thread_chat_1234_0badcafe", "run_chat_1234_0badcafe", "")
    payload = {"step": 1, "input": {"canary": f"canary.{secrets.token_hex(16)}.1234", "prompt": "summarise"}}
    events = [json.dumps(delivery.event(type_, context, payload)) for type_ in delivery.RUN_EVENTS]

    async def answer(socket: ServerConnection) -> None:
        async for text in socket:
            await socket.send(text)

    async def ask(line: ClientConnection) -> None:
        for _ in range(runs * len(events) // batch):
            for text in events[:batch]:
                await line.send(text)
            for _ in range(batch):
                await line.recv()

    settings: dict[str, object] = {"compression": None, "ping_interval": None}
    async with serve(answer, "127.0.0.1", 0, **settings) as server:  # type: ignore[arg-type]
        port = next(iter(server.sockets)).getsockname()[1]
        at_once = asyncio.Semaphore(200)

        async def open_one() -> ClientConnection:
            async with at_once:
                return await connect(f"ws://127.0.0.1:{port}", max_queue=None, proxy=None, **settings)  # type: ignore[arg-type]

        lines = await together(open_one() for _ in range(users))
        started = time.perf_counter()
        await together(ask(line) for line in lines)
        seconds = time.perf_counter() - started
        await together(line.close() for line in lines)
    return seconds


async def many(backend: Backend, sockets: int) -> str:
    """So many sockets open at once, each with a run of its own."""
    if lacking := wire.file_limit(sockets):
        return lacking
    started = time.perf_counter()
    async with hosted(backend) as site, Swarm(site, backend.tokens.issue) as swarm:  # type: ignore[union-attr]
        people = [await swarm.join(name) for name in ordinary_users(sockets // 2)]
        clients = [*await swarm.open_all(people), *await swarm.open_all(people)]
        opened = (await site.held())["connections"]
        await together(client.start() for client in clients)
        await swarm.settle()
        found = anomalies(swarm.history, Circumstances())
    seconds = time.perf_counter() - started
    return f"{opened} open, {len(found)} anomalies; {figures(swarm, seconds)}"


def measure(full: bool) -> Iterator[Row]:
    """The median of some rounds, each with all three in turn; in full also 2,000 sockets at once."""
    with on_disk(resolve("remediated")) as target:
        backend = open_backend(target.spec, target.root)
        events = USERS * RUNS * len(delivery.RUN_EVENTS)
        rounds = []
        for _ in range(ROUNDS):
            gc.collect()
            times = list(asyncio.run(suite(backend, USERS, RUNS)))
            for batch in (1, len(delivery.RUN_EVENTS)):
                gc.collect()
                times.append(asyncio.run(echo(USERS, RUNS, batch)))
            rounds.append(times)
        own, judging, bare, batched = (median(column) for column in zip(*rounds, strict=True))
        told = f"{events / own:.0f} events/s"
        for what, peer, column, least in (("one by one", bare, 2, 0.7), ("in batches of five", batched, 3, 0.5)):
            ratio = median(times[column] / times[0] for times in rounds)
            yield Row(f"beside a bare echo, {what}", told, f"{events / peer:.0f} events/s", ratio, least=least)
        yield Row("judged by every rule", f"{events / judging:.0f} events/s")
        if full:
            yield Row("2,000 sockets", asyncio.run(many(backend, 2000)))
    yield Row("peak memory", f"{peak_memory():.0f} MiB")


if __name__ == "__main__":
    sys.exit(run(measure, __doc__))
