"""Servers that are right and unlike the suite's own are not accused, and what they cannot show is not judged."""

from __future__ import annotations

import asyncio
import itertools
import json
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from id_isolation.backend.protocol import Connection, ContextIds, Handshake, Missing
from id_isolation.checks import e3_lost_lines as lost_lines
from id_isolation.checks.e3_lost_lines import lost_lines_free_their_resources
from id_isolation.drivers.spec import open_backend
from id_isolation.embedded import compose
from id_isolation.history.finding import Outcome, Verdict
from id_isolation.judging.judge import judge
from id_isolation.plan.kinds import Level, Surface
from id_isolation.timing import units
from id_isolation.world import delivery, socket_server
from id_isolation.world.delivery import RUN_EVENTS, START, Delivery, Line, Run, Runs
from id_isolation.world.effort import Effort
from id_isolation.world.socket_server import Hosted

from ..world.backends import SmallBackend
from .served import probe_of, served_as, symptoms

pytestmark = pytest.mark.usefixtures("_short_unit")

FEW = Effort(0.1)


def _judged(backend: Any, check: str, level: Level = Level.STRICT) -> Verdict:
    return judge(backend, check, Surface.WEBSOCKET, level, 1, FEW)


def test_an_attribute_called_users_is_the_adapters_own_affair() -> None:
    """A backend may keep its accounts there, or count them: who is to be let in, it says by `users_to_judge`."""
    for own in ({"zoe": object()}, 3, (), lambda: None):
        backend: Any = SmallBackend()
        backend.users = own
        verdict = _judged(backend, "E1")
        assert (verdict.outcome, verdict.besides) == (Outcome.PASSED, ())


class _OneContextForEach:
    """Authentication that gives each connection a context of its own, and nothing else that mints."""

    def __init__(self, inner: Any, *, by_peer: bool) -> None:
        self._inner = inner
        self._by_peer = by_peer
        self._numbers = itertools.count(1)
        self._contexts: dict[str, int] = {}

    async def connect(self, handshake: Handshake) -> Connection:
        made: Connection = await self._inner.connect(replace(handshake, preliminary_id=None))
        key = handshake.peer if self._by_peer else made.connection_id
        number = self._contexts.setdefault(key, next(self._numbers))
        context = ContextIds(made.user, f"t-{number}", f"r-{number}", "q")
        return Connection(made.connection_id, made.user, context)


def _without_generator(*, by_peer: bool) -> Any:
    backend: Any = SmallBackend()
    backend.sockets = _OneContextForEach(backend.sockets, by_peer=by_peer)
    backend.minting = backend.cleanup = None
    backend.opaque_ids = True
    backend.missing = MappingProxyType({**backend.missing, "minting": Missing("none"), "cleanup": Missing("none")})
    return backend


@pytest.mark.parametrize("check", ["E1", "E2", "E3", "E4", "E6", "M1", "M2", "C6", "C7", "U4"])
def test_one_context_for_each_connection_and_no_generator_is_sound(check: str) -> None:
    """All runs of a connection are in its thread."""
    verdict = _judged(_without_generator(by_peer=False), check)
    assert (verdict.outcome, verdict.findings, verdict.besides) == (Outcome.PASSED, (), ())


def test_users_behind_one_address_who_share_a_thread_are_found() -> None:
    """Whatever the context is that their runs get."""
    backend = _without_generator(by_peer=True)
    backend.minting = SmallBackend().minting
    assert {finding.symptom for finding in _judged(backend, "E1").findings} == {"shared-id"}


def test_a_tree_whose_generator_is_nowhere_is_not_judged_by_what_the_suite_makes_of_it(tmp_path: Path) -> None:
    """The reason names the module that is missing; what needs no names for several runs is judged."""
    root = compose.write("hardened", tmp_path.resolve())
    (root / "shared/id_generation/unified_id_generator.py").rename(root / "shared/id_generation/id_maker.py")
    for path in root.rglob("*.py"):
        path.write_text(path.read_text("utf-8").replace("unified_id_generator", "id_maker"), "utf-8")
    backend = open_backend("trees/mine", root)
    for check in ("E1", "E2", "E3", "M2", "C7"):
        verdict = _judged(backend, check)
        assert verdict.outcome is Outcome.NOT_APPLICABLE, verdict
        assert "unified_id_generator" in verdict.reason
    for check in ("E4", "E6", "M1", "M3"):
        verdict = _judged(backend, check)
        assert (verdict.outcome, verdict.besides) == (Outcome.PASSED, ())


class _ForgetsThreads(Delivery):
    """A thread ends with its run; who names it then is refused."""

    async def deliver(self, run: Run, event: Any) -> None:
        await super().deliver(run, event)
        if event["type"] == RUN_EVENTS[-1]:
            self.threads.pop(run.context.thread, None)


