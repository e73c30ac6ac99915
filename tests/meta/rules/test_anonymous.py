"""The rule of contexts without a user on histories of a few acts."""

from __future__ import annotations

import pytest

from id_isolation.history.events import Act
from id_isolation.history.recorder import History
from id_isolation.plan.kinds import Level
from id_isolation.rules.anonymous import Anonymous
from id_isolation.rules.rule import Circumstances


def _said(history: History) -> list[str]:
    rule = Anonymous(Circumstances())
    return [anomaly.evidence[0] for event in history for anomaly in rule.see(event)]


def _opens(history: History, number: int, user: str = "", **known: str) -> None:
    own = {"owner": f"nobody{number}", "thread": f"t{number}", "run": f"r{number}", "request": f"q{number}"}
    history.add(Act.OPEN, user, **{**own, **known})


@pytest.mark.parametrize("part", ["owner", "thread", "run", "request"])
def test_two_contexts_without_a_user_have_nothing_in_common(part: str) -> None:
    """Any part that a later one shares with an earlier one is told, with both."""
    history = History()
    for number in range(3):
        _opens(history, number)
    assert _said(history) == []
    _opens(history, 3, **{part: {"owner": "nobody1", "thread": "t1", "run": "r1", "request": "q1"}[part]})
    (said,) = _said(history)
    assert "t1" in said


def test_a_blank_user_is_one_user_and_a_missing_id_is_none() -> None:
    """Two contexts without a request ID do not share it."""
    history = History()
    for number in range(2):
        _opens(history, number, request="")
    assert _said(history) == []
    for number in range(2, 4):
        _opens(history, number, owner="")
    assert len(_said(history)) == 1


def test_contexts_of_users_are_for_other_rules() -> None:
    """A user's two contexts have the user in common."""
    history = History()
    for number in range(2):
        _opens(history, number, "ana", owner="ana")
    assert _said(history) == []


def test_the_plan_does_not_speak_of_it() -> None:
    """It counts at strict level."""
    assert all(kind.level is Level.STRICT for kind in Anonymous.kinds)
