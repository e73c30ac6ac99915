"""Tests of C4: clean-up by what is no ID, of a registry and of stored sessions that take it as a test says."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from fnmatch import fnmatchcase
from typing import Any

import pytest

from id_isolation.backend.protocol import BackendRefused, ContextIds
from id_isolation.checks.c4_cleanup_by_wrong_ids import wrong_ids_clean_up_nothing
from id_isolation.checks.context import CheckContext
from id_isolation.plan.kinds import Level, Surface
from id_isolation.world.effort import Effort

from ...bare import context_on, findings_of
from ..small import Minting, Small

Fits = Callable[[str, str], bool]
"""Whether what is held under the first text goes where clean-up is asked for by the second."""


def _whole(known: str, asked: str) -> bool:
    return known == asked


class _LongRuns(Minting):
    """Runs that keep a part of their own where eight characters are cut off."""

    def mint_context(self, user: str, operation: str) -> ContextIds:
        number = next(self.numbers)
        return ContextIds(user, f"thread_{number:04d}", f"run_{number:04d}_0badcafe", f"request_{number:04d}")


class _Registry:
    """Holds by user and run; `anybodys` is one that does not ask who calls."""

    def __init__(self, fits: Fits = _whole, *, anybodys: bool = False) -> None:
        self.fits = fits
        self.anybodys = anybodys
        self.kept: dict[str, ContextIds] = {}
        self.asked: set[str] = set()

    async def register(self, context: ContextIds, resource: str) -> None:
        self.kept[resource] = context

    async def release(self, user: str, run: str) -> Collection[str]:
        self.asked.add(run)
        gone = [
            name
            for name, context in self.kept.items()
            if self.fits(context.run, run) and (self.anybodys or context.user == user)
        ]
        for name in gone:
            del self.kept[name]
        return gone

    async def held(self) -> Mapping[str, ContextIds]:
        return dict(self.kept)


class _Refuses(_Registry):
    async def release(self, user: str, run: str) -> Collection[str]:
        if run not in {context.run for context in self.kept.values()}:
            raise BackendRefused("no such run")
        return await super().release(user, run)


class _ByItsWord(_Registry):
    """Says that the run is gone, whether or not it was there."""

    async def release(self, user: str, run: str) -> Collection[str]:
        await super().release(user, run)
        return [run]


class _Stored:
    """Sessions by user, whose names go through `fold`."""

    def __init__(self, fits: Fits = _whole, fold: Callable[[str], str] = str) -> None:
        self.fits = fits
        self.fold = fold
        self.runs: dict[tuple[str, str], str] = {}

    async def store(self, user: str, thread: str | None = None) -> ContextIds:
        key = (self.fold(user), thread or "thread_of_its_own")
        run = self.runs.setdefault(key, f"run_{len(self.runs)}")
        return ContextIds(user, key[1], run, "")

    async def find(self, user: str, thread: str) -> str | None:
        return self.runs.get((self.fold(user), thread))

    async def invalidate(self, user: str) -> int:
        gone = [key for key in self.runs if self.fits(key[0], self.fold(user))]
        for key in gone:
            del self.runs[key]
        return len(gone)


class _OfKnownUsers(_Stored):
    async def invalidate(self, user: str) -> int:
        if not await super().invalidate(user):
            raise BackendRefused("no such user")
        return 1


def _judged(
    registry: _Registry | None = None,
    stored: _Stored | None = None,
    level: Level = Level.PLAN,
    surface: Surface = Surface.GENERATOR,
    fold: Any = str,
) -> tuple[CheckContext, set[str]]:
    """The symptoms that are found; `fold` is what log-in and sockets do to a name."""
    backend = Small(fold)
    backend.minting = backend.contexts.minting = _LongRuns()
    backend.cleanup = registry or _Registry()
    backend.stored = stored
    world = context_on(backend, "C4", surface, level, effort=Effort(0.2))
    symptoms = {finding.symptom for finding in findings_of(wrong_ids_clean_up_nothing, world)}
    assert world.judged_count > 0
    return world, symptoms


@pytest.mark.parametrize("surface", [Surface.GENERATOR, Surface.DISPATCHER])
@pytest.mark.parametrize(
    ("registry", "symptoms"),
    [
        (_Registry(), set()),
        (_Refuses(), set()),
        (_Registry(lambda known, asked: False), set()),
        (_Registry(lambda known, asked: known.startswith(asked) and len(asked) > 8), {"wrong-id-released"}),
        (_Registry(lambda known, asked: asked.startswith(known)), {"wrong-id-released"}),
        (_Registry(lambda known, asked: asked in ("", known)), {"wrong-id-released"}),
        (_Registry(fnmatchcase), {"wrong-id-released"}),
        (_ByItsWord(), {"wrong-id-released"}),
    ],
    ids=[
        "the whole run",
        "refuses all else",
        "releases nothing",
        "without the end",
        "with more at the end",
        "an empty text",
        "patterns",
        "says so of anything",
    ],
)
def test_what_is_no_run_releases_nothing(registry: _Registry, symptoms: set[str], surface: Surface) -> None:
    """Cut, extended, empty or a pattern; what a whole run releases is for C2 to say."""
    assert _judged(registry, surface=surface)[1] == symptoms


def test_every_pattern_is_tried_and_nothing_is_left_held() -> None:
    """Blanks, wildcards of several languages, and what every ID begins with."""
    registry, stored = _Registry(), _Stored()
    _judged(registry, stored)
    assert {"", " ", "*", "%", ".*", "run", "run_", "run_*", "run_%", "thread_", "_", "\0"} <= registry.asked
    assert (registry.kept, stored.runs) == ({}, {})


@pytest.mark.parametrize(("level", "symptoms"), [(Level.PLAN, set()), (Level.STRICT, {"foreign-id-released"})])
def test_another_users_run_is_tried_at_strict_level(level: Level, symptoms: set[str]) -> None:
    """The plan speaks of IDs of nobody."""
    assert _judged(_Registry(anybodys=True), level=level)[1] == symptoms
    assert _judged(level=level)[1] == set()


@pytest.mark.parametrize(
    ("stored", "symptoms"),
    [
        (_Stored(), set()),
        (_OfKnownUsers(), set()),
        (_Stored(lambda known, asked: known[:-1] == asked), {"wrong-id-released"}),
        (_Stored(lambda known, asked: asked.startswith(known)), {"wrong-id-released"}),
        (_Stored(lambda known, asked: known[:4] == asked), {"wrong-id-released"}),
        (_Stored(lambda known, asked: asked in ("", known)), {"wrong-id-released"}),
        (_Stored(fnmatchcase), {"wrong-id-released"}),
        (
            _Stored(lambda known, asked: bool(re.fullmatch(re.escape(known), asked, re.IGNORECASE))),
            {"wrong-id-released"},
        ),
    ],
    ids=["whole", "known", "without the end", "more at the end", "four letters", "empty", "patterns", "capitals"],
)
def test_what_is_no_user_ends_no_stored_session(stored: _Stored, symptoms: set[str]) -> None:
    """Stored sessions are the generator's."""
    assert _judged(stored=stored)[1] == symptoms
    assert _judged(stored=stored, surface=Surface.DISPATCHER)[1] == set()


@pytest.mark.parametrize(("fold", "symptoms"), [(str.lower, set()), (str, {"wrong-id-released"})])
def test_capitals_end_a_session_where_they_are_the_same_user_everywhere(fold: Any, symptoms: set[str]) -> None:
    """Where log-in keeps the two apart, storage has to do so too."""
    world, found = _judged(stored=_Stored(fold=str.lower), fold=fold)
    assert found == symptoms
    assert all("'BABA0.MORENO'" in finding.evidence[0] for finding in world.findings)
