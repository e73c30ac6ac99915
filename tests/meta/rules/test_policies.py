"""Policies are learnt from what was done while nothing disturbed it, and are no faults."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from id_isolation.checks.check import all_checks
from id_isolation.history.events import SESSION_RECORDS, WHAT_IS_HELD, Act, Event, Item, Outcome
from id_isolation.history.finding import Severity
from id_isolation.history.recorder import History
from id_isolation.rules import judging
from id_isolation.rules.judging import RULES, anomalies, policies_of
from id_isolation.rules.policies import Policy, Way, learnt, told_in
from id_isolation.rules.rule import Anomaly, AnomalyKind, Circumstances, Rule


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
        (_Told().log_in("t1", "s1").log_in("t2", "s1"), Way.ONE_SESSION),
        (_Told().log_in("t1", "s1").records("s1").log_in("t2", "s2").records("s1", "s2"), Way.SEVERAL_SESSIONS),
        (_Told().log_in("t1", "s1").records("s1").log_in("t2", "s2").records("s2"), Way.NEWEST_SESSION),
        (_Told().log_in("t1", "s1").log_in("t1", "s1"), Way.TOKEN_KEEPS),
        (_Told().log_in("t1", "s1").log_in("t1", "s2"), Way.TOKEN_RENEWS),
        (_Told().log_in("t1", "s1").records("s1"), Way.WRITTEN_AT_ONCE),
        (_Told().log_in("t1", "s1").records().records("s1"), Way.WRITTEN_LATER),
        (_Told().log_in("t1", "s1").records("s1").withdraw("t1").records(), Way.ENDED_AT_ONCE),
        (_Told().log_in("t1", "s1").records("s1").withdraw("t1").log_in("t1").records(), Way.ENDED_WHEN_REFUSED),
        (_Told().log_in("t1", "s1").records("s1").withdraw("t1").log_in("t1").records("s1"), Way.ENDED_STAYS),
        (_Told().held("x").release().held(), Way.RELEASED_AT_ONCE),
        (_Told().held("x").release().held("x").held(), Way.RELEASED_BY_SWEEP),
    ],
    ids=lambda value: str(value) if isinstance(value, Way) else "",
)
def test_a_calm_history_shows_the_policy(told: _Told, way: Way) -> None:
    """Whichever of the right ways it is."""
    assert way in learnt(told.history)


def test_what_ran_at_once_teaches_nothing() -> None:
    """Two log-ins under way together: either may have ended the other."""
    told = _Told()
    for token, session in (("t1", "s1"), ("t2", "s1")):
        told.history.add(Act.LOG_IN, "ana", token, answer=session, owner="ana", began=0)
    assert learnt(list(told.history)[1:]) == set()


def test_who_goes_both_ways_has_no_policy() -> None:
    """Nor has who never showed one: sessions that show in no look may be kept where nobody looks."""
    assert learnt([], [Way.ONE_SESSION, Way.NEWEST_SESSION, Way.TOKEN_KEEPS]) == {Way.TOKEN_KEEPS}
    assert learnt(_Told().log_in("t1", "s1").records().records().history) == set()


_FADES = AnomalyKind("fades", "It fades.", {"A3": "fades"}, Severity.LOW, under=frozenset({Way.ENDED_STAYS}))


class _Fading(Rule):
    """Accuses at each look, where an ended token's session stays on record."""

    kinds = (_FADES,)
    policies = (Policy.ENDED,)

    def see(self, event: Event) -> Iterator[Anomaly]:
        if event.act is Act.LOOK:
            yield Anomaly(_FADES, (), (), (event,))


def _found(monkeypatch: pytest.MonkeyPatch, told: _Told, *ways: Way) -> int:
    monkeypatch.setattr(judging, "RULES", (_Fading,))
    return len(anomalies(told.history, Circumstances(told=frozenset(ways))))


@pytest.mark.parametrize("way", [way for way in Way if way.policy is Policy.ENDED])
def test_a_rule_judges_under_the_policy_that_it_names_alone(monkeypatch: pytest.MonkeyPatch, way: Way) -> None:
    """Where another one was told, it accuses nobody, whatever the history shows; nor where nothing is known."""
    told = _Told().log_in("t1", "s1").records("s1")
    assert _found(monkeypatch, told, way) == (way is Way.ENDED_STAYS)
    assert _found(monkeypatch, told, Way.ONE_SESSION) == 0


def test_what_nobody_told_is_learnt_from_the_history_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """From what came before; and what was told goes before it."""
    told = _Told().log_in("t1", "s1").records("s1").withdraw("t1").log_in("t1").records("s1").records("s1")
    assert _found(monkeypatch, told) == 1
    assert _found(monkeypatch, told, Way.ENDED_AT_ONCE) == 0


def test_a_rule_that_judges_under_a_policy_without_naming_it_is_refused() -> None:
    """As soon as it is written."""
    with pytest.raises(TypeError, match="_Unnamed judges under a policy that it does not name: ENDED"):

        class _Unnamed(_Fading):
            policies = (Policy.SESSIONS,)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_knows_nothing_of_a_policy_that_it_does_not_name(rule: type[Rule]) -> None:
    """It is told no way at all, so that it cannot judge by one; and who shares a thread, only where it names that."""
    circumstances = rule(Circumstances(told=frozenset(Way), shares=lambda thread, user: True)).circumstances
    assert circumstances.told == set()
    if Policy.SHARING in rule.policies:
        assert circumstances.shares("t", "ana")
    else:
        with pytest.raises(LookupError, match="SHARING"):
            circumstances.shares("t", "ana")


def test_every_policy_has_to_do_with_a_check() -> None:
    """Or else nobody would be told of it."""
    assert set(Policy) == {policy for check in all_checks() for policy in policies_of(check)}


def test_what_other_surfaces_show_holds_where_they_agree_and_a_surface_shows_nothing() -> None:
    """Its own comes first."""
    data = {
        "auth": ["ended=stays", "sessions=one"],
        "websocket": ["sockets=newest", "sessions=several"],
        "manager": ["sockets=several"],
    }
    own, known = told_in(data, "auth")
    assert own == {Way.ENDED_STAYS, Way.ONE_SESSION}
    assert known == own
    assert told_in(data, "manager")[1] == {Way.SEVERAL_SOCKETS, Way.ENDED_STAYS}
    assert not any(told_in({}, "auth"))


def test_a_name_that_is_no_policy_is_refused() -> None:
    """With those that there are."""
    assert {Way.named(str(way)) for way in Way} == set(Way)
    with pytest.raises(ValueError, match="there are sessions=one, "):
        Way.named("sessions=none")
