"""C5: cycles of connecting and disconnecting end where they began, whatever way they end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection

import pytest

from id_isolation.backend.protocol import BackendBroke, ContextIds
from id_isolation.history.finding import Outcome

from .holding import Registry, Swept, judged, symptoms


@pytest.fixture(autouse=True)
def _short_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left behind is waited for."""
    monkeypatch.setenv("ID_ISOLATION_TIME_UNIT", "0.05")


class _OneAtATime(Registry):
    """A release that finds another one under way does nothing."""

    busy = False

    async def release(self, user: str, run: str) -> Collection[str]:
        if self.busy:
            return []
        self.busy = True
        await asyncio.sleep(0)
        self.busy = False
        return await super().release(user, run)


class _KeepsARecord(Registry):
    """Releases what it was given, and keeps a line of its own about it."""

    async def release(self, user: str, run: str) -> Collection[str]:
        self.kept[f"record of {run}"] = ContextIds("", "", "", "")
        return await super().release(user, run)


@pytest.mark.parametrize(
    ("make", "due"),
    [
        (Registry, set()),
        (Swept, set()),
        (lambda: Registry(lambda context, user, run: False), {"registry-grows"}),
        (_OneAtATime, {"registry-grows"}),
        (_KeepsARecord, {"registry-grows"}),
    ],
    ids=["released", "swept", "kept", "one at a time", "another thing kept"],
)
def test_what_is_held_is_as_it_was_before(make: Callable[[], Registry], due: set[str]) -> None:
    """Be it what was registered, or something that the backend keeps besides."""
    verdict = judged("C5", cleanup=make())
    assert symptoms(verdict) == due
    assert verdict.findings or verdict.judged > 5


def test_what_was_there_before_is_nobodys_leftover() -> None:
    """A registry may hold things of its own."""
    registry = Registry()
    registry.kept["of the house"] = ContextIds("", "", "", "")
    assert symptoms(judged("C5", cleanup=registry)) == set()


class _Breaks(Registry):
    def __init__(self, step: str) -> None:
        super().__init__()
        self.step = step

    async def register(self, context: ContextIds, resource: str) -> None:
        if self.step == "register":
            raise BackendBroke("nothing can be registered")
        await super().register(context, resource)

    async def release(self, user: str, run: str) -> Collection[str]:
        if self.step == "release":
            raise BackendBroke("nothing can be released")
        return await super().release(user, run)


@pytest.mark.parametrize("step", ["register", "release"])
def test_a_registry_that_breaks_is_an_error_and_not_a_pass(step: str) -> None:
    """It neither hangs the check nor goes unnoticed."""
    verdict = judged("C5", cleanup=_Breaks(step))
    assert verdict.outcome is Outcome.ERRORED
    assert f"nothing can be {step.removesuffix('e')}ed" in verdict.reason
