"""Stored sessions are run by tasks and by threads: a lock of asyncio is no fault, and an await in between is one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from id_isolation.backend.protocol import ContextIds
from id_isolation.history.finding import Outcome, Verdict
from id_isolation.judging.judge import judge
from id_isolation.plan.kinds import Level, Surface
from id_isolation.power.twins.designs import OpaqueBackend
from id_isolation.world.effort import Effort


class _LooksAwaitsInserts(OpaqueBackend):
    """A store that is asked over a network: between the look and the insert others come."""

    async def store(self, user: str, thread: str | None = None) -> ContextIds:
        found = self._stored.get((user, thread or ""))
        await asyncio.sleep(0)
        if found is None:
            self._stored.pop((user, thread or ""), None)
        return await super().store(user, thread)


class _OneAtATime(OpaqueBackend):
    """The same behind a lock of asyncio."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = asyncio.Lock()

    async def _locked(self, work: Callable[[], Awaitable[ContextIds]]) -> ContextIds:
        async with self._lock:
            await asyncio.sleep(0)
            return await work()

    async def store(self, user: str, thread: str | None = None) -> ContextIds:
        return await self._locked(lambda: super(_OneAtATime, self).store(user, thread))


def _verdict(backend: OpaqueBackend, seed: int = 1) -> Verdict:
    return judge(backend, "X5", Surface.GENERATOR, Level.STRICT, seed, Effort(0.1), None)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2))])
def test_a_store_that_awaits_between_look_and_insert_is_found_by_tasks(seed: int) -> None:
    """One session is created more than once."""
    given = _verdict(_LooksAwaitsInserts(), seed)
    assert given.outcome is Outcome.FAILED, given.reason
    assert "2 tasks breaks one stored session" in given.findings[0].problem


@pytest.mark.parametrize("backend", [pytest.param(OpaqueBackend, marks=pytest.mark.slow), _OneAtATime])
def test_a_store_that_is_right_passes(backend: type[OpaqueBackend]) -> None:
    """Though a lock of asyncio serves one loop, and each thread has its own."""
    given = _verdict(backend())
    assert given.outcome is Outcome.PASSED, given.findings
    notes = " ".join(note for note in given.notes if "stored session" in note)
    assert all(f"of {lanes} threads" in notes for lanes in (2, 3))
    assert ("of 2 tasks were run" in notes) == (backend is _OneAtATime)
