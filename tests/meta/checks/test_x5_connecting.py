"""Tests of what X5 has lanes do with connections, and of what it says of connections that got mixed up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from id_isolation.backend.protocol import Connection, ContextIds, Handshake
from id_isolation.checks.parts.programs_of_doors import connecting
from id_isolation.plan.kinds import Kind

from .connected import ALIKE, APART, TASKS, Registry, Sockets, backend_of, connecting_probe, results_of, said_of_tasks
from .small import Tokens


def test_connections_are_opened_by_tasks_before_threads() -> None:
    """Two and three, of as many users and of one; the registry comes last, where there is one."""
    shapes = [(name, lanes, of) for of in ("tasks", "threads") for name, lanes in TASKS]
    for registry, more in ((None, 0), (Registry(), 4)):
        world = connecting_probe(backend_of(registry=registry))
        programs = connecting(world)
        world.close()
        assert [(program.name, program.lanes, program.of) for program in programs[: len(shapes)]] == shapes
        assert len(programs) == len(shapes) + more
        assert {program.kind for program in programs} == {Kind.CONNECTION}


def test_a_service_that_can_be_paced_lets_others_come_in_between() -> None:
    """For one turn each time."""

    class _Paced(Tokens):
        turns: Callable[[str], int]

        def pace(self, turns: Callable[[str], int]) -> None:
            self.turns = turns

    tokens = _Paced()
    world = connecting_probe(backend_of(tokens=tokens))
    connecting(world)
    world.close()
    assert tokens.turns("token of ana") == 1


class _Nameless(Sockets):
    """Says nothing of a user: neither the ID nor the connection, nor a context."""

    def opened(self, user: str, number: int) -> Connection:
        return Connection(f"{number:x}", "")


class _ManyNames(Sockets):
    """Shows another name of the user each time."""

    def id_of(self, user: str, number: int) -> str:
        return super().id_of(f"{user}{number}", number)


class _OneRunEach(Sockets):
    def context(self, user: str, run: str) -> ContextIds | None:
        return super().context(user, f"run_of_{user}")


class _OneLineEach(Registry):
    """A user's new line replaces the last one."""

    async def register(self, context: ContextIds, resource: str) -> None:
        self.kept = {name: kept for name, kept in self.kept.items() if kept.user != context.user}
        await super().register(context, resource)


@pytest.mark.parametrize(
    "make",
    [Sockets, _Nameless, _ManyNames, _OneRunEach],
    ids=["named", "nameless", "many names", "a run for each user"],
)
@pytest.mark.parametrize(
    "registry", [type(None), Registry, _OneLineEach], ids=["not held", "held", "one for each user"]
)
def test_connections_that_are_each_their_users_pass(make: type[Sockets], registry: Callable[[], Any]) -> None:
    """That a user has one run, or that a second line replaces the first, is a policy."""
    assert said_of_tasks(backend_of(make(), registry())) == {}


def test_threads_with_a_loop_each_open_as_many_connections() -> None:
    """Each with an ID of its own."""
    world = connecting_probe(backend_of())
    programs = [program for program in connecting(world) if program.of == "threads"]
    for program in programs:
        opened = results_of(world, program)
        assert len({one.connection_id for one in opened}) == program.lanes
        assert program.violated([*opened, None]) is None
        assert "were given one connection ID" in str(program.violated([*opened, opened[0]]))
    world.close()


class _OfTheLast(Sockets):
    def opened(self, user: str, number: int) -> Connection:
        return super().opened(self.last, number)


class _NamesTheLast(Sockets):
    def id_of(self, user: str, number: int) -> str:
        return super().id_of(self.last, number)


class _CountsFirst(Sockets):
    """Takes a number before it waits, and the next one takes the same."""

    opening = 0

    async def connect(self, handshake: Handshake) -> Connection:
        number = self.opening
        connection = await super().connect(handshake)
        self.opening = number + 1
        return self.opened(connection.user, number)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_OfTheLast, {APART: "connected, and the connection ws_conn_"}),
        (_NamesTheLast, {APART: "connected, and the connection ID ws_conn_"}),
        (_CountsFirst, {APART: "given one run, run_", ALIKE: "given one connection ID, ws_conn_"}),
    ],
    ids=["another's", "names another", "given twice"],
)
def test_a_connection_that_is_anothers_or_given_twice_is_told(make: type[Sockets], said: dict[str, str]) -> None:
    """By the programs that can show it: those of several users, or of one as well."""
    told = said_of_tasks(backend_of(make()))
    assert set(told) == {program for program in TASKS if program[0] in said}
    assert all(said[name] in sentence for (name, _), sentence in told.items())


@pytest.mark.parametrize("owner", ["", "admin"])
def test_a_connection_id_that_leads_elsewhere_is_told(owner: str) -> None:
    """Where the backend has a look-up, and it knows connections at all."""
    backend = backend_of(_Nameless())

    async def owner_of(kind: Kind, text: str) -> str | None:
        return owner or None

    backend.owner_of = owner_of  # type: ignore[attr-defined]
    told = said_of_tasks(backend)
    assert list(told) == (TASKS if owner else [])
    assert all(sentence.endswith("leads to admin.") for sentence in told.values())


class _PutBack(Registry):
    """Copies what is held, waits, and puts the copy back."""

    async def register(self, context: ContextIds, resource: str) -> None:
        held = {**self.kept, resource: context}
        await asyncio.sleep(0)
        self.kept = held


class _OneForAll(Registry):
    async def register(self, context: ContextIds, resource: str) -> None:
        self.kept = {resource: context}


class _OfTheFirst(Registry):
    """Holds every line for whoever came first."""

    async def register(self, context: ContextIds, resource: str) -> None:
        await super().register(next(iter(self.kept.values()), context), resource)


@pytest.mark.parametrize(
    ("make", "said"),
    [(_PutBack, "is not held."), (_OneForAll, "is not held."), (_OfTheFirst, "is held for ")],
    ids=["put back", "one for all", "of the first"],
)
def test_a_line_that_is_lost_to_another_user_is_told(make: type[Registry], said: str) -> None:
    """With whose it was; of one user's lines the second may replace the first."""
    told = said_of_tasks(backend_of(registry=make()))
    assert set(told) == {program for program in TASKS if program[0] == APART}
    assert all("registered by " in sentence and said in sentence for sentence in told.values())
