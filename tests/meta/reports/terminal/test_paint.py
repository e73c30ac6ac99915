"""Colour is added to words, and taken away without a trace."""

from __future__ import annotations

import re

import pytest

from id_isolation.history.finding import Outcome
from id_isolation.reports.terminal import WORDS, Paint

WAYS = ("bold", "dim", "bad", "good")


@pytest.mark.parametrize("way", WAYS)
def test_without_colour_a_text_stays_as_it_is(way: str) -> None:
    """For files, and for those who switch it off."""
    assert getattr(Paint(colour=False), way)("x") == "x"


@pytest.mark.parametrize("way", WAYS)
def test_with_colour_a_text_ends_in_the_terminals_own(way: str) -> None:
    """And an empty one has nothing to paint."""
    painted = getattr(Paint(colour=True), way)("x")
    assert re.fullmatch(r"\x1b\[[0-9;]+mx\x1b\[0m", painted)
    assert getattr(Paint(colour=True), way)("") == ""


def test_every_outcome_has_a_word_and_a_colour_of_its_own() -> None:
    """The word alone is enough."""
    assert len(set(WORDS.values())) == len(WORDS) == len(Outcome)
    painted = {Paint(colour=True).outcome(outcome, "x") for outcome in Outcome}
    assert len(painted) == len(Outcome)
