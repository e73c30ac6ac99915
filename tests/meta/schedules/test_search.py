"""The order of the search: complete up to its bound, and the same for the same seed.

Verdicts on runs.
"""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

import pytest

from id_isolation.schedules.execution import Event, Execution, Follow, Policy
from id_isolation.schedules.schedule import Schedule
from id_isolation.schedules.search import Budget, Tally, Verdict, departures, judge, search
from id_isolation.timing import units

from .samples import unique


class Steps:
    """Lanes of a number of steps each that touch nothing: every order can be written down."""

    kind = "threads"

    def __init__(self, lengths: tuple[int, ...]) -> None:
        self.lengths, self.lanes = lengths, len(lengths)

    def run(self, policy: Policy, *, record: bool = False) -> Execution:
        seen = Execution(self.lanes, policy.first(self.lanes))
        left, steps, lane = list(self.lengths), [0] * self.lanes, seen.first
        order: list[int] = []
        while True:
            able = tuple(other for other in range(self.lanes) if left[other])
            if not able:
                break
            why = "point" if left[lane] else "ended"
            chosen = policy.choose(lane, steps[lane], why, able) if len(able) > 1 else able[0]
            seen.events.append(Event(lane, steps[lane], why, able, chosen, True, "step"))
            seen.points += why == "point"
            steps[lane] += 1
            lane = chosen
            left[lane] -= 1
            order.append(lane)
        seen.results = {0: tuple(order)}
        return seen


def _orders(runner: Steps, budget: Budget, seed: int = 0) -> tuple[list[tuple[int, ...]], Tally]:
    tally = Tally()
    return [execution.results[0] for _, execution in search(runner, budget, seed, tally)], tally


def _budget(**given: Any) -> Budget:
    return Budget(**{"seconds": units(60), "random": 0, **given})


def test_every_order_of_two_lanes_is_run_when_the_bound_allows() -> None:
    """Three and three steps can be put in twenty orders."""
    orders, tally = _orders(Steps((3, 3)), _budget(preemptions=6))
    expected = {tuple(0 if place in chosen else 1 for place in range(6)) for chosen in combinations(range(6), 3)}
    assert set(orders) == expected
    assert tally.complete


@pytest.mark.parametrize("bound", [0, 1, 2])
def test_no_order_with_at_most_the_bounds_preemptions_is_left_out(bound: Any) -> None:
    """Each order of three lanes is run if and only if it has few enough."""
    orders, _ = _orders(Steps((2, 2, 2)), _budget(preemptions=bound))
    everything, _ = _orders(Steps((2, 2, 2)), _budget(preemptions=6))

    def preemptions(order: tuple[int, ...]) -> int:
        changes = [(lane, place) for place, (lane, after) in enumerate(pairwise(order)) if lane != after]
        return sum(lane in order[place + 1 :] for lane, place in changes)

    few = {order for order in everything if preemptions(order) <= bound}
    assert few <= set(orders)


def test_the_same_seed_gives_the_same_order() -> None:
    """And another seed another one."""
    budget = _budget(preemptions=2, random=20)
    assert _orders(Steps((6, 6)), budget, 3)[0] == _orders(Steps((6, 6)), budget, 3)[0]
    assert _orders(Steps((6, 6)), budget, 3)[0] != _orders(Steps((6, 6)), budget, 4)[0]


def test_the_number_of_runs_is_bounded() -> None:
    """A search that is cut short is not complete."""
    orders, tally = _orders(Steps((30, 30)), _budget(schedules=50))
    assert len(orders) == tally.runs == 50
    assert not tally.complete


def test_some_schedules_are_run_however_long_they_take() -> None:
    """Time that is up ends the search only after those."""
    assert len(_orders(Steps((30, 30)), _budget(seconds=0, least=7))[0]) == 7
    assert _orders(Steps((30, 30)), _budget(seconds=0))[0] == []


def test_a_run_at_random_can_be_repeated_by_its_schedule() -> None:
    """The departures from the plain order are all it takes."""
    runner, tally = Steps((5, 5, 5)), Tally()
    for _, execution in search(runner, _budget(preemptions=0, random=30), 1, tally):
        again = runner.run(Follow(departures("threads", execution)))
        assert again.results == execution.results


def test_a_schedule_of_nothing_is_the_plain_order() -> None:
    """The lanes run one after the other."""
    assert Steps((2, 2)).run(Follow(Schedule("threads", 2))).results[0] == (0, 0, 1, 1)


def _execution(**given: Any) -> Execution:
    execution = Execution(2, 0)
    for name, value in given.items():
        setattr(execution, name, value)
    return execution


@pytest.mark.parametrize(
    ("execution", "verdict"),
    [
        (_execution(results={0: 1, 1: 2}), None),
        (_execution(results={0: 1, 1: 1}), Verdict("violated", "one value twice: [1, 1]")),
        (_execution(raised={1: KeyError("k")}, results={0: 1}), Verdict("raised", "Lane 2 raises KeyError: 'k'")),
        (_execution(end="blocked outside control"), None),
        (_execution(end="out of steps"), None),
        (_execution(raised={1: TimeoutError("busy")}, results={0: 1}, expired=True), None),
        (
            _execution(raised={1: RuntimeError("release unlocked lock")}, results={0: 1}, expired=True),
            Verdict("raised", "Lane 2 raises RuntimeError: release unlocked lock"),
        ),
        (_execution(results={0: 1, 1: 1}, expired=True), Verdict("violated", "one value twice: [1, 1]")),
    ],
    ids=["sound", "violated", "raised", "blocked", "spinning", "refused", "given back", "counted on"],
)
def test_a_run_is_judged_by_its_end_and_its_results(execution: Any, verdict: Any) -> None:
    """A run that was given up proves nothing, either way."""
    assert judge(execution, unique) == verdict


def test_a_deadlock_is_no_violation() -> None:
    """Its places are named, and the results are not looked at."""
    execution = _execution(end="deadlock", waiting={0: "a.py:1", 1: "b.py:2"})
    verdict = judge(execution, lambda results: "never asked")
    assert verdict.kind == "deadlock"
    assert "lane 1 at a.py:1; lane 2 at b.py:2" in verdict.reason
