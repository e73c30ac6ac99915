"""The oracle names each anomaly in a history that has it, and none in one that has not."""

from __future__ import annotations

import pytest

from id_isolation.world.delivery import RUN_EVENTS
from id_isolation.world.oracle import Did, Name, Step, anomalies, told

ANA, BEN = "ana.silva", "ben.weber"


def _open(user: str, socket: int, connection: str = "") -> Step:
    return Step(Did.OPEN, user, socket, connection=connection or f"conn {socket}")


def _see(user: str, socket: int, type_: str, task: int, owner: str = "", **more: str) -> Step:
    ids = {"run": f"run_{task}", "thread": f"thread_{task}", "said": user, **more}
    return Step(Did.SEE, user, socket, type_, owner=owner or user, task=task, **ids)


def _run(user: str, socket: int, task: int, types: tuple[str, ...] = RUN_EVENTS) -> list[Step]:
    start = Step(Did.START, user, socket, owner=user, task=task)
    return [start, *(_see(user, socket, type_, task) for type_ in types)]


OPENED = [_open(ANA, 1), _open(BEN, 2)]
SOUND = [*OPENED, *_run(ANA, 1, 1), *_run(BEN, 2, 2)]

FAULTY = {
    Name.FOREIGN_EVENT: [*SOUND, _see(BEN, 2, RUN_EVENTS[0], 1, owner=ANA, said=BEN)],
    Name.FOREIGN_USER: [*OPENED, *_run(ANA, 1, 1), _see(ANA, 1, "note", 1, said=BEN)],
    Name.SHARED_ID: [
        *OPENED,
        *_run(ANA, 1, 1),
        Step(Did.START, BEN, 2, owner=BEN, task=2),
        *(_see(BEN, 2, type_, 2, run="run_1", thread="thread_2") for type_ in RUN_EVENTS),
    ],
    Name.LOST_EVENT: [*OPENED, *_run(ANA, 1, 1, RUN_EVENTS[:-1])],
    Name.CUT_OFF: [*SOUND, Step(Did.LOSE, ANA, 1)],
    Name.DUPLICATE_EVENT: [*SOUND, _see(ANA, 1, RUN_EVENTS[-1], 1)],
    Name.OUT_OF_ORDER: [*OPENED, *_run(ANA, 1, 1, (RUN_EVENTS[1], RUN_EVENTS[0], *RUN_EVENTS[2:]))],
    Name.MIXED_RUN: [*OPENED, *_run(ANA, 1, 1, RUN_EVENTS[:-1]), _see(ANA, 1, RUN_EVENTS[-1], 1, run="run_9")],
    Name.REUSED_RUN: [
        *OPENED,
        *_run(ANA, 1, 1),
        Step(Did.START, ANA, 1, owner=ANA, task=3),
        *(_see(ANA, 1, type_, 3, run="run_1") for type_ in RUN_EVENTS),
    ],
    Name.REUSED_CONNECTION: [*OPENED, Step(Did.CLOSE, ANA, 1), _open(ANA, 3, "conn 1")],
    Name.OLD_TAIL: [
        *OPENED,
        Step(Did.START, ANA, 1, owner=ANA, task=1),
        Step(Did.CUT, ANA, 1, task=1),
        Step(Did.CLOSE, ANA, 1),
        _open(ANA, 3),
        _see(ANA, 3, RUN_EVENTS[-1], 1),
    ],
}


@pytest.mark.parametrize("name", list(Name), ids=str)
def test_an_anomaly_is_named(name: Name) -> None:
    """A history with one thing wrong has that anomaly, and no other."""
    found = anomalies(FAULTY[name])
    assert {anomaly.name for anomaly in found} == {name}
    assert set(found[0].steps) <= set(FAULTY[name])


def test_a_sound_history_has_none() -> None:
    """Two users with a run each, nothing lost and nothing crossed."""
    assert anomalies(SOUND) == []


def test_an_event_on_every_socket_of_its_user_is_sound() -> None:
    """A server may send a run's events to all sockets of its user."""
    also = [_see(ANA, 3, type_, 1) for type_ in RUN_EVENTS]
    assert anomalies([_open(ANA, 3), *SOUND, *also]) == []


def test_a_run_that_was_ended_early_may_be_short() -> None:
    """Nobody misses the events of a run that its user broke off."""
    assert anomalies([*OPENED, *_run(ANA, 1, 1, RUN_EVENTS[:2]), Step(Did.CUT, ANA, 1, task=1)]) == []


def test_an_event_without_canary_belongs_to_the_owner_of_its_run() -> None:
    """Where a payload is missing, the run ID says whose event it is."""
    bare = Step(Did.SEE, BEN, 2, RUN_EVENTS[1], run="run_1", thread="thread_1")
    assert [anomaly.name for anomaly in anomalies([*SOUND, bare])] == [Name.FOREIGN_EVENT]


def test_an_endpoint_may_have_other_names_for_its_users() -> None:
    """Where names are not exact, an event's user only has to be one and the same for each."""
    renamed = [step._replace(said=f"id of {step.user}") if step.did is Did.SEE else step for step in SOUND]
    assert anomalies(renamed, exact_users=False) == []
    pooled = [step._replace(said="everybody") if step.did is Did.SEE else step for step in SOUND]
    assert {anomaly.name for anomaly in anomalies(pooled, exact_users=False)} == {Name.FOREIGN_USER}


def test_many_leaks_are_judged_in_little_time() -> None:
    """Work grows with the history, not with its square: a broadcast to 100 users is 49,500 leaks."""
    crowd = [
        step
        for number in range(100)
        for step in (_open(f"user{number}", number), *_run(f"user{number}", number, number))
    ]
    leaks = [
        _see(f"user{n}", n, RUN_EVENTS[0], m, owner=f"user{m}", said=f"user{n}")
        for n in range(100)
        for m in range(100)
        if n != m
    ]
    assert len(anomalies([*crowd, *leaks * 5])) == 49_500


def test_a_history_is_told_with_a_lane_for_each_user() -> None:
    """Each step becomes an event in its user's lane, and what crossed is marked."""
    leak = FAULTY[Name.FOREIGN_EVENT][-1]
    events = told([*OPENED, leak], [leak])
    assert [event.lane for event in events] == [ANA, BEN, BEN]
    assert [event.leak for event in events] == [False, False, True]
    assert events[-1].owner == ANA
