"""The rule of delivery names each anomaly in a history that has it, and none in one that has not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from id_isolation.history.events import RUN_EVENTS, UNREAD, Act, Event
from id_isolation.history.recorder import History
from id_isolation.plan.kinds import Level
from id_isolation.rules.delivery import Delivery
from id_isolation.rules.policies import Way
from id_isolation.rules.rule import Anomaly, Circumstances

from .alone import said_by

ANA, BEN = "ana.silva", "ben.weber"


class _Told:
    """A history of two users, written act by act."""

    def __init__(self, *, opened: bool = True) -> None:
        self.history = History()
        for user in (ANA, BEN):
            self.history.add(Act.ISSUE, user, f"token of {user}")
        if opened:
            self.open(ANA, 1)
            self.open(BEN, 2)

    def open(self, user: str, socket: int, connection: str = "") -> _Told:
        connection = connection or f"ws_{socket}"
        self.history.add(Act.CONNECT, user, f"token of {user}", owner=user, socket=socket, connection=connection)
        return self

    def does(self, act: Act, user: str, socket: int, **known: Any) -> _Told:
        self.history.add(act, user, socket=socket, **known)
        return self

    def sees(self, user: str, socket: int, message: str, task: int, owner: str = "", **more: str) -> _Told:
        ids = {"run": f"run_{task}", "thread": f"thread_{task}", "named": user, "owner": owner or user, **more}
        return self.does(Act.RECEIVE, user, socket, message=message, task=task, **ids)

    def run(self, user: str, socket: int, task: int, messages: tuple[str, ...] = RUN_EVENTS, **more: str) -> _Told:
        self.does(Act.START, user, socket, owner=user, task=task)
        for message in messages:
            self.sees(user, socket, message, task, **more)
        return self


def _sound() -> _Told:
    return _Told().run(ANA, 1, 1).run(BEN, 2, 2)


def _named(story: _Told, **circumstances: Any) -> list[str]:
    return [anomaly.kind.name for anomaly in _found(story, **circumstances)]


def _found(story: _Told, **circumstances: Any) -> list[Anomaly]:
    return said_by(story.history, Circumstances(Level.PLAN, **circumstances), Delivery)


FAULTY: dict[str, Callable[[], _Told]] = {
    "foreign-event": lambda: _sound().sees(BEN, 2, RUN_EVENTS[0], 1, owner=ANA, named=BEN),
    "foreign-user": lambda: _Told().run(ANA, 1, 1).sees(ANA, 1, "note", 1, named=BEN),
    "shared-id": lambda: _Told().run(ANA, 1, 1).run(BEN, 2, 2, run="run_1"),
    "lost-event": lambda: _Told().run(ANA, 1, 1, RUN_EVENTS[:-1]),
    "cut-off": lambda: _sound().does(Act.LOSE, ANA, 1),
    "held-up": lambda: (
        _Told()
        .run(BEN, 2, 2, RUN_EVENTS[:1])
        .run(ANA, 1, 1)
        .does(Act.CUT, BEN, 2, task=2, note=UNREAD)
        .run(ANA, 1, 3, RUN_EVENTS[:-1], run="run_3")
    ),
    "duplicate-event": lambda: _sound().sees(ANA, 1, RUN_EVENTS[-1], 1),
    "out-of-order": lambda: _Told().run(ANA, 1, 1, (RUN_EVENTS[1], RUN_EVENTS[0], *RUN_EVENTS[2:])),
    "mixed-run": lambda: _Told().run(ANA, 1, 1, RUN_EVENTS[:-1]).sees(ANA, 1, RUN_EVENTS[-1], 1, run="run_9"),
    "reused-run": lambda: _Told().run(ANA, 1, 1).run(ANA, 1, 3, run="run_1"),
    "reused-connection": lambda: _Told().does(Act.CLOSE, ANA, 1).open(ANA, 3, "ws_1"),
    "old-tail": lambda: (
        _Told()
        .run(ANA, 1, 1, ())
        .does(Act.CUT, ANA, 1, task=1)
        .does(Act.CLOSE, ANA, 1)
        .open(ANA, 3)
        .sees(ANA, 3, RUN_EVENTS[-1], 1)
    ),
}


@pytest.mark.parametrize("name", FAULTY)
def test_an_anomaly_is_named(name: str) -> None:
    """A history with one thing wrong has that anomaly, and no other; its events are cut from the history."""
    told = FAULTY[name]()
    found = _found(told)
    assert {anomaly.kind.name for anomaly in found} == {name}
    shown: list[Event] = [*found[0].events, *found[0].leaks]
    assert shown
    assert all(any(event is known for known in told.history) for event in shown)


def test_a_socket_that_was_being_opened_in_time_is_no_later_one() -> None:
    """Its user may have had two sockets for a moment, whichever answer came first; both get what the user gets."""
    told = _Told().run(ANA, 1, 1, ()).does(Act.CUT, ANA, 1, task=1)
    began = len(list(told.history))
    told.does(Act.CLOSE, ANA, 1)
    told.history.add(Act.CONNECT, ANA, f"token of {ANA}", owner=ANA, socket=3, connection="ws_3", began=began)
    assert _named(told.sees(ANA, 3, RUN_EVENTS[-1], 1)) == []


def test_what_is_wrong_with_a_run_has_the_step_where_it_shows() -> None:
    """The last event that came; of a run that received nothing, its start."""
    for came in (RUN_EVENTS[:-1], ()):
        (lost,) = _found(_Told().run(ANA, 1, 1, came))
        assert [event.message if came else event.act for event in lost.leaks] == [came[-1] if came else Act.START]


def test_a_users_own_run_may_go_on_where_that_is_said() -> None:
    """On the connection that the user opens next; another user's run may not."""
    assert _named(FAULTY["old-tail"](), told=frozenset({Way.RUN_GOES_ON})) == []
    assert _named(FAULTY["foreign-event"](), told=frozenset({Way.RUN_GOES_ON})) == ["foreign-event"]


