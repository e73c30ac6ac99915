"""X5 on the registry of connections: what loses one while another comes or goes is found, what loses none passes."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest

from id_isolation.backend.protocol import ContextIds
from id_isolation.history.finding import Outcome, Verdict
from id_isolation.judging.judge import judge
from id_isolation.plan.kinds import Level, Surface
from id_isolation.power.twins.designs import OpaqueBackend
from id_isolation.world.effort import Effort

from ..rounds import SEEDS


class LosesOne(OpaqueBackend):
    """Its registry is copied, changed and put back, and what another thread registered meanwhile is gone."""

    def owns(self, filename: str) -> bool:
        return filename == __file__ or super().owns(filename)

    async def register(self, context: ContextIds, resource: str) -> None:
        held = dict(self._held)
        held[resource] = context
        self._held = held


class LosesOneAtRelease(LosesOne):
    """The same, when a connection is released."""

    async def register(self, context: ContextIds, resource: str) -> None:
        self._held[resource] = context

    async def release(self, user: str, run: str) -> Collection[str]:
        gone = [name for name, context in list(self._held.items()) if (context.user, context.run) == (user, run)]
        self._held = {name: context for name, context in list(self._held.items()) if name not in gone}
        return gone


class ReleasesNothing(OpaqueBackend):
    """What is registered stays, whoever releases it."""

    async def release(self, user: str, run: str) -> Collection[str]:
        return []


FAULTY = (LosesOne, LosesOneAtRelease)


@pytest.fixture(autouse=True)
def _somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Failing schedules are saved below the working directory."""
    monkeypatch.chdir(tmp_path)


def _verdict(backend: OpaqueBackend, level: Level = Level.STRICT, seed: int = 1) -> Verdict:
    return judge(backend, "X5", Surface.WEBSOCKET, level, seed, Effort(0.3), None)


@pytest.mark.parametrize("faulty", FAULTY)
def test_a_registry_that_loses_a_connection_between_threads_is_found(faulty: type[OpaqueBackend]) -> None:
    """The finding names the line that is held no longer, and shows where the threads changed places."""
    given = _verdict(faulty())
    assert given.outcome is Outcome.FAILED, given.reason
    (finding,) = given.findings
    assert "threads" in finding.problem
    assert "is not held" in finding.evidence[0]
    assert "stops before" in finding.drawing


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("faulty", FAULTY)
def test_it_is_found_with_every_seed(faulty: type[OpaqueBackend], seed: int) -> None:
    """Twenty of twenty."""
    assert _verdict(faulty(), seed=seed).outcome is Outcome.FAILED


@pytest.mark.parametrize("level", list(Level))
def test_a_registry_that_loses_none_passes(level: Level) -> None:
    """With two and three tasks and threads."""
    given = _verdict(OpaqueBackend(), level)
    assert given.outcome is Outcome.PASSED, given.findings
    notes = " ".join(given.notes)
    assert all(f"of {lanes} {kind} were run" in notes for lanes in (2, 3) for kind in ("tasks", "threads"))
    assert ("registered connections" in notes) == (level is Level.STRICT)


def test_a_registry_that_only_threads_break_is_right_at_plan_level() -> None:
    """A server of one loop never registers from two threads."""
    assert _verdict(LosesOne(), Level.PLAN).outcome is Outcome.PASSED


def test_a_registry_that_is_wrong_without_threads_is_left_to_other_checks() -> None:
    """Nothing that threads do is told apart from what one alone does; the note says so."""
    given = _verdict(ReleasesNothing())
    assert given.outcome is Outcome.PASSED, given.findings
    notes = [note for note in given.notes if note.startswith("released connections")]
    assert len(notes) == 2
    assert all("wrong one after the other" in note and "is held for" in note for note in notes)
