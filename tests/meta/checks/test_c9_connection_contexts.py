"""Tests of C9: thread and run of the context that a connection brings, and what a release of the run takes along."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from itertools import count

import pytest

from id_isolation.backend.protocol import Connection, ContextIds, Handshake
from id_isolation.checks.c9_connection_contexts import connection_contexts_are_correlated
from id_isolation.plan.kinds import Level, Surface
from id_isolation.world.effort import Effort
from id_isolation.world.world import NotApplicable

from ..bare import Bare, context_on, findings_of
from .small import Tokens

Fits = Callable[[ContextIds, str, str], bool]


@pytest.fixture(autouse=True)
def _short_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a release leaves behind is waited for."""
    monkeypatch.setenv("ID_ISOLATION_TIME_UNIT", "0.02")


class _Sockets:
    """Gives each connection a context, after `change` was done to it."""

    def __init__(self, change: Callable[[ContextIds], ContextIds | None] = replace) -> None:
        self.change = change
        self.numbers = count()

    async def connect(self, handshake: Handshake) -> Connection:
        number = next(self.numbers)
        user, token = handshake.token.removeprefix("token of "), f"websocket_{number}_{number:08x}"
        context = ContextIds(user, f"thread_{token}", f"run_{token}", f"req_{token}")
        return Connection(f"ws_{number}", user, self.change(context))


class _Registry:
    """Releases what `fits`; where it sweeps, what was released goes at the next look but one."""

    def __init__(self, fits: Fits, *, sweeps: bool = False) -> None:
        self.fits = fits
        self.sweeps = sweeps
        self.kept: dict[str, ContextIds] = {}
        self.due: list[str] = []

    async def register(self, context: ContextIds, resource: str) -> None:
        self.kept[resource] = context

    async def release(self, user: str, run: str) -> Collection[str]:
        self.due += [name for name, context in self.kept.items() if self.fits(context, user, run)]
        if not self.sweeps:
            await self.held()
        return []

    async def held(self) -> Mapping[str, ContextIds]:
        shown = dict(self.kept)
        while self.due:
            self.kept.pop(self.due.pop(), None)
        return shown


def _by_run(context: ContextIds, user: str, run: str) -> bool:
    return (context.user, context.run) == (user, run)


def _without_token(context: ContextIds) -> ContextIds:
    return replace(context, run=context.run.rpartition("_")[0])


def _one_token(context: ContextIds) -> ContextIds:
    """The same for all behind another name for each, so that each holds something of its own."""
    name = context.thread.rpartition("_")[2]
    return replace(context, thread=f"thread_{name}_1_0badcafe", run=f"run_{name}_1_0badcafe")


@pytest.mark.parametrize(
    ("change", "registry", "opaque", "symptoms"),
    [
        (replace, _Registry(_by_run), False, set()),
        (replace, _Registry(_by_run, sweeps=True), False, set()),
        (_without_token, _Registry(_by_run), True, set()),
        (_without_token, _Registry(_by_run), False, {"uncorrelated"}),
        (lambda context: replace(context, run=f"{context.run}0"), _Registry(_by_run), False, {"uncorrelated"}),
        (replace, _Registry(lambda context, user, run: context.thread == run), False, {"uncorrelated"}),
        (_one_token, _Registry(_by_run), False, {"shared-token"}),
        (replace, _Registry(lambda context, user, run: True), False, {"shared-token"}),
        (_without_token, _Registry(lambda context, user, run: True), True, {"shared-token"}),
    ],
    ids=[
        "one token",
        "one token and a sweep",
        "opaque",
        "no token",
        "another for the run",
        "not found by the run",
        "one for all",
        "all released at once",
        "opaque and all released at once",
    ],
)
def test_thread_and_run_of_a_connection_belong_to_each_other_alone(
    change: Callable[[ContextIds], ContextIds], registry: _Registry, opaque: bool, symptoms: set[str]
) -> None:
    """By their token, where it can be read, and by what a release of the run takes along."""
    backend = Bare(tokens=Tokens(), sockets=_Sockets(change), cleanup=registry, opaque_ids=opaque)
    world = context_on(backend, "C9", Surface.WEBSOCKET, Level.STRICT, effort=Effort(0.2))
    assert {finding.symptom for finding in findings_of(connection_contexts_are_correlated, world)} == symptoms
    assert world.judged_count > 0
    # Where all is well, nothing stays behind but what the next sweep takes.
    assert symptoms or set(registry.kept) <= set(registry.due)


def test_a_connection_without_a_context_is_not_judged() -> None:
    """Where the backend takes contexts from elsewhere."""
    backend = Bare(tokens=Tokens(), sockets=_Sockets(lambda context: None), cleanup=_Registry(_by_run))
    with pytest.raises(NotApplicable, match="makes none"):
        findings_of(connection_contexts_are_correlated, context_on(backend, "C9", Surface.WEBSOCKET, Level.STRICT))
