"""Tests of E1 and E2 over real sockets: what delivery can do wrong with a run's events, and what it may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from id_isolation.backend.protocol import Backend, ContextIds
from id_isolation.checks.e1_own_events_only import each_user_receives_its_own_events
from id_isolation.checks.e2_five_events_in_order import runs_have_their_five_events
from id_isolation.checks.parts.live import overlapping_runs, swarm_of
from id_isolation.drivers.services import Fleet
from id_isolation.power.faults.events import NeverCompletes, OutOfOrder, ToEverybody, Twice
from id_isolation.power.twins.connections import NewestWins, SecondRefused, ToAllOwnSockets
from id_isolation.world.delivery import RUN_EVENTS, Delivery, Line, Run
from id_isolation.world.socket_server import Hosted

from .served import probe_of, served_as, symptoms

pytestmark = pytest.mark.usefixtures("_short_unit")

Event = Mapping[str, Any]


class _NamesSomebodyElse(Delivery):
    async def deliver(self, run: Run, event: Event) -> None:
        await super().deliver(run, {**event, "user_id": "admin"})


class _NamesNobody(Delivery):
    async def deliver(self, run: Run, event: Event) -> None:
        await super().deliver(run, {name: part for name, part in event.items() if name != "user_id"})


class _OneThreadForAll(Delivery):
    async def context(self, line: Line) -> ContextIds:
        return replace(await super().context(line), thread="thread_of_all")


class _OneThreadForEach(Delivery):
    async def context(self, line: Line) -> ContextIds:
        return replace(await super().context(line), thread=f"thread_of_{line.user}")


class _HangsUp(Delivery):
    """Closes a line as soon as a run on it is over."""

    async def deliver(self, run: Run, event: Event) -> None:
        await super().deliver(run, event)
        line = self.lines.get(run.connection_id)
        if event["type"] == RUN_EVENTS[-1] and line is not None:
            await line.close(4000, "enough")


class _TellsMore(Delivery):
    """Sends something of its own with each event, and the same each time."""

    async def deliver(self, run: Run, event: Event) -> None:
        await super().deliver(run, event)
        await super().deliver(run, {"type": "heartbeat", "run_id": run.context.run})


class _ThirdIsAnothers(Delivery):
    """The third event has a run ID that no other has."""

    async def deliver(self, run: Run, event: Event) -> None:
        other = {"run_id": f"{run.context.run}_of_the_tool"} if event["type"] == RUN_EVENTS[2] else {}
        await super().deliver(run, {**event, **other})


class _SecondIsTheFirst(Delivery):
    """The second run of a line is called like the first."""

    async def deliver(self, run: Run, event: Event) -> None:
        first, second, *_ = [*(one.context.run for one in self.runs.values() if self._beside(one, run)), "", ""]
        await super().deliver(run, {**event, "run_id": first} if run.context.run == second else event)

    def _beside(self, one: Run, run: Run) -> bool:
        return one.connection_id == run.connection_id


class _CountsByItself(Delivery):
    """Each server counts its runs from one, and writes nothing else into their IDs."""

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend)
        self.numbers = count(1)

    async def context(self, line: Line) -> ContextIds:
        number = next(self.numbers)
        return ContextIds(line.user, f"thread_{number}", f"run_{number}", f"request_{number}")


@pytest.mark.parametrize(
    ("delivery", "found"),
    [
        *((right, set()) for right in (None, ToAllOwnSockets, NewestWins, SecondRefused)),
        *((right, set()) for right in (_NamesNobody, _OneThreadForEach, _TellsMore, _CountsByItself)),
        (ToEverybody, {"foreign-event"}),
        (_NamesSomebodyElse, {"foreign-user"}),
        (_OneThreadForAll, {"shared-id"}),
        (NeverCompletes, {"lost-event"}),
        (_HangsUp, {"cut-off"}),
    ],
)
def test_each_user_receives_all_of_its_own_events_and_nothing_else(
    delivery: type[Delivery] | None, found: set[str]
) -> None:
    """On which of its own sockets, on how many of them and with what else beside them is a policy."""
    assert symptoms(each_user_receives_its_own_events, probe_of("E1", delivery)) == found


def test_a_thread_that_is_meant_to_be_shared_is_no_shared_id() -> None:
    """The backend says so itself."""
    world = probe_of("E1", _OneThreadForAll, shares=lambda thread, user: thread == "thread_of_all")
    assert symptoms(each_user_receives_its_own_events, world) == set()


class _TwoServers(Fleet):
    """Two servers behind one address, at which the first answers."""

    def __init__(self, *servers: Hosted) -> None:
        super().__init__(servers[0].address, [])
        self.servers = servers

    @property
    def doors(self) -> list[str]:
        return [server.address for server in self.servers]

    def check(self) -> None:
        for server in self.servers:
            server.check()


@pytest.mark.parametrize(("delivery", "found"), [(None, set()), (_CountsByItself, {"shared-id"})])
def test_servers_that_do_the_same_at_once_mint_different_ids(delivery: type[Delivery] | None, found: set[str]) -> None:
    """A counter alone tells the runs of one server apart, not those of two."""
    carry_out = served_as(_TwoServers, each_user_receives_its_own_events, servers=2)
    assert symptoms(carry_out, probe_of("E1", delivery)) == found


@pytest.mark.parametrize(
    ("delivery", "found"),
    [
        *((right, set()) for right in (None, ToAllOwnSockets, _OneThreadForEach, _TellsMore)),
        (NeverCompletes, {"lost-event"}),
        (_HangsUp, {"cut-off"}),
        (Twice, {"duplicate-event"}),
        (OutOfOrder, {"out-of-order"}),
        (_ThirdIsAnothers, {"mixed-run"}),
        (_SecondIsTheFirst, {"reused-run"}),
    ],
)
def test_a_run_has_its_five_events_once_and_in_order_under_one_name(
    delivery: type[Delivery] | None, found: set[str]
) -> None:
    """Other events in between are nobody's business, and runs of one user may share a thread."""
    assert symptoms(runs_have_their_five_events, probe_of("E2", delivery)) == found


class _Ended(Delivery):
    """Keeps the runs of a line in the order in which they end."""

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend)
        self.ended: list[str] = backend.ended  # type: ignore[attr-defined]

    async def deliver(self, run: Run, event: Event) -> None:
        await super().deliver(run, event)
        if event["type"] == RUN_EVENTS[-1]:
            self.ended.append(run.context.run)


def test_overlapping_runs_are_all_under_way_at_the_same_time() -> None:
    """The first of each socket begins before the others, and ends after them."""
    ended: list[str] = []
    world = probe_of("E2", _Ended, ended=ended)

    async def play() -> list[str]:
        async with swarm_of(world) as swarm:
            client = await swarm.open(await swarm.join("ana"))
            await overlapping_runs([client], 3)
            await swarm.settle()
            return [task.run for task in client.principal.tasks.values()]

    first, *others = world.run(play())
    world.close()
    assert (set(ended[:-1]), ended[-1]) == (set(others), first)
