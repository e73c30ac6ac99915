"""Tests of the rule on lifetimes: what was ended stays ended, and nothing else ends."""

from __future__ import annotations

import pytest

from id_isolation.history.events import SESSION_RECORDS, Act, Item, Outcome
from id_isolation.history.recorder import History
from id_isolation.rules.judging import anomalies
from id_isolation.rules.rule import Circumstances


class _Told:
    """A history that is told act by act."""

    def __init__(self) -> None:
        self.history = History()

    def log_in(self, user: str, token: str, session: str = "", owner: str = "") -> _Told:
        refused = {} if session else {"outcome": Outcome.REFUSED}
        began = len(self.history)
        self.history.add(Act.LOG_IN, user, token, answer=session, owner=owner or user, began=began, **refused)
        return self

    def withdraw(self, user: str, token: str) -> _Told:
        self.history.add(Act.WITHDRAW, user, token)
        return self

    def look(self, **owners: str) -> _Told:
        items = tuple(Item(session, owner) for session, owner in owners.items())
        self.history.add(Act.LOOK, subject=SESSION_RECORDS, items=items)
        return self

    @property
    def names(self) -> list[str]:
        return [one.kind.name for one in anomalies(self.history, Circumstances())]


def test_a_withdrawn_token_opens_nothing() -> None:
    """One that was never withdrawn does."""
    told = _Told().log_in("ana", "t1", "s1").log_in("ana", "t1", "s1").withdraw("ana", "t1")
    assert told.names == []
    assert told.log_in("ana", "t1", "s1").names == ["withdrawn-opens"]


def test_a_session_goes_with_its_own_users_acts_alone() -> None:
    """A later log-in of the user may take its place; another user's end may not."""
    both = {"s1": "ana", "s2": "ben"}
    told = _Told().log_in("ana", "t1", "s1").log_in("ben", "t2", "s2").look(**both)
    assert told.withdraw("ben", "t2").look(s1="ana").names == []
    assert told.log_in("ana", "t3", "s3").look(s3="ana").names == []
    assert told.withdraw("ben", "t2").look().names == ["session-lost"]


def test_a_session_that_no_look_showed_is_not_said_to_be_gone() -> None:
    """It may be on record later, or never."""
    told = _Told().log_in("ana", "t1", "s1").look().log_in("", "no token").look()
    assert told.names == []


def test_what_a_refusal_leaves_on_record_is_found() -> None:
    """What a good log-in writes late is not left by the refusal after it."""
    told = _Told().log_in("ana", "t1", "s1").look().log_in("", "no token")
    assert told.look(s1="ana").names == []
    assert told.log_in("", "no token").look(s1="ana", s2="ana").names == ["left-by-refusal"]


@pytest.mark.parametrize("act", [Act.ISSUE, Act.LOG_IN])
def test_what_was_given_up_may_come_as_late_as_beside_a_refusal(act: Act) -> None:
    """A server carries out what its client no longer waits for; that leaves one session of that one user."""
    told = _Told().look()
    told.history.add(act, "ana", "t1", outcome=Outcome.CANCELLED)
    told.look().log_in("", "no token").look(s1="ana")
    assert told.names == []
    assert told.log_in("", "no token").look(s1="ana", s2="ana", s3="ana").names == ["left-by-refusal"]


def test_a_token_that_nobody_presented_yet_may_have_its_session() -> None:
    """So it is where the token is the session; another user's is left by the refusal still."""
    told = _Told().look()
    told.history.add(Act.ISSUE, "ana", "t1")
    told.log_in("", "no token").look(s1="ana")
    assert told.names == []
    told.history.add(Act.ISSUE, "ana", "t2")
    assert told.log_in("", "no token").look(s1="ana", s2="ben").names == ["left-by-refusal"]
