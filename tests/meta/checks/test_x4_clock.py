"""Tests of X4: IDs that repeat when the clock stands or steps back."""

from __future__ import annotations

from typing import Any

import pytest

from id_isolation.world.world import NotApplicable

from ..bare import Bare
from .counting import ALL, Contexts, Minting, NeverBack, OfEachMoment, PerTick, ThreeDigits, judged, token

SESSIONS = {("repeated-id", "session")}


@pytest.mark.parametrize(
    ("minting", "repeated"),
    [
        (Minting(), set()),
        (Minting(drawn=token), set()),
        (Minting(clock=lambda: 0), set()),
        (OfEachMoment(), set()),
        (PerTick(clock=NeverBack()), set()),
        (ThreeDigits(drawn=token), set()),
        (Contexts(), set()),
        (PerTick(), ALL),
        (ThreeDigits(), SESSIONS),
    ],
    ids=[
        "a counter",
        "a counter and chance",
        "a counter and no clock",
        "a counter for each moment",
        "a clock that never goes back",
        "three digits and chance",
        "contexts alone",
        "a counter for each tick",
        "three digits",
    ],
)
def test_a_clock_that_stands_or_steps_back_repeats_no_id(minting: Minting, repeated: set[tuple[str, str]]) -> None:
    """Whatever else keeps the IDs apart must do so alone, however many are minted in one millisecond."""
    assert judged("X4", Bare(minting=minting))[1] == repeated


def test_a_clock_elsewhere_cannot_be_held() -> None:
    """A backend in another process keeps its own."""
    backend: Any = Bare(minting=Minting())
    backend.remote = True
    with pytest.raises(NotApplicable, match="clock cannot be held"):
        judged("X4", backend)
