"""Cycles of connecting and disconnecting judge what is left behind, and tell what goes wrong on the way."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pytest

from id_isolation.backend.protocol import BackendBroke, ContextIds
from id_isolation.history.finding import Outcome, Verdict
from id_isolation.judging.judge import judge
from id_isolation.plan.kinds import Level, Surface

from ..small import Small


class Registry:
    """Holds what is registered until it is released; `breaks` names the step that raises, `keeps` what stays."""

    def __init__(self, breaks: str = "", keeps: bool = False) -> None:
        self.breaks = breaks
        self.keeps = keeps
        self.resources: dict[str, ContextIds] = {}

    async def register(self, context: ContextIds, resource: str) -> None:
        if self.breaks == "register":
            raise BackendBroke("nothing can be registered")
        self.resources[resource] = context

    async def release(self, user: str, run: str) -> Collection[str]:
        if self.breaks == "release":
            raise BackendBroke("nothing can be released")
        gone = [name for name, context in self.resources.items() if context.run == run and not self.keeps]
        for name in gone:
            del self.resources[name]
        return gone

    async def held(self) -> Mapping[str, ContextIds]:
        return dict(self.resources)


def _verdict(registry: Registry) -> Verdict:
    backend = Small()
    backend.cleanup = registry
    return judge(backend, "C5", Surface.GENERATOR, Level.PLAN, 1, None, None)


def test_a_registry_that_ends_where_it_began_passes() -> None:
    """Whatever way the connections end."""
    given = _verdict(Registry())
    assert given.outcome is Outcome.PASSED
    assert given.judged > 20


def test_what_is_still_held_is_a_finding() -> None:
    """With one of them by name, and the ways in which the connections ended."""
    given = _verdict(Registry(keeps=True))
    assert given.outcome is Outcome.FAILED
    assert "are still held, such as thread_" in given.findings[0].evidence[0]


@pytest.mark.parametrize("step", ["register", "release"])
def test_a_registry_that_breaks_is_an_error_and_not_a_pass(step: str) -> None:
    """It neither hangs the check nor goes unnoticed."""
    given = _verdict(Registry(breaks=step))
    assert given.outcome is Outcome.ERRORED
    assert f"nothing can be {step.removesuffix('e')}ed" in given.reason
