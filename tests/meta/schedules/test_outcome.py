"""What an exploration says of itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from id_isolation.schedules import Failure, Outcome, Schedule

_PASSED = Outcome("threads", 2, 40, 38, 12, 2, True, 0.5)
_FAILURE = Failure("violated", "one value twice", ("1", "1"), Schedule("threads", 2), 2, "")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "40 schedules of 2 threads were run (38 different; all with at most 2 preemptions): none fails."),
        ({"complete": False}, "not all there are, the budget was spent): none fails."),
        ({"points": 0}, "Nothing was explored: 2 threads ran no code"),
        ({"complete": False, "failure": _FAILURE}, "the search ended there): one fails after 2 switches."),
        ({"deadlock": _FAILURE}, "one ends in a deadlock."),
        (
            {"given_up": 3, "obstacle": "wait"},
            "), 3 were given up, because they wait: none",
        ),
    ],
    ids=["complete", "not complete", "nothing", "failure", "deadlock", "given up"],
)
def test_one_sentence_says_what_it_is_worth(changes, says):
    """How much was tried, what was left out and why, and what came of it."""
    assert says in replace(_PASSED, **changes).sentence()


def test_schedules_that_were_given_up_have_not_ended():
    """They prove nothing."""
    assert replace(_PASSED, given_up=15).ended == 25


def test_json_values_hold_the_failure_in_full():
    """And nothing where there is none."""
    data = replace(_PASSED, failure=_FAILURE).to_json()
    assert data["failure"] == _FAILURE.to_json()
    assert data["deadlock"] is None
    assert data["schedules"] == 40
