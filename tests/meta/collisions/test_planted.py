"""Every planted generator is caught by what is meant for it, and no sound twin is."""

from __future__ import annotations

from typing import Any

import pytest

from ..rounds import SEEDS
from .catch import PLANTED, TWINS


@pytest.mark.parametrize("fault", PLANTED)
def test_each_fault_is_caught(fault: Any) -> None:
    """Three times of three."""
    mint, caught = PLANTED[fault]
    assert [caught(mint, seed) for seed in range(3)] == [True] * 3


@pytest.mark.slow
@pytest.mark.parametrize("fault", PLANTED)
def test_each_fault_is_caught_twenty_times_of_twenty(fault: Any) -> None:
    """Whatever the seed, it is caught."""
    mint, caught = PLANTED[fault]
    assert [caught(mint, seed) for seed in SEEDS] == [True] * len(SEEDS)


@pytest.mark.parametrize("twin", TWINS)
def test_each_sound_twin_passes_what_catches_the_others(twin: Any) -> None:
    """Nothing is found in it."""
    mint, catchers = TWINS[twin]
    assert [catch.__name__ for catch in catchers if catch(mint, 0)] == []


@pytest.mark.slow
@pytest.mark.parametrize("twin", TWINS)
def test_each_sound_twin_passes_twenty_times_of_twenty(twin: Any) -> None:
    """Whatever the seed, nothing is found."""
    mint, catchers = TWINS[twin]
    assert [catch.__name__ for seed in SEEDS for catch in catchers if catch(mint, seed)] == []
