"""Policies are learnt from what was done while nothing disturbed it, and are no faults."""

from __future__ import annotations

import pytest

from id_isolation.history.events import SESSION_RECORDS, WHAT_IS_HELD, Act, History, Item, Outcome
from id_isolation.rules.policies import learnt


class _Told:
    """A history that is told act by act, one after the other."""

    def __init__(self) -> None:
        self.history = History()

    def log_in(self, token: str, session: str = "") -> _Told:
        refused = {} if session else {"outcome": Outcome.REFUSED}
        self._add(Act.LOG_IN, "ana", token, answer=session, owner="ana", **refused)
        return self

    def withdraw(self, token: str) -> _Told:
        self._add(Act.WITHDRAW, "ana", token)
        return self

    def records(self, *sessions: str) -> _Told:
        self._add(Act.LOOK, subject=SESSION_RECORDS, items=tuple(Item(session, "ana") for session in sessions))
        return self

    def held(self, *resources: str) -> _Told:
        self._add(Act.LOOK, subject=WHAT_IS_HELD, items=tuple(Item(one, "ana", "t", "r") for one in resources))
        return self

    def release(self) -> _Told:
        self._add(Act.RELEASE, "ana", "r")
        return self

    def _add(self, *what: object, **known: object) -> None:
        self.history.add(*what, began=len(self.history), **known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("told", "way"),
    [
        (_Told().log_in("t1", "s1").log_in("t2", "s1"), ("a user", "has one session")),
        (
            _Told().log_in("t1", "s1").records("s1").log_in("t2", "s2").records("s1", "s2"),
            "has several sessions at once",
        ),
        (
            _Told().log_in("t1", "s1").records("s1").log_in("t2", "s2").records("s2"),
            "keeps the session of the newest log-in alone",
        ),
        (_Told().log_in("t1", "s1").log_in("t1", "s1"), ("a token", "keeps its session")),
        (_Told().log_in("t1", "s1").log_in("t1", "s2"), ("a token", "gives a new session at each log-in")),
        (_Told().log_in("t1", "s1").records("s1"), ("a session", "is on record at once")),
        (_Told().log_in("t1", "s1").records(), ("a session", "is written down later")),
        (_Told().log_in("t1", "s1").records("s1").withdraw("t1").records(), "is gone at once"),
        (
            _Told().log_in("t1", "s1").records("s1").withdraw("t1").log_in("t1").records(),
            "is gone once the token was refused",
        ),
        (_Told().held("x").release().held(), ("what a run holds", "is released at once")),
        (_Told().held("x").release().held("x").held(), ("what a run holds", "is released by a later sweep")),
    ],
)
def test_a_calm_history_shows_the_policy(told: _Told, way: tuple[str, str] | str) -> None:
    """Whichever of the right ways it is."""
    ways = learnt(told.history)
    assert way in ways or way in {one for _, one in ways}


def test_what_ran_at_once_teaches_nothing() -> None:
    """Two log-ins under way together: either may have ended the other."""
    told = _Told()
    for token, session in (("t1", "s1"), ("t2", "s1")):
        told.history.add(Act.LOG_IN, "ana", token, answer=session, owner="ana", began=0)
    assert learnt(list(told.history)[1:]) == set()
