"""C4: what is no ID of its caller cleans nothing up, of a registry and of stored sessions."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from fnmatch import fnmatchcase
from typing import Any

import pytest

from id_isolation.history.finding import Finding, Verdict
from id_isolation.judging.judge import judge
from id_isolation.plan.kinds import Level, Surface
from id_isolation.world.effort import Effort

from .holding import Dispatcher, Minting, Registry, Stored, symptoms
from .small import Small

PATTERNS = {"", " ", "*", "%", ".*", "run", "run_", "run_*", "run_%", "thread_", "_", "\0"}


@pytest.fixture(autouse=True)
def _short_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left behind is waited for."""
    monkeypatch.setenv("ID_ISOLATION_TIME_UNIT", "0.05")


def _judged(
    registry: Registry | None = None,
    stored: Stored | None = None,
    level: Level = Level.PLAN,
    surface: Surface = Surface.GENERATOR,
    fold: Any = str,
    remote: bool = False,
) -> Verdict:
    """The verdict; `fold` is what log-in and sockets do to a name."""
    backend: Any = Small(fold)
    backend.minting = Minting()
    backend.contexts = Dispatcher(backend.minting)
    backend.cleanup = registry or Registry()
    backend.stored = stored
    backend.remote = remote
    return judge(backend, "C4", surface, level, 1, Effort(0.2))


def _fits(known_and_asked: Callable[[str, str], bool]) -> Registry:
    """A registry of each caller's own, which compares runs like this."""
    return Registry(lambda context, user, run: context.user == user and known_and_asked(context.run, run))


class _ByItsWord(Registry):
    """Says that the run is gone, whether or not it was there."""

    async def release(self, user: str, run: str) -> Collection[str]:
        await super().release(user, run)
        return [run]


