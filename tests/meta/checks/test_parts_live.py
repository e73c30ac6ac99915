"""Tests of what the checks over real sockets share: where they connect, and whom they bring."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from id_isolation.backend.protocol import BackendBroke, Missing
from id_isolation.checks.context import CheckContext
from id_isolation.checks.parts.live import issuer, several_sockets, site_of, swarm_of, users_of
from id_isolation.power.twins.connections import NewestWins, SecondRefused
from id_isolation.world.delivery import Delivery
from id_isolation.world.effort import Effort
from id_isolation.world.world import Inconclusive, NotApplicable

from ..bare import Bare, context_on
from .served import probe_of


async def _address(world: CheckContext) -> str:
    async with site_of(world) as site:
        return site.address


def test_a_backend_is_served_in_this_process_unless_it_is_served_already() -> None:
    """Then its own place is taken as it is, and no port is asked for."""
    world = probe_of("E1")
    assert world.run(_address(world)).startswith("ws://127.0.0.1:")
    world.close()
    own: Any = Bare()
    own.site = SimpleNamespace(address="wss://elsewhere/ws", outside=True)
    world = context_on(own, "E1")
    assert world.run(_address(world)) == "wss://elsewhere/ws"
    world.close()


@pytest.mark.parametrize(
    ("missing", "error"),
    [
        ({}, NotApplicable("the backend declares no sockets")),
        ({"sockets": Missing("it has none")}, NotApplicable("it has none")),
        ({"sockets": Missing("they do not import", broken=True)}, BackendBroke("they do not import")),
    ],
    ids=["not-declared", "missing", "broken"],
)
def test_a_backend_without_sockets_is_not_served(missing: Mapping[str, Missing], error: Exception) -> None:
    """The reason is the backend's own, where it gives one."""
    world = context_on(Bare(missing=missing), "E1")
    with pytest.raises(type(error), match=str(error)):
        world.run(_address(world))
    world.close()


def _served_for_real(processes: int, **parts: Any) -> CheckContext:
    return probe_of("E1", effort=Effort(0.2, (("real_services", str(processes)),)), **parts)


def test_real_services_take_a_source_tree_and_tokens_that_can_be_shared() -> None:
    """One process alone is no such service, and takes neither."""
    for parts in ({}, {"root": "/nowhere", "tokens": SimpleNamespace(issue=None)}):
        world = _served_for_real(2, **parts)
        with pytest.raises(NotApplicable, match="a source tree, and tokens that several processes can know"):
            world.run(_address(world))
        world.close()
    world = _served_for_real(1)
    assert world.run(_address(world)).startswith("ws://127.0.0.1:")
    world.close()


async def test_a_token_is_issued_by_the_place_before_the_backend() -> None:
    """An endpoint knows its own users' tokens; another place has none to give."""

    async def named(user: str) -> str:
        return f"the endpoint's token of {user}"

    async def issued(site: Any) -> tuple[str, Any]:
        world = probe_of("E1", site=site)
        return await issuer(world)("ana"), world.backend.tokens

    assert (await issued(SimpleNamespace(issue=named)))[0] == "the endpoint's token of ana"
    token, tokens = await issued(SimpleNamespace())
    assert tokens.user_of(token) == "ana"


@pytest.mark.parametrize(
    ("delivery", "several"),
    [(Delivery, True), (NewestWins, False), (SecondRefused, False)],
    ids=["as-many-as-they-like", "the-newest-only", "none-while-there-is-one"],
)
def test_whether_a_user_may_have_several_sockets_is_tried_and_leaves_nothing(
    delivery: type[Delivery], several: bool
) -> None:
    """Neither in the history nor on the server; what was in the history before stays there."""
    world = probe_of("E1", delivery)

    async def play() -> tuple[bool, set[str], Any]:
        async with swarm_of(world) as swarm:
            await swarm.open(await swarm.join("ben"))
            found = await several_sockets(world, swarm, "ana")
            return found, {event.user for event in swarm.history if event.socket}, await swarm.site.held()

    found, users, held = world.run(play())
    assert (found, users, held["connections"]) == (several, {"ben"}, 1)
    world.close()


def test_ordinary_users_are_as_many_as_are_asked_for_and_all_different() -> None:
    """Which ones hangs on the seed alone."""
    bare, again, other = (context_on(Bare(), "E1", seed=seed) for seed in (1, 1, 2))
    assert len(set(users_of(bare, 30))) == 30
    assert users_of(bare, 30) == users_of(again, 30) != users_of(other, 30)


@pytest.mark.parametrize(("most", "brought"), [(1, 2), (3, 3), (0, 8)])
def test_no_more_users_are_brought_than_a_server_serves_at_once(most: int, brought: int) -> None:
    """One that has a single loop, and says so, is asked by two: fewer could not be mixed up."""
    backend: Any = Bare()
    backend.site = SimpleNamespace(outside=True, max_parallel=most)
    assert len(users_of(context_on(backend, "E1"), 8)) == brought


def _knowing(*users: str) -> CheckContext:
    backend: Any = Bare()
    backend.users_to_judge = users
    return context_on(backend, "E1")


def test_of_users_that_a_backend_knows_itself_as_many_are_brought_as_there_are() -> None:
    """In its own order, and no more than are asked for."""
    assert users_of(_knowing("zoe", "ana", "ben"), 2) == ["zoe", "ana"]
    assert users_of(_knowing("zoe", "ana"), 9) == ["zoe", "ana"]


@pytest.mark.parametrize("users", [(), ("ana",)], ids=["nobody", "one"])
def test_fewer_than_two_known_users_judge_nothing(users: tuple[str, ...]) -> None:
    """Nobody could be mixed up with anybody."""
    with pytest.raises(Inconclusive, match=f"there is a token for {len(users)};"):
        users_of(_knowing(*users), 4)
