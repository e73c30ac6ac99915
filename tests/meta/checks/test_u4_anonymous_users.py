"""Tests of U4 on the dispatcher: what two contexts without a user may have in common."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from id_isolation.backend.protocol import ContextIds
from id_isolation.checks.context import CheckContext
from id_isolation.checks.u4_anonymous_users import anonymous_contexts_share_nothing
from id_isolation.history.finding import Finding
from id_isolation.plan.kinds import Level, Surface
from id_isolation.world.effort import Effort
from id_isolation.world.world import NotApplicable

from ..bare import Bare, context_on, findings_of
from .connected import Fits, Registry, by_run

pytestmark = pytest.mark.usefixtures("_short_unit")


class _Dispatcher:
    """Contexts with nothing in common, but for the parts that are `pooled`."""

    def __init__(self, **pooled: str) -> None:
        self.numbers = count(1)
        self.pooled = pooled

    async def open_anonymous(self) -> ContextIds:
        number = next(self.numbers)
        own = ContextIds(f"nobody_{number}", f"thread_{number}", f"run_{number}", f"request_{number}")
        return replace(own, **self.pooled)


def _world(dispatcher: Any, registry: Any, effort: Effort | None = None) -> CheckContext:
    return context_on(
        Bare(contexts=dispatcher, cleanup=registry), "U4", Surface.DISPATCHER, Level.STRICT, effort=effort
    )


def _found(dispatcher: _Dispatcher, registry: Registry | None = None, effort: Effort | None = None) -> list[Finding]:
    world = _world(dispatcher, registry or Registry(), effort)
    findings = findings_of(anonymous_contexts_share_nothing, world)
    assert world.judged_count > 0
    return findings


def test_contexts_with_nothing_in_common_pass_and_are_all_cleaned_up() -> None:
    """Eight of them are opened, and each two held against each other."""
    registry = Registry()
    world = _world(_Dispatcher(), registry)
    assert findings_of(anonymous_contexts_share_nothing, world) == []
    assert world.judged_count == 28
    assert registry.kept == {}


@pytest.mark.parametrize(
    ("part", "shared"), [("user", "anonymous"), ("user", ""), ("thread", "t"), ("run", "r"), ("request", "q")]
)
def test_any_part_that_two_contexts_share_is_found(part: str, shared: str) -> None:
    """A user, a thread, a run or a request; a blank user is one constant like any other."""
    (finding,) = _found(_Dispatcher(**{part: shared}))
    assert finding.symptom == "pooled"
    assert f" and share the {part} {shared}." in finding.evidence[0]


class _PoolsLater(_Dispatcher):
    """The first has a user of its own, and whoever comes later is a guest."""

    async def open_anonymous(self) -> ContextIds:
        opened = await super().open_anonymous()
        return opened if opened.thread == "thread_1" else replace(opened, user="guest")


def test_contexts_are_held_against_each_other_and_not_against_the_first_alone() -> None:
    """Two of the later ones share a user."""
    (finding,) = _found(_PoolsLater())
    assert finding.evidence[0].startswith("The contexts with thread_2 and thread_3 ")


def test_all_that_is_shared_is_told_in_one_finding() -> None:
    """With the threads of both, and whose context sees whose."""
    (finding,) = _found(_Dispatcher(user="g", request="q"))
    assert finding.evidence[0] == (
        "The contexts with thread_1 and thread_2 were opened without a user and share the user g and the request q."
    )
    assert {"thread_1", "run_1", "thread_2", "run_2"} <= {shown.text for shown in finding.ids}
    assert [(event.act, event.leak) for event in finding.history] == [("open", False), ("open", True)]


@pytest.mark.parametrize(
    "fits",
    [
        by_run,
        lambda context, user, run: context.run == run,
        lambda context, user, run: context.user == user,
        lambda context, user, run: False,
    ],
    ids=["by user and run", "by run", "by user", "nothing"],
)
def test_a_clean_up_that_leaves_the_other_context_passes(fits: Fits) -> None:
    """By whatever it knows its own; that it releases them at all is for others to say."""
    assert _found(_Dispatcher(), Registry(fits)) == []


@pytest.mark.parametrize(
    ("fits", "effort"),
    [
        (lambda context, user, run: context.user.startswith("nobody"), Effort(0.2)),
        (lambda context, user, run: context.run.startswith(run), Effort(2.0)),
    ],
    ids=["of everybody", "by the beginning"],
)
def test_a_clean_up_that_takes_the_other_context_along_is_found(fits: Fits, effort: Effort) -> None:
    """Though the two have no part of their IDs in common."""
    (finding,) = _found(_Dispatcher(), Registry(fits), effort)
    assert finding.symptom == "pooled"
    assert finding.evidence[0].startswith("Clean-up by nobody_1 with 'run_1' took ")


@pytest.mark.parametrize(("dispatcher", "registry"), [(None, Registry()), (_Dispatcher(), None)])
def test_without_a_dispatcher_or_a_clean_up_nothing_is_judged(dispatcher: Any, registry: Any) -> None:
    """Both are needed."""
    world = _world(dispatcher, registry)
    with pytest.raises(NotApplicable, match="declares no"):
        findings_of(anonymous_contexts_share_nothing, world)
    assert world.judged_count == 0
