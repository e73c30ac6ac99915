"""Tests of F1: the grammar of IDs, on each surface that mints them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from id_isolation.checks.check import check_of
from id_isolation.plan.kinds import Level, Surface
from id_isolation.world.world import NotApplicable

from ..bare import Bare, context_on
from .patterned import (
    CONTEXT,
    CONTEXTS,
    EVERY,
    MOMENT,
    SESSION,
    UNTIMED,
    Batches,
    Patterned,
    found_by,
)

pytestmark = pytest.mark.quick


@pytest.mark.parametrize("surface", [Surface.GENERATOR, Surface.AUTH, Surface.DISPATCHER])
@pytest.mark.parametrize(
    ("minting", "bad"),
    [
        (Patterned(), set()),
        (Patterned(context=UNTIMED), set()),
        (Patterned(session=f"{SESSION}0badcafe"), set()),
        (Patterned(session=SESSION.replace("badcafe", "BADCAFE")), {"session"}),
        (Patterned(session=SESSION.replace("{user}_", "")), {"session"}),
        (Patterned(session="session_auth_{user}"), {"session"}),
        (Patterned(context=CONTEXT.replace("0badcafe", "0bad")), CONTEXTS),
    ],
    ids=["the plan's", "no time", "a longer end", "capitals", "no user", "the user alone", "a short end"],
)
def test_an_id_has_the_grammar_of_its_kind(minting: Patterned, bad: set[str], surface: Surface) -> None:
    """On every surface that mints it, and no more than that is judged there."""
    minted = {Surface.GENERATOR: EVERY, Surface.AUTH: {"session"}, Surface.DISPATCHER: CONTEXTS}
    expected = {("no-grammar", kind) for kind in bad & minted[surface]}
    assert found_by("F1", minting, surface=surface) == expected


@pytest.mark.parametrize(
    ("change", "right"),
    [
        (list, True),
        (lambda ids: None, True),
        (lambda ids: ids[:-1], False),
        (lambda ids: [*ids[:-1], ids[0]], False),
        (lambda ids: [f"un{text}" for text in ids], False),
        (lambda ids: [f"item_{MOMENT}_{number}" for number in range(len(ids))], False),
        (lambda ids: [f"item_{MOMENT}_{number}_0badcafe" for number in range(len(ids))], False),
    ],
    ids=["as asked", "none to be had", "one too few", "one twice", "another prefix", "never random", "always random"],
)
def test_a_batch_is_as_it_was_asked_for(change: Callable[[list[str]], Sequence[str] | None], right: bool) -> None:
    """At strict level and of the generator alone: as many different IDs, with and without a random part."""
    minting, strict = Batches(change), Level.STRICT
    expected = set() if right else {("wrong-batch", "batch")}
    assert found_by("F1", minting, strict) == expected
    assert found_by("F1", minting) == set()
    assert found_by("F1", minting, strict, Surface.AUTH) == set()


def test_opaque_ids_have_no_format() -> None:
    """They are not judged by it."""
    with pytest.raises(NotApplicable, match="opaque"):
        check_of("F1").workload(Surface.GENERATOR)(context_on(Bare(minting=Patterned(), opaque_ids=True), "F1"))