@pytest.mark.parametrize("check", ["E3", "E4", "E5", "E6", "U4"])
def test_a_thread_may_end_with_its_run(check: str) -> None:
    """It is said once, as a note, and nobody is hurt by it."""
    verdict = _judged(SmallBackend(_ForgetsThreads), check)
    assert (verdict.outcome, verdict.besides) == (Outcome.PASSED, ())
    assert len([note for note in set(verdict.notes) if "ends with its run" in note]) == 1


class _RevokesInAMoment(Delivery):
    """The end of a token is known a moment later, and then to every line at once."""

    def __init__(self, backend: Any) -> None:
        super().__init__(backend)
        self.refused: dict[Line, int] = {}

    async def still_valid(self, line: Line) -> bool:
        if await super().still_valid(line):
            return True
        self.refused[line] = self.refused.get(line, 0) + 1
        # The first message after it, and the fence behind that, come before the news.
        return self.refused[line] <= 2


def test_the_end_of_a_token_may_take_effect_a_moment_later() -> None:
    """But then for every message."""
    assert _judged(SmallBackend(_RevokesInAMoment), "E5").outcome is Outcome.PASSED


class _Inside:
    """A server that the suite does not host, and of which is known what it holds."""

    outside = False

    def __init__(self, inner: Hosted) -> None:
        self._inner = inner
        self.address = inner.address
        self.held = inner.held

    def check(self) -> None:
        """Nothing broke."""


def test_half_open_lines_are_judged_only_where_the_server_says_when_it_finds_them() -> None:
    """One that says nothing may find them after its own time."""
    world = probe_of("E3")
    assert symptoms(served_as(_Inside, lost_lines_free_their_resources), world) == set()
    assert any("declares no `keepalive`" in note for note in world.notes)


class _LetsGoAfterAWhile(Delivery):
    """A lost line is kept for ten time units: so long some libraries wait for the answer to a close."""

    async def close(self, line: Line, clean: bool) -> None:
        await asyncio.sleep(units(10))
        await super().close(line, clean)


def test_a_server_may_wait_for_the_end_of_a_line_as_long_as_its_library_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the suite does not host takes its own time to let go; that it lets go is judged all the same."""
    monkeypatch.setenv("ID_ISOLATION_TIME_UNIT", "0.05")
    assert symptoms(served_as(_Inside, lost_lines_free_their_resources), probe_of("E3", _LetsGoAfterAWhile)) == set()


class _NoPreliminaryIds:
    def __init__(self, inner: Any) -> None:
        self._inner = inner

    async def connect(self, handshake: Handshake) -> Connection:
        made: Connection = await self._inner.connect(replace(handshake, preliminary_id=None))
        return made


class _ClosesOnTheUnknown(Runs):
    """Takes nothing but the plain start of a run, and closes the line on whoever sends anything else."""

    async def take(self, text: str | bytes) -> None:
        try:
            message = json.loads(text)
        except ValueError:
            message = {}
        if message.get("type") == START and not message.keys() - {"type", "payload", "thread_id"}:
            await super().take(text)
        else:
            await self._line.close(1003, "an unknown message")


_SOME = ("E1", "E4", "M1", "C7", "U4")
_OTHERS = [pytest.param(one, marks=pytest.mark.slow) for one in ("E2", "E3", "E5", "E6", "M2", "M3")]


@pytest.mark.parametrize("check", [*_SOME, *_OTHERS])
def test_a_server_may_close_a_line_on_a_message_that_it_does_not_know(
    check: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The suite's own questions are asked of nobody who does not say that it takes them."""
    monkeypatch.setattr(delivery, "FEATURES", ())
    monkeypatch.setattr(socket_server, "Runs", _ClosesOnTheUnknown)
    backend: Any = SmallBackend()
    backend.sockets = _NoPreliminaryIds(backend.sockets)
    verdict = _judged(backend, check)
    assert (verdict.findings, verdict.besides) == ((), ())
    assert verdict.outcome in (Outcome.PASSED, Outcome.NOT_APPLICABLE), verdict.reason


class _FindsSilentLinesLate(_Inside):
    """A server that takes a silent line for dead after its own time, and says so."""

    keepalive = 0.3


class _LetsGoByItsKeepalive(Delivery):
    async def close(self, line: Line, clean: bool) -> None:
        await asyncio.sleep(1.7 * _FindsSilentLinesLate.keepalive)
        await super().close(line, clean)


def test_a_silent_line_has_twice_the_keepalive_that_a_server_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    """However short the suite's own patience is; 20 s by default, as in uvicorn, makes that 40."""
    monkeypatch.setattr(lost_lines, "PATIENCE", 0.1)
    probe = probe_of("E3", _LetsGoByItsKeepalive)
    assert symptoms(served_as(_FindsSilentLinesLate, lost_lines_free_their_resources), probe) == set()