def test_a_sound_history_has_none() -> None:
    """Two users with a run each, nothing lost and nothing crossed."""
    assert _named(_sound()) == []


def test_an_event_on_every_socket_of_its_user_is_sound() -> None:
    """A server may send a run's events to all sockets of its user."""
    told = _Told().open(ANA, 3).run(ANA, 1, 1)
    for message in RUN_EVENTS:
        told.sees(ANA, 3, message, 1)
    assert _named(told) == []


def test_a_run_that_was_ended_early_may_be_short() -> None:
    """Nobody misses the events of a run that its user broke off."""
    assert _named(_Told().run(ANA, 1, 1, RUN_EVENTS[:2]).does(Act.CUT, ANA, 1, task=1)) == []


def test_whoever_names_what_is_anothers_may_be_thrown_out() -> None:
    """Its own line alone."""
    told = _sound().does(Act.NAME, ANA, 1, run="run_2", owner=BEN).does(Act.LOSE, ANA, 1)
    assert _named(told) == []
    assert _named(told.does(Act.LOSE, BEN, 2)) == ["cut-off"]


@pytest.mark.parametrize("act", [Act.WITHDRAW, Act.REASSIGN])
def test_a_line_may_end_with_its_token_and_so_may_its_runs(act: Act) -> None:
    """The lines of other tokens may not."""
    told = _sound()
    told.history.add(act, ANA, f"token of {ANA}")
    told.run(ANA, 1, 3, ()).does(Act.LOSE, ANA, 1)
    assert _named(told) == []
    assert _named(told.does(Act.LOSE, BEN, 2)) == ["cut-off"]


def test_a_line_that_is_lost_while_its_token_is_being_ended_ends_with_it() -> None:
    """A server may close it before it answers; one that was lost earlier was cut off."""
    for early in (False, True):
        told = _sound()
        if early:
            told.does(Act.LOSE, ANA, 1)
        with told.history.act(Act.WITHDRAW, ANA, f"token of {ANA}"):
            if not early:
                told.does(Act.LOSE, ANA, 1)
        assert _named(told) == ["cut-off"] * early


def test_a_line_that_was_lost_before_the_next_one_was_opened_was_cut_off() -> None:
    """The newest may take the place of the older ones only while it is being opened."""
    for early in (False, True):
        told = _sound()
        if early:
            told.does(Act.LOSE, BEN, 2)
        began = len(told.history)
        if not early:
            told.does(Act.LOSE, BEN, 2)
        known = {"owner": BEN, "socket": 3, "connection": "ws_3", "began": began}
        told.history.add(Act.CONNECT, BEN, f"token of {BEN}", **known)
        assert _named(told) == ["cut-off"] * early


def test_an_event_without_a_secret_belongs_to_the_owner_of_its_run() -> None:
    """Where a payload is missing, the run ID says whose event it is."""
    told = _sound().does(Act.RECEIVE, BEN, 2, message=RUN_EVENTS[1], run="run_1", thread="thread_1")
    assert _named(told) == ["foreign-event"]


def test_connections_of_two_users_share_no_context() -> None:
    """One connection's own context may be handed out again as often as its user likes."""
    told = _Told(opened=False)
    for user in (ANA, ANA, BEN):
        told.history.add(Act.CONNECT, user, f"token of {user}", connection=f"ws_{user}", thread="t", run="r")
    assert _named(told) == ["shared-id"]
    assert _named(told, shares=lambda thread, user: thread == "t") == []


def test_an_endpoint_may_have_other_names_for_its_users() -> None:
    """Where names are not exact, an event's user only has to be one and the same for each."""
    renamed = _Told().run(ANA, 1, 1, named="user-1").run(BEN, 2, 2, named="user-2")
    assert set(_named(renamed)) == {"foreign-user"}
    assert _named(renamed, exact_users=False) == []
    pooled = _Told().run(ANA, 1, 1, named="everybody").run(BEN, 2, 2, named="everybody")
    assert set(_named(pooled, exact_users=False)) == {"foreign-user"}


def test_sharing_that_a_backend_declares_is_no_anomaly() -> None:
    """In the threads that it says, and for the users that it says."""
    both = _Told().run(ANA, 1, 1, thread="t").run(BEN, 2, 2, thread="t")
    assert set(_named(both)) == {"shared-id"}
    assert _named(both, shares=lambda thread, user: thread == "t") == []
    assert _named(both, shares=lambda thread, user: user == ANA) != []


def test_many_leaks_are_judged_in_little_time() -> None:
    """Work grows with the history, not with its square: a broadcast to 60 users is 17,700 leaks."""
    told = _Told(opened=False)
    for number in range(60):
        told.open(f"user{number}", number + 1).run(f"user{number}", number + 1, number + 1)
    for n in range(60):
        for m in range(60):
            for message in RUN_EVENTS * (n != m):
                told.sees(f"user{n}", n + 1, message, m + 1, owner=f"user{m}", named=f"user{n}")
    assert len(_found(told)) == 17_700
