"""Tests of clean-up calls with another user's ID."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pytest

from id_isolation.backend.protocol import BackendRefused, ContextIds
from id_isolation.checks.c4_cleanup_by_wrong_ids import foreign_ids_end_nothing
from id_isolation.checks.context import CheckContext, Violation
from id_isolation.plan.kinds import Level, Surface

from ...bare import context_on
from ..small import Minting, Small


class _Registry:
    """Holds by user and run, and does what it should."""

    def __init__(self) -> None:
        self.kept: dict[str, ContextIds] = {}
        self.asked = 0

    async def register(self, context: ContextIds, resource: str) -> None:
        self.kept[resource] = context

    def fits(self, user: str, run: str, context: ContextIds) -> bool:
        return (user, run) == (context.user, context.run)

    async def release(self, user: str, run: str) -> Collection[str]:
        self.asked += 1
        gone = [resource for resource, context in self.kept.items() if self.fits(user, run, context)]
        for resource in gone:
            del self.kept[resource]
        return gone

    async def held(self) -> Mapping[str, ContextIds]:
        return dict(self.kept)


class _Refusing(_Registry):
    async def release(self, user: str, run: str) -> Collection[str]:
        gone = await super().release(user, run)
        if not gone:
            raise BackendRefused("nothing to release")
        return gone


class _Deaf(_Registry):
    def fits(self, user: str, run: str, context: ContextIds) -> bool:
        return False


class _OfAnybody(_Registry):
    def fits(self, user: str, run: str, context: ContextIds) -> bool:
        return run == context.run


class _AllOfTheCaller(_Registry):
    def fits(self, user: str, run: str, context: ContextIds) -> bool:
        return user == context.user


class _WithoutTheLastLetter(_Registry):
    def fits(self, user: str, run: str, context: ContextIds) -> bool:
        return (user, run[:-1]) == (context.user, context.run[:-1])


class _Once(_Registry):
    """Takes a run for released that anybody has asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.done: set[str] = set()

    async def release(self, user: str, run: str) -> Collection[str]:
        if run in self.done:
            return []
        self.done.add(run)
        return await super().release(user, run)


class _LongRuns(Minting):
    """Runs that are long enough to have one character changed anywhere."""

    def mint_context(self, user: str, operation: str) -> ContextIds:
        number = next(self.numbers)
        return ContextIds(user, f"thread_{number:04d}x", f"run_of_many_letters_{number:04d}x", f"request_{number:04d}x")


def _judged(
    registry: _Registry, surface: Surface = Surface.GENERATOR, *, remote: bool = False
) -> tuple[CheckContext, str]:
    """The symptom that is found, or an empty text."""
    backend = Small()
    backend.minting = _LongRuns()
    backend.contexts.minting = backend.minting
    backend.cleanup = registry
    backend.remote = remote  # type: ignore[attr-defined]
    world = context_on(backend, "C4", surface, Level.STRICT)
    try:
        world.run(foreign_ids_end_nothing(world))
    except Violation as violation:
        return world, violation.finding.symptom
    finally:
        world.close()
    return world, ""


@pytest.mark.parametrize("make", [_Registry, _Refusing, _Deaf])
@pytest.mark.parametrize("surface", [Surface.GENERATOR, Surface.DISPATCHER])
def test_a_release_by_user_and_whole_run_is_no_finding(make: type[_Registry], surface: Surface) -> None:
    """Nor is one that finds nothing at all, which others judge; nor are contexts of one anonymous user."""
    world, symptom = _judged(make(), surface)
    assert symptom == ""
    assert world.judged_count >= 30


@pytest.mark.parametrize(
    ("make", "symptom"),
    [
        (_OfAnybody, "foreign-id-released"),
        (_AllOfTheCaller, "wrong-id-released"),
        (_WithoutTheLastLetter, "wrong-id-released"),
        (_Once, "own-release-spoilt"),
    ],
)
def test_what_another_users_id_does_is_found(make: type[_Registry], symptom: str) -> None:
    """Whosever things it ends, and where it spoils the owner's own release."""
    assert _judged(make())[1] == symptom


def test_far_away_there_is_one_look_for_each_kind_of_attempt() -> None:
    """As many attempts, and fewer calls for all that is around them."""
    near, far = _Registry(), _Registry()
    assert _judged(near)[0].judged_count == _judged(far, remote=True)[0].judged_count
    assert far.asked < near.asked / 2
    assert _judged(_OfAnybody(), remote=True)[1] == "foreign-id-released"
