"""A simulated user's runs each have a canary of their own, and count what came of them."""

from __future__ import annotations

from itertools import count

from id_isolation.history import redaction
from id_isolation.world.delivery import RUN_EVENTS
from id_isolation.world.oracle import CANARY, Principal


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
