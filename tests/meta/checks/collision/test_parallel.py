"""Tests of X1 to X3 on backends of a few lines, whose IDs repeat for a reason."""

from __future__ import annotations

import asyncio
import secrets
import threading
from itertools import count
from typing import Any

import pytest

from id_isolation.backend.protocol import Connection, Handshake
from id_isolation.checks.context import CheckContext
from id_isolation.checks.x1_threads import unique_over_threads
from id_isolation.checks.x2_tasks import unique_over_tasks
from id_isolation.checks.x3_processes import unique_over_processes
from id_isolation.plan.kinds import Level, Surface
from id_isolation.world.effort import Effort

from ...bare import context_on
from ..small import Minting, Small

FEW = Effort(0.2)


def _small(minting: Minting | None = None, sockets: Any = None) -> Small:
    backend = Small()
    backend.minting = minting or backend.minting
    backend.sockets = sockets or backend.sockets
    return backend


def _symptoms(world: CheckContext) -> set[str]:
    assert world.judged_count > 0
    return {finding.symptom for finding in world.findings}


class _PerThread(Minting):
    """Numbers what it mints for each thread apart."""

    def __init__(self) -> None:
        super().__init__()
        self.own = threading.local()

    @property
    def numbers(self) -> Any:
        if not hasattr(self.own, "numbers"):
            self.own.numbers = count()
        return self.own.numbers

    @numbers.setter
    def numbers(self, _: Any) -> None:
        """One for all is not wanted."""


class _AcrossAnAwait:
    """Reads the number of the next connection, and writes it after others had their turn."""

    def __init__(self) -> None:
        self.last = 0

    async def connect(self, handshake: Handshake) -> Connection:
        number = self.last + 1
        await asyncio.sleep(0)
        self.last = number
        return Connection(f"ws_{number}", handshake.token.removeprefix("token of "))


class _BeforeTheAwait(_AcrossAnAwait):
    async def connect(self, handshake: Handshake) -> Connection:
        self.last = number = self.last + 1
        await asyncio.sleep(0)
        return Connection(f"ws_{number}", handshake.token.removeprefix("token of "))


class _AtRandom(Minting):
    """Numbers that no other process has."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = iter(lambda: secrets.randbits(128), None)  # type: ignore[assignment]


def test_one_counter_for_all_threads_is_no_finding() -> None:
    """`itertools.count` gives each number once."""
    world = context_on(_small(), "X1", effort=FEW)
    unique_over_threads(world)
    assert _symptoms(world) == set()


def test_a_counter_for_each_thread_is_found_by_threads() -> None:
    """Each thread has a user of its own, so it is the context IDs, which name none, that repeat."""
    world = context_on(_small(_PerThread()), "X1", effort=FEW)
    unique_over_threads(world)
    assert _symptoms(world) == {"repeated-id"}


@pytest.mark.parametrize(("sockets", "symptoms"), [(_AcrossAnAwait, {"repeated-id"}), (_BeforeTheAwait, set())])
def test_a_number_that_is_written_after_an_await_is_found_by_tasks(sockets: type, symptoms: set[str]) -> None:
    """Written before it, each task has its own."""
    world = context_on(_small(sockets=sockets()), "X2", Surface.WEBSOCKET, effort=FEW)
    unique_over_tasks(world)
    assert _symptoms(world) == symptoms


def test_a_counter_that_every_process_begins_alike_is_found_by_processes() -> None:
    """A copy of a process has the state that it had."""
    world = context_on(_small(), "X3", level=Level.STRICT, effort=FEW)
    unique_over_processes(world)
    assert _symptoms(world) == {"repeated-id"}


def test_random_numbers_are_no_finding_by_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fresh interpreters, which would have to find this backend by a name, are left out here."""
    monkeypatch.setattr("id_isolation.checks.collision.parallel.spec_of", lambda _: "small")
    monkeypatch.setattr("id_isolation.checks.collision.parallel.spawned", lambda *_, **__: [])
    world = context_on(_small(_AtRandom()), "X3", level=Level.STRICT, effort=FEW)
    unique_over_processes(world)
    assert _symptoms(world) == set()
