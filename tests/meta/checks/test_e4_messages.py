"""Tests of the messages in which a user names what is another's."""

from __future__ import annotations

from id_isolation.checks.e4_foreign_names_in_messages import Naming, namings
from id_isolation.world import delivery
from id_isolation.world.socket_client import Task


def _task(number: int) -> Task:
    tail = f"1726234567890_{number}_a1b2c3d{number}"
    return Task(number, "", 1, 0.0, run=f"run_chat_{tail}", thread=f"thread_chat_{tail}")


OWN, FOREIGN, ENDED = _task(1), _task(2), _task(3)
GROUPS = namings(OWN, FOREIGN, [ENDED], ["ws_conn_ana", "session_ana"])
EVERY = [naming for group in GROUPS for naming in group]


def test_messages_of_one_group_come_together() -> None:
    """Each group once, and none is empty."""
    names = [group[0].group for group in GROUPS]
    assert len(set(names)) == len(names)
    assert all({naming.group for naming in group} == {name} for name, group in zip(names, GROUPS, strict=True))
    assert names[0] == "whole"


def test_every_text_that_is_no_thread_is_named_in_every_message_about_a_run() -> None:
    """Live, ended, forged, and other IDs of the user."""
    named: dict[str, set[str]] = {}
    for naming in EVERY:
        if "run_id" in naming.body and "thread_id" not in naming.body:
            named.setdefault(naming.body["run_id"], set()).add(naming.body["type"])
    assert {FOREIGN.run, ENDED.run, "ws_conn_ana", "session_ana", FOREIGN.run[:-1], f"{FOREIGN.run}0"} <= set(named)
    assert set(map(frozenset, named.values())) == {frozenset((delivery.READ, delivery.RESUME, delivery.CANCEL))}


def test_ones_own_run_and_thread_are_named_beside_foreign_ones_only() -> None:
    """Alone they are no attack."""
    for naming in EVERY:
        texts = [naming.body[key] for key in ("run_id", "thread_id") if key in naming.body]
        assert set(texts) - {OWN.run, OWN.thread}


def test_only_a_run_in_a_thread_that_is_nobodys_may_be_started() -> None:
    """Everything else must be refused."""
    allowed = [naming for naming in EVERY if not naming.refused]
    assert {naming.body["type"] for naming in allowed} == {delivery.START}
    assert FOREIGN.thread not in {naming.body["thread_id"] for naming in allowed}
    assert {f"{FOREIGN.thread}0", FOREIGN.thread[:-1]} & {naming.body["thread_id"] for naming in allowed}


def test_a_message_is_told_with_what_it_names() -> None:
    """Run and thread."""
    naming = Naming("whole", {"type": delivery.READ, "run_id": "r", "thread_id": "t"})
    assert naming.told == "read_run and named r and t"
