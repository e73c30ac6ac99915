"""Connections of a few lines, a registry that holds them, and what X5 has tasks say of both."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from itertools import count
from typing import Any

from id_isolation.backend.protocol import Connection, ContextIds, Handshake
from id_isolation.checks.context import CheckContext
from id_isolation.checks.parts.program import Program
from id_isolation.checks.parts.programs_of_doors import connecting
from id_isolation.plan.kinds import Level, Surface

from ..bare import Bare, context_on
from .small import Tokens

Fits = Callable[[ContextIds, str, str], bool]

APART, ALIKE = "connections", "connections of one user"
TASKS = [(APART, 2), (ALIKE, 2), (APART, 3), (ALIKE, 3)]
"""The programs of tasks, by name and lanes."""


class Sockets:
    """Lets others in between a connection's token and its ID; `last` is whoever came last."""

    def __init__(self) -> None:
        self.numbers = count()
        self.last = ""

    async def connect(self, handshake: Handshake) -> Connection:
        user = self.last = handshake.token.removeprefix("token of ")
        await asyncio.sleep(0)
        return self.opened(user, next(self.numbers))

    def opened(self, user: str, number: int) -> Connection:
        return Connection(self.id_of(user, number), user, self.context(user, f"run_{number}"))

    def id_of(self, user: str, number: int) -> str:
        return f"ws_conn_{user}_1726234567890_{number}_{number:08x}"

    def context(self, user: str, run: str) -> ContextIds | None:
        return ContextIds(user, "thread", run, "request")


def by_run(context: ContextIds, user: str, run: str) -> bool:
    return (context.user, context.run) == (user, run)


class Registry:
    """Holds a context by a name, and releases what fits."""

    def __init__(self, fits: Fits = by_run) -> None:
        self.fits = fits
        self.kept: dict[str, ContextIds] = {}

    async def register(self, context: ContextIds, resource: str) -> None:
        self.kept[resource] = context

    async def release(self, user: str, run: str) -> Collection[str]:
        gone = [name for name, context in self.kept.items() if self.fits(context, user, run)]
        for name in gone:
            del self.kept[name]
        return gone

    async def held(self) -> Mapping[str, ContextIds]:
        return dict(self.kept)


def backend_of(sockets: Any = None, registry: Any = None, tokens: Tokens | None = None) -> Bare:
    return Bare(tokens=tokens or Tokens(), sockets=sockets or Sockets(), cleanup=registry)


def connecting_probe(backend: Bare) -> CheckContext:
    return context_on(backend, "X5", Surface.WEBSOCKET, Level.STRICT)


def results_of(world: CheckContext, program: Program) -> list[Any]:
    """All lanes at once where they are tasks, and one by one where they are threads."""

    async def at_once() -> list[Any]:
        return list(await asyncio.gather(*(work() for work in program.work)))

    return world.run(at_once()) if program.of == "tasks" else [work() for work in program.work]


def said_of_tasks(backend: Bare) -> dict[tuple[str, int], str]:
    """What the tasks of each program come to that is wrong, by the program's name and lanes."""
    world = connecting_probe(backend)
    try:
        programs = [program for program in connecting(world) if program.of == "tasks"]
        told = {
            (program.name, program.lanes): program.violated(results_of(world, program)) or "" for program in programs
        }
    finally:
        world.close()
    assert list(told) == TASKS
    return {program: said for program, said in told.items() if said}
