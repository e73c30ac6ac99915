"""A generator is brought to just before the turn that it seldom takes, and to nowhere where it has none."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest

from id_isolation.checks.parts.program import rare_turn


class _Counter:
    """Goes another way at every `full`-th mint; `turns` says at which mints it did."""

    def __init__(self, full: int, *, restarts: bool = True) -> None:
        self.full, self.restarts = full, restarts
        self.value = self.minted = 0
        self.turns: list[int] = []

    def mint(self) -> int:
        self.minted += 1
        if self.value >= self.full:
            self.turns.append(self.minted)
            self.value = 0
        self.value += 1
        return self.value

    def restart(self) -> None:
        if self.restarts:
            self.value = 0


def _owns(name: str) -> bool:
    return name == __file__


def _is_next(counter: _Counter, before: Callable[[], None] | None) -> bool:
    assert before is not None
    before()
    turns = len(counter.turns)
    counter.mint()
    return len(counter.turns) == turns + 1


@pytest.mark.parametrize("full", [20, 999, 4095])
def test_a_counter_that_a_restart_sets_back_is_brought_to_its_end(full: int) -> None:
    """Again and again, wherever it stands."""
    counter = _Counter(full)
    before = rare_turn(counter.mint, counter.restart, _owns)
    for between in (0, 3, 7):
        for _ in range(between):
            counter.mint()
        assert _is_next(counter, before)


def test_a_turn_that_no_restart_brings_back_is_waited_for() -> None:
    """Also where mints were lost in between."""
    counter = _Counter(200, restarts=False)
    before = rare_turn(counter.mint, counter.restart, _owns)
    for between in (0, 3, 150):
        for _ in range(between):
            counter.mint()
        assert _is_next(counter, before)


def test_a_turn_too_far_away_to_wait_for_is_left_alone() -> None:
    """It would take longer than all the rest."""
    counter = _Counter(2_000, restarts=False)
    assert rare_turn(counter.mint, counter.restart, _owns) is None


def test_a_generator_that_always_goes_one_way_has_no_turn() -> None:
    """Nor has one whose files are somebody else's."""
    numbers = count()
    assert rare_turn(lambda: next(numbers), lambda: None, _owns) is None
    counter = _Counter(20)
    assert rare_turn(counter.mint, counter.restart, lambda name: False) is None


def test_a_turn_that_comes_by_chance_is_none_to_rely_on() -> None:
    """As where a clock has moved on: no count of mints leads to it."""
    numbers = count()
    lately = iter({40, 97, 360, 361, 800, 1_905, 1_906, 2_500, 4_400})
    due = [next(lately)]

    def mint() -> int:
        number = next(numbers)
        if number == due[0]:
            due[0] = next(lately, -1)
        return number

    assert rare_turn(mint, lambda: None, _owns) is None


def test_a_tracer_that_was_there_before_is_there_afterwards() -> None:
    """A debugger or a coverage tool goes on."""
    import sys

    def mine(*_: object) -> None:
        return None

    before = sys.gettrace()
    sys.settrace(mine)
    try:
        counter = _Counter(20)
        rare_turn(counter.mint, counter.restart, _owns)
        assert sys.gettrace() is mine
    finally:
        sys.settrace(before)
