"""Tests of C8: a matcher for clean-up that joins by what a test says."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from id_isolation.backend.protocol import ContextIds
from id_isolation.checks.c8_cleanup_matcher import matcher_joins_one_context_only
from id_isolation.checks.context import CheckContext
from id_isolation.plan.grammar import correlation_token
from id_isolation.plan.kinds import Level
from id_isolation.world.effort import Effort

from ..bare import Bare, context_on, findings_of

FEW = Effort(0.2)
FROZEN = 1772366400000
Match = Callable[["_Minting", str, str], bool]


class _Minting:
    """Contexts whose IDs share a token; `owners` keeps whose each ID is, and of which context."""

    shapes = ("thread_{0}_{1}", "run_{0}_{1}", "req_{0}_{1}")

    def __init__(self) -> None:
        self.numbers = count()
        self.moments: set[int] = set()
        self.owners: dict[str, ContextIds] = {}

    def mint_context(self, user: str, operation: str) -> ContextIds:
        moment, number = int(time.time() * 1000), next(self.numbers)
        self.moments.add(moment)
        token = f"{moment}_{number}_{number * 0x9E3779B1 % (1 << 32):08x}"
        context = ContextIds(user, *(shape.format(operation, token) for shape in self.shapes))
        self.owners |= dict.fromkeys((context.thread, context.run), context)
        return context


class _Opaque(_Minting):
    """IDs with nothing to part them by."""

    shapes = ("{1}.t", "{1}.r", "{1}.q")

    def mint_context(self, user: str, operation: str) -> ContextIds:
        context = super().mint_context(user, operation)
        texts = (text.replace("_", "-") for text in (context.thread, context.run, context.request))
        opaque = ContextIds(user, *texts)
        self.owners |= dict.fromkeys((opaque.thread, opaque.run), opaque)
        return opaque


class _Matching:
    def __init__(self, minting: _Minting, joins: Match) -> None:
        self.minting = minting
        self.joins = joins

    def match(self, first: str, second: str) -> bool:
        return self.joins(self.minting, first, second)


def _by_token(minting: _Minting, first: str, second: str) -> bool:
    token = correlation_token(first)
    return token is not None and token == correlation_token(second)


def _by_look_up(minting: _Minting, first: str, second: str) -> bool:
    return first in minting.owners and minting.owners[first] is minting.owners.get(second)


def _part(place: int) -> Match:
    """Joins by one part of the IDs."""
    return lambda minting, first, second: first.split("_")[-place:][:1] == second.split("_")[-place:][:1]


def _by_user(minting: _Minting, first: str, second: str) -> bool:
    owners = {getattr(minting.owners.get(text), "user", text) for text in (first, second)}
    return len(owners) == 1


def _by_beginning(minting: _Minting, first: str, second: str) -> bool:
    tails = [text.partition("_")[2] for text in (first, second)]
    return min(map(len, tails)) > 8 and (tails[0].startswith(tails[1]) or tails[1].startswith(tails[0]))


def _matched(joins: Match, minting: _Minting | None = None, *, remote: bool = False) -> tuple[CheckContext, set[str]]:
    minting = minting or _Minting()
    backend: Any = Bare(minting=minting, matching=_Matching(minting, joins))
    backend.remote = remote
    world = context_on(backend, "C8", level=Level.STRICT, effort=FEW)
    symptoms = {finding.symptom for finding in findings_of(matcher_joins_one_context_only, world)}
    assert world.judged_count > 0
    return world, symptoms


@pytest.mark.parametrize(
    ("joins", "make", "symptoms"),
    [
        (_by_token, _Minting, set()),
        (_by_look_up, _Minting, set()),
        (_by_look_up, _Opaque, set()),
        (lambda minting, first, second: False, _Minting, {"own-not-matched"}),
        (lambda *ids: ids[1].startswith("run_") and _by_token(*ids), _Minting, {"own-not-matched"}),
        (lambda minting, first, second: True, _Minting, {"two-contexts-matched"}),
        (_part(3), _Minting, {"two-contexts-matched"}),
        (_by_user, _Minting, {"two-contexts-matched"}),
        (lambda *ids: _by_token(*ids) or not all(ids[1:]), _Minting, {"wrong-id-matched"}),
        (lambda *ids: _by_token(*ids) or "*" in ids[1:], _Minting, {"wrong-id-matched"}),
        (_by_beginning, _Minting, {"wrong-id-matched"}),
    ],
    ids=[
        "by the token",
        "by look-up",
        "opaque ones by look-up",
        "nothing",
        "a run with its thread alone",
        "everything",
        "by the timestamp",
        "by the user",
        "an empty text",
        "a pattern",
        "by the beginning",
    ],
)
def test_a_matcher_joins_a_thread_and_its_run_and_nothing_else(
    joins: Match, make: type[_Minting], symptoms: set[str]
) -> None:
    """Both ways round, and neither with another context's IDs nor with what is no ID."""
    found = _matched(joins, make())[1]
    # What joins everything joins nonsense too.
    assert found == symptoms or (symptoms and symptoms <= found)


@pytest.mark.parametrize(
    ("joins", "whose"), [(lambda *_: True, "another user's context"), (_by_user, "the same user's second context")]
)
def test_the_finding_says_whose_context_would_go_too(joins: Match, whose: str) -> None:
    """Another user's, where there is one."""
    finding = next(one for one in _matched(joins)[0].findings if one.symptom == "two-contexts-matched")
    assert finding.evidence[0].endswith(f": {whose} would go too.")


def test_contexts_are_made_in_one_millisecond_where_the_clock_can_be_held() -> None:
    """A backend elsewhere keeps its own."""
    for remote in (False, True):
        minting = _Minting()
        _matched(_by_token, minting, remote=remote)
        assert (minting.moments == {FROZEN}) is not remote
