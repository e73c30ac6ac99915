"""Tests of F2: the way of IDs back through the backend's own parser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from id_isolation.backend.protocol import ParsedId
from id_isolation.checks.check import check_of
from id_isolation.plan.kinds import Level, Surface
from id_isolation.world.world import NotApplicable

from ..bare import Bare, context_on
from .patterned import (
    CONTEXTS,
    EVERY,
    MOMENT,
    UNTIMED,
    Patterned,
    Reading,
    ReadsUntimed,
    found_by,
)


@pytest.mark.parametrize(
    ("change", "right"),
    [
        (replace, True),
        (lambda parsed: None, False),
        (lambda parsed: replace(parsed, full_id=parsed.full_id[1:]), False),
        (lambda parsed: replace(parsed, prefix=parsed.prefix.partition("_")[0]), False),
        (lambda parsed: replace(parsed, prefix=""), False),
        (lambda parsed: replace(parsed, timestamp=MOMENT // 1000), False),
        (lambda parsed: replace(parsed, counter=parsed.counter + 1), False),
        (lambda parsed: replace(parsed, random="") if parsed.random else parsed, False),
    ],
    ids=["right", "nothing", "whole", "short prefix", "no prefix", "timestamp", "counter", "random part"],
)
def test_what_was_minted_parses_back(change: Callable[[ParsedId], ParsedId | None], right: bool) -> None:
    """Each part of it as it stands in the text."""
    found = found_by("F2", Patterned(), reading=Reading(change))
    assert found == (set() if right else {("does-not-parse", kind) for kind in EVERY})


@pytest.mark.parametrize(
    ("minting", "reading", "plan", "strict"),
    [
        (Patterned(), Reading(), set(), set()),
        (Patterned(context=UNTIMED), Reading(), set(), {("does-not-parse", kind) for kind in CONTEXTS}),
        (Patterned(context=UNTIMED), ReadsUntimed(), set(), set()),
        (
            Patterned(),
            ReadsUntimed(lost=True),
            {("does-not-parse", kind) for kind in EVERY},
            {*(("does-not-parse", kind) for kind in EVERY), ("bare-does-not-parse", "base")},
        ),
        (Patterned(), Reading(valid=False), set(), {("own-id-not-valid", kind) for kind in (*EVERY, "base")}),
        (
            Patterned(),
            Reading(lambda parsed: parsed if parsed.random else None),
            set(),
            {("bare-does-not-parse", "base")},
        ),
    ],
    ids=[
        "all of it",
        "not what has no time",
        "what has no time too",
        "times unread",
        "valid to nobody",
        "not what has no random part",
    ],
)
def test_at_strict_level_everything_parses_back_and_is_valid(
    minting: Patterned, reading: Reading, plan: set[tuple[str, str]], strict: set[tuple[str, str]]
) -> None:
    """The plan says so of what carries a timestamp alone."""
    for level, expected in ((Level.PLAN, plan), (Level.STRICT, strict)):
        assert found_by("F2", minting, level, reading=reading) == expected


def test_opaque_ids_have_no_format() -> None:
    """They are not judged by it."""
    with pytest.raises(NotApplicable, match="opaque"):
        check_of("F2").workload(Surface.GENERATOR)(context_on(Bare(minting=Patterned(), opaque_ids=True), "F2"))
