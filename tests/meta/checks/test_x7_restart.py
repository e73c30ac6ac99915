"""Tests of X7: IDs that repeat when the generator starts anew, or is imported a second time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from id_isolation.world.world import NotApplicable

from ..bare import Bare
from .counting import ALL, FromZero, Minting, judged, token


@pytest.mark.parametrize(
    ("minting", "repeated"),
    [(Minting(), set()), (FromZero(drawn=token), set()), (FromZero(), ALL)],
    ids=["a kept counter", "a counter from zero and chance", "a counter from zero"],
)
def test_a_restart_in_one_millisecond_repeats_no_id(minting: Minting, repeated: set[tuple[str, str]]) -> None:
    """A counter that begins anew is not enough."""
    assert judged("X7", Bare(minting=minting))[1] == repeated


@pytest.mark.parametrize(
    ("drawn", "repeated"), [(token, set()), (lambda: "0badcafe", ALL)], ids=["chance", "nothing but a counter"]
)
def test_a_second_import_repeats_no_id(drawn: Callable[[], str], repeated: set[tuple[str, str]]) -> None:
    """Though its counter is another one, which no restart has put back."""
    backend: Any = Bare(minting=Minting(drawn=drawn))
    backend.import_anew = lambda: Minting(drawn=drawn)
    world, found = judged("X7", backend)
    assert found == repeated
    # Four IDs of each of four users, minted five times here and once beside.
    assert world.judged_count == 4 * 4 * (5 + 1)


def test_a_generator_that_cannot_be_imported_twice_is_told() -> None:
    """What it mints is judged all the same."""

    def import_anew() -> Minting:
        raise ImportError("once is enough")

    backend: Any = Bare(minting=FromZero())
    backend.import_anew = import_anew
    world, found = judged("X7", backend)
    assert found == ALL
    assert world.notes == ["The generator cannot be imported twice in one process (ImportError: once is enough)."]


def test_a_clock_elsewhere_cannot_be_held() -> None:
    """A backend in another process keeps its own."""
    backend: Any = Bare(minting=Minting())
    backend.remote = True
    with pytest.raises(NotApplicable, match="clock cannot be held"):
        judged("X7", backend)
