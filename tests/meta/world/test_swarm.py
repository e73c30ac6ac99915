"""A swarm against a server that has none of the suite's own features, as a deployed endpoint has none.

Figures and progress of a load. The figures of a load that several workers shared. The injectors: each does to a line
what it says, and to no other line.
"""

from __future__ import annotations

import asyncio
import json
import resource
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest
import pytest_asyncio

from id_isolation.history.events import FIVE_EVENTS, Act
from id_isolation.history.finding import Outcome
from id_isolation.power.faults.events import NeverCompletes, OutOfOrder, ToEverybody
from id_isolation.power.faults.lost_lines import ReusedConnectionId
from id_isolation.rules.judging import anomalies
from id_isolation.rules.rule import Circumstances
from id_isolation.world import delivery
from id_isolation.world import swarm as wire
from id_isolation.world.delivery import Delivery
from id_isolation.world.socket_client import Client, Pace
from id_isolation.world.socket_server import hosted
from id_isolation.world.swarm import Figures, Progress, Swarm, figures, into_file, reported, together, total

from .backends import SmallBackend, judged

ENDS: dict[str, tuple[Callable[[Client], Awaitable[None]], int | None]] = {
    "reset": (wire.reset, 1006),
    "vanish": (wire.vanish, 1006),
    "garbage": (lambda client: wire.garbage(client, Random(1)), 1002),
    "oversize": (wire.oversize, 1009),
}


@pytest.fixture
def _plain_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be held or synced; a swarm waits until it has what is due and all is quiet."""
    monkeypatch.setattr(delivery, "FEATURES", ())
    monkeypatch.setenv("ID_ISOLATION_TIME_UNIT", "0.3")


@pytest.mark.usefixtures("_plain_server")
@pytest.mark.parametrize("check", ["E1", "E2", "E3", "E6", "M1", "M2", "M3"])
def test_a_plain_server_can_be_judged(check: str) -> None:
    """What needs no feature is judged all the same."""
    verdict = judged(check)
    assert verdict.outcome is Outcome.PASSED, verdict


@pytest.mark.usefixtures("_plain_server")
@pytest.mark.parametrize(
    ("check", "fault"), [("E1", ToEverybody), ("E2", OutOfOrder), ("M1", NeverCompletes), ("E6", ReusedConnectionId)]
)
def test_faults_of_a_plain_server_are_caught(check: str, fault: type[Delivery]) -> None:
    """And so is what is wrong with it; a lost event is waited for, within a deadline."""
    assert judged(check, fault).outcome is Outcome.FAILED


@pytest.mark.usefixtures("_plain_server")
def test_where_a_start_alone_names_anything_that_is_judged() -> None:
    """Naming a run in a message is the suite's own protocol; a thread, anybody's."""
    assert judged("E4").outcome is Outcome.PASSED


async def _loaded(delivery: type[Delivery] | None, progress: list[Progress]) -> Figures:
    backend = SmallBackend(delivery)
    async with hosted(backend) as site, Swarm(site, backend.tokens.issue) as swarm:
        people = [await swarm.join(name) for name in ("ana.silva", "ben.weber", "eva.novak")]
        async with reported(swarm, 3, 3, progress.append):
            clients = await swarm.open_all(people)
            await together(client.start() for client in clients)
            await swarm.settle()
    return figures(swarm, 1.5)


async def test_figures_of_a_sound_server() -> None:
    """Everything due is delivered, and the progress ends at the whole."""
    progress: list[Progress] = []
    result = await _loaded(None, progress)
    assert (result.users, result.opened, result.delivered) == (3, 3, 15)
    assert (result.lost, result.misdelivered) == (0, 0)
    assert 0 < result.p50 <= result.p99
    assert progress[-1].share == 1.0
    assert "15 events delivered, 0 lost, 0 misdelivered" in str(result)


async def test_a_line_that_is_gone_by_then_can_be_reset() -> None:
    """It is over all the same, whichever side was first."""
    backend = SmallBackend(None)
    async with hosted(backend) as site, Swarm(site, backend.tokens.issue) as swarm:
        client = await swarm.open(await swarm.join("ana.silva"))
        client.line.transport.abort()
        await client.closed.wait()
        await wire.reset(client)
        assert client.gone


async def test_figures_of_faulty_servers() -> None:
    """What is lost and what went to others is counted."""
    assert (await _loaded(NeverCompletes, [])).lost == 3
    assert (await _loaded(ToEverybody, [])).misdelivered == 30


def test_progress_goes_into_a_file_line_by_line(tmp_path: Path) -> None:
    """Whoever draws the bar in another process reads the last line."""
    report = into_file(tmp_path / "progress")
    report(Progress(1, 2, 0, 10))
    report(Progress(2, 2, 10, 10))
    lines = (tmp_path / "progress").read_text().splitlines()
    assert [json.loads(line)["share"] for line in lines] == [1 / 12, 1.0]


def test_numbers_are_added_up_and_of_times_and_memory_the_worst_is_told() -> None:
    """Of one worker they stay what they are."""
    one = Figures(3, 6, 90, 1, 0, p50=4.0, p99=50.0, seconds=2.0, memory=70.0)
    other = Figures(2, 4, 60, 0, 2, p50=5.0, p99=40.0, seconds=1.0, memory=80.0)
    assert total([one]) == one
    assert total([one, other]) == Figures(5, 10, 150, 1, 2, p50=5.0, p99=50.0, seconds=2.0, memory=80.0)


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
    assert {event.act for event in swarm.history if event.socket == hurt.number} >= {Act.CUT, Act.CLOSE}
    assert anomalies(swarm.history, Circumstances()) == []


async def test_no_answer_to_a_ping_ends_up_inside_a_message_that_is_sent_in_pieces() -> None:
    """A server may ping as often as it likes."""
    backend = SmallBackend()
    async with hosted(backend, keepalive=5) as site, Swarm(site, backend.tokens.issue) as swarm:
        client = await swarm.open(await swarm.join("ana"))
        connection = next(iter(site.application.delivery.lines.values())).close.__self__  # type: ignore[attr-defined]

        async def ping() -> None:
            while True:
                await connection.ping()
                await asyncio.sleep(0)

        pinging = asyncio.create_task(ping())
        for _ in range(5):
            task = await client.start(send=wire.in_pieces)
            await client.sync()
            assert task.complete
        pinging.cancel()
        assert not client.closed.is_set()


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
    opened = [event.connection for event in swarm.history if event.act is Act.CONNECT]
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


async def test_what_is_lost_is_waited_for_in_full_once() -> None:
    """Nobody waits for it again, and for what is due later less: a leak that loses much is told in time."""
    site = SimpleNamespace(outside=True, pace=Pace(0.01, 0.5), check=lambda: None)

    async def issue(user: str) -> str:
        return f"token of {user}"

    swarm = Swarm(site, issue)
    ana = await swarm.join("ana")
    swarm.clients.append(SimpleNamespace(number=1, closed=asyncio.Event(), features=frozenset()))  # type: ignore[arg-type]
    took = []
    for due in (True, False, True):
        if due:
            ana.new_task(1, FIVE_EVENTS)
        began = asyncio.get_running_loop().time()
        await swarm.settle()
        took.append(asyncio.get_running_loop().time() - began)
    first, none_due, second = took
    assert first > second > none_due
    assert swarm.history.waited_in_vain
