"""The oracle names each anomaly in a history that has it, and none in one that has not.

Steps become the events of a finding: one lane for each user, with leaks marked and nothing secret. A simulated user's
runs each have a canary of their own, and count what came of them.
"""

from __future__ import annotations

from itertools import count

import pytest

from id_isolation.history import redaction
from id_isolation.history.events import Act, Event
from id_isolation.world.delivery import RUN_EVENTS
from id_isolation.world.oracle import CANARY, Did, Name, Principal, Step, anomalies, told

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


@pytest.mark.parametrize(
    ("step", "event"),
    [
        (Step(Did.OPEN, "ana", 1, connection="ws_1"), ("mint", "ws_1", "connection ID of socket 1", "ana")),
        (Step(Did.START, "ana", 1, task=4), ("carry", "run 4", "started on socket 1", "ana")),
        (
            Step(Did.SEE, "ana", 1, "agent_started", "r", owner="ben", said="ana"),
            ("see", "r", "agent_started on socket 1", "ben"),
        ),
        (Step(Did.SEE, "ana", 1, "x", task=4), ("see", "run 4", "x on socket 1", None)),
        (Step(Did.SEE, "ana", 1, "x", "r", said="ben"), ("see", "r", "x on socket 1, which names ben", None)),
        (Step(Did.ATTACK, "ana", 1, "cancel_run", "r", owner="ben"), ("attack", "r", "cancel_run", "ben")),
        (Step(Did.ATTACK, "ana", 1, "x", thread="t", note="names it"), ("attack", "t", "names it", None)),
        (Step(Did.ATTACK, "ana", 1, "x", connection="ws_2"), ("attack", "ws_2", "x", None)),
        (Step(Did.ATTACK, "ana", 1, "x"), ("attack", "socket 1", "x", None)),
        (Step(Did.REFUSED, "ana", 1, thread="t", note="no"), ("refuse", "t", "no", None)),
        (Step(Did.REFUSED, "ana", 1, note="no"), ("refuse", "socket 1", "no", None)),
        (Step(Did.CUT, "ana", 1, task=4), ("release", "run 4", "ended before its time", "ana")),
        (Step(Did.CLOSE, "ana", 1, connection="ws_1"), ("release", "ws_1", "socket 1 closed", "ana")),
        (Step(Did.CLOSE, "ana", 1, note="reset"), ("release", "socket 1", "socket 1 reset", "ana")),
        (Step(Did.LOSE, "ana", 1, connection="ws_1"), ("release", "ws_1", "socket 1 closed by the server", "ana")),
        (Step(Did.LOSE, "ana", 1, note="code 1011"), ("release", "socket 1", "socket 1 code 1011", "ana")),
    ],
    ids=lambda value: f"{value.did}" if isinstance(value, Step) else None,
)
def test_each_step_is_told_in_its_own_words(step: Step, event: tuple[str, str, str, str | None]) -> None:
    """On the lane of whoever did it."""
    action, subject, note, owner = event
    assert told([step]) == [Event(1, Act(action), "ana", subject, note=note, owner=owner, leak=False)]


def test_only_the_steps_that_crossed_are_leaks() -> None:
    """The order stays."""
    steps = [Step(Did.SEE, "ana", 1, "x", "r1"), Step(Did.SEE, "ben", 2, "x", "r1")]
    assert [(event.lane, event.leak) for event in told(steps, steps[1:])] == [("ana", False), ("ben", True)]
    assert told([]) == []


def _user(name: str = "ana", numbers: count[int] | None = None) -> Principal:
    return Principal(name, "token", numbers or count(1))


def test_every_user_has_a_secret_of_its_own_and_every_run_its_canary() -> None:
    """The canary leads back to both."""
    numbers = count(1)
    ana, ben = _user("ana", numbers), _user("ben", numbers)
    tasks = [ana.new_task(1), ben.new_task(2), ana.new_task(1)]
    assert ana.secret != ben.secret
    assert [task.number for task in tasks] == [1, 2, 3]
    found = [CANARY.fullmatch(task.canary) for task in tasks]
    assert [match.groups() for match in found if match] == [(ana.secret, "1"), (ben.secret, "2"), (ana.secret, "3")]
    assert ana.tasks == {1: tasks[0], 3: tasks[2]}


def test_a_secret_is_redacted_under_its_users_name() -> None:
    """From the moment it exists; and it is not shown where a user is printed."""
    ana = _user("ana")
    assert ana.secret not in redaction.scrub_text(f"saw {ana.secret} here")
    assert "canary of ana" in redaction.scrub_text(f"saw {ana.secret} here")
    assert ana.secret not in repr(ana)
    assert "token" not in repr(ana)


def test_a_run_is_complete_with_its_last_event() -> None:
    """Each event is counted with a time; other messages are not."""
    task = _user().new_task(1)
    task.seen("note", "r", "t")
    assert (task.events, task.run, task.complete) == (0, "", False)
    for type_ in RUN_EVENTS[:-1]:
        task.seen(type_, "r", "t")
    assert (task.events, task.complete) == (4, False)
    task.seen(RUN_EVENTS[-1], "r", "t")
    assert (task.events, task.complete, len(task.latencies)) == (5, True, 5)
    task.seen(RUN_EVENTS[0], "r", "t")
    assert task.complete


def test_a_run_keeps_the_first_names_that_it_saw() -> None:
    """Later events with other IDs are for the oracle to judge."""
    task = _user().new_task(1)
    task.seen(RUN_EVENTS[0], "r1", "t1")
    task.seen(RUN_EVENTS[1], "r2", "t2")
    assert (task.run, task.thread) == ("r1", "t1")