@pytest.mark.parametrize("surface", [Surface.GENERATOR, Surface.DISPATCHER])
@pytest.mark.parametrize(
    ("make", "due"),
    [
        (Registry, set()),
        (lambda: Registry(refuses=True), set()),
        (lambda: _fits(lambda known, asked: False), set()),
        (lambda: _fits(lambda known, asked: known.startswith(asked) and len(asked) > 8), {"wrong-id-released"}),
        (lambda: _fits(lambda known, asked: asked.startswith(known)), {"wrong-id-released"}),
        (lambda: _fits(lambda known, asked: asked in ("", known)), {"wrong-id-released"}),
        (lambda: _fits(fnmatchcase), {"wrong-id-released"}),
        (_ByItsWord, {"wrong-id-released"}),
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
def test_what_is_no_run_releases_nothing(make: Callable[[], Registry], due: set[str], surface: Surface) -> None:
    """Cut, extended, empty or a pattern; what a whole run releases is for C2 to say."""
    assert symptoms(_judged(make(), surface=surface)) == due


def test_every_pattern_is_tried_and_nothing_is_left_held() -> None:
    """Blanks, wildcards of several languages, and what every ID begins with."""
    registry, stored = Registry(), Stored()
    _judged(registry, stored)
    assert set(registry.asked) >= PATTERNS
    assert (registry.kept, stored.runs) == ({}, {})


class _Once(Registry):
    """Takes a run for released that anybody has asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.done: set[str] = set()

    async def release(self, user: str, run: str) -> Collection[str]:
        if run in self.done:
            return []
        self.done.add(run)
        return await super().release(user, run)


def _of_anybody() -> Registry:
    return Registry(lambda context, user, run: context.run == run)


@pytest.mark.parametrize("surface", [Surface.GENERATOR, Surface.DISPATCHER])
@pytest.mark.parametrize("make", [Registry, lambda: Registry(refuses=True), lambda: _fits(lambda known, asked: False)])
def test_a_release_by_user_and_whole_run_is_no_finding(make: Callable[[], Registry], surface: Surface) -> None:
    """Nor is one that finds nothing at all, which others judge; nor are contexts of one anonymous user."""
    verdict = _judged(make(), level=Level.STRICT, surface=surface)
    assert symptoms(verdict) == set()
    assert verdict.judged >= 30


@pytest.mark.parametrize(
    ("make", "symptom"),
    [
        (_of_anybody, "foreign-id-released"),
        (lambda: _fits(lambda known, asked: len(asked) == len(known) and "run" in asked), "wrong-id-released"),
        (lambda: _fits(lambda known, asked: known[:-1] == asked[:-1]), "wrong-id-released"),
        (_Once, "own-release-spoilt"),
    ],
    ids=["for whoever names it", "all of the caller", "without the last letter", "once for anybody"],
)
def test_what_another_users_id_does_is_found_at_strict_level(make: Callable[[], Registry], symptom: str) -> None:
    """Whosever things it ends, and where it spoils the owner's own release; the plan speaks of IDs of nobody."""
    verdict = _judged(make(), level=Level.STRICT)
    assert symptom in symptoms(verdict)
    if symptom != "wrong-id-released":
        assert symptoms(_judged(make())) == set()


def test_a_foreign_release_is_told_with_the_look_before_and_after() -> None:
    """What was held is shown before it is said to be gone."""
    verdict = _judged(_of_anybody(), level=Level.STRICT)
    finding = next(one for one in verdict.findings if one.symptom == "foreign-id-released")
    acts = [str(event.act) for event in finding.history]
    assert acts[:4] == ["open", "register", "look", "release"]
    assert len({event.user for event in finding.history if event.user}) == 2


def test_far_away_there_is_one_look_for_each_kind_of_attempt() -> None:
    """As many attempts, and fewer calls for all that is around them."""
    near, far = Registry(), Registry()
    assert _judged(near, level=Level.STRICT).judged == _judged(far, level=Level.STRICT, remote=True).judged
    assert len(far.asked) < len(near.asked)
    assert "foreign-id-released" in symptoms(_judged(_of_anybody(), level=Level.STRICT, remote=True))


@pytest.mark.parametrize(
    ("stored", "due"),
    [
        (Stored(), set()),
        (Stored(refuses=True), set()),
        (Stored(lambda known, asked: known[:-1] == asked), {"wrong-id-released"}),
        (Stored(lambda known, asked: asked.startswith(known)), {"wrong-id-released"}),
        (Stored(lambda known, asked: known[:4] == asked), {"wrong-id-released"}),
        (Stored(lambda known, asked: asked in ("", known)), {"wrong-id-released"}),
        (Stored(fnmatchcase), {"wrong-id-released"}),
        (
            Stored(lambda known, asked: bool(re.fullmatch(re.escape(known), asked, re.IGNORECASE))),
            {"wrong-id-released"},
        ),
    ],
    ids=[
        "as real generators keep them",
        "refuses who has none",
        "without the end",
        "more at the end",
        "four letters",
        "empty",
        "patterns",
        "capitals",
    ],
)
def test_what_is_no_user_ends_no_stored_session(stored: Stored, due: set[str]) -> None:
    """Nobody, a pattern and a part of a name end nobody's; stored sessions are the generator's."""
    verdict = _judged(stored=stored)
    assert symptoms(verdict) == due
    assert symptoms(_judged(stored=stored, surface=Surface.DISPATCHER)) == set()
    for finding in verdict.findings:
        assert [str(event.act) for event in finding.history] == ["store", "find", "invalidate", "find"]


@pytest.mark.parametrize(("fold", "due"), [(str.lower, set()), (str, {"wrong-id-released"})])
def test_capitals_end_a_session_where_they_are_the_same_user_everywhere(fold: Any, due: set[str]) -> None:
    """Where log-in keeps the two apart, storage has to do so too."""
    verdict = _judged(stored=Stored(fold=str.lower), fold=fold)
    assert symptoms(verdict) == due
    assert all("BABA0.MORENO" in sentence for sentence in map(_first, verdict.findings))


def _first(finding: Finding) -> str:
    return finding.evidence[0]
