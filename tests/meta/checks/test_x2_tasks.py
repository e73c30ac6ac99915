"""Tests of X2 on backends of a few lines, whose IDs repeat for a reason."""

from __future__ import annotations

import asyncio

import pytest

from id_isolation.backend.protocol import Connection, Handshake
from id_isolation.checks.x2_tasks import unique_over_tasks
from id_isolation.plan.kinds import Surface
from id_isolation.world.effort import Effort

from ..bare import context_on, findings_of
from .small import Small


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


@pytest.mark.parametrize(("sockets", "symptoms"), [(_AcrossAnAwait, {"repeated-id"}), (_BeforeTheAwait, set())])
def test_a_number_that_is_written_after_an_await_is_found_by_tasks(sockets: type, symptoms: set[str]) -> None:
    """Written before it, each task has its own."""
    backend = Small()
    backend.sockets = sockets()
    world = context_on(backend, "X2", Surface.WEBSOCKET, effort=Effort(0.2))
    assert {finding.symptom for finding in findings_of(unique_over_tasks, world)} == symptoms
    assert world.judged_count > 0
