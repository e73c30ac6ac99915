"""Tests of the rule on ownership: whose a session, a connection and a carried context is."""

from __future__ import annotations

import pytest

from id_isolation.history.events import ANSWERS_IN_HAND, Act, Item
from id_isolation.history.recorder import History
from id_isolation.rules.ownership import Sessions
from id_isolation.rules.rule import Circumstances

from .alone import said_by


def _history() -> History:
    history = History()
    for user in ("ana", "ben"):
        history.add(Act.ISSUE, user, f"token of {user}")
    return history


def _names(history: History) -> list[str]:
    return [one.kind.name for one in said_by(history, Circumstances(), Sessions)]


def _connects(history: History, user: str, token: str, connection: str = "c1") -> None:
    history.add(Act.CONNECT, user, token, connection=connection, owner=user)


def test_a_connection_id_is_one_users() -> None:
    """Another's token gets another ID."""
    history = _history()
    _connects(history, "ana", "token of ana")
    _connects(history, "ana", "token of ana")
    assert _names(history) == []
    _connects(history, "ben", "token of ben")
    assert _names(history) == ["shared-connection"]


def test_a_live_line_that_asks_again_under_its_own_id_is_given_nothing() -> None:
    """Though its token is somebody else's by now: whether the line goes on is another question."""
    history = _history()
    _connects(history, "ana", "token of ana")
    history.add(Act.REASSIGN, "ben", "token of ana")
    _connects(history, "ben", "token of ana")
    assert _names(history) == []


def test_what_a_caller_has_in_hand_becomes_nobody_elses() -> None:
    """As where two log-ins share one object."""
    history = _history()
    history.add(Act.LOG_IN, "ana", "token of ana", answer="s1", owner="ana")
    history.add(Act.LOOK, subject=ANSWERS_IN_HAND, items=(Item("s1", "ana"),))
    assert _names(history) == []
    history.add(Act.LOOK, subject=ANSWERS_IN_HAND, items=(Item("s1", "ben"),))
    assert _names(history) == ["record-of-another"]


@pytest.mark.parametrize(
    ("owner", "run", "names"),
    [("ana", "run", []), ("ben", "run", ["carried-for-another"]), ("ana", "other", ["carried-for-another"])],
)
def test_a_carried_context_is_the_callers(owner: str, run: str, names: list[str]) -> None:
    """Its user and each of its IDs."""
    history = _history()
    brought = (Item("request", "ana", "thread", "run"),)
    history.add(Act.CARRY, "ana", "run", owner=owner, thread="thread", run=run, request="request", items=brought)
    assert _names(history) == names
