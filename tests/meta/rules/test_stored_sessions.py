"""Tests of the rule on stored sessions: what real generators do is right, and what crosses is found."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from id_isolation.history.events import Act, Outcome
from id_isolation.history.recorder import History
from id_isolation.plan.kinds import Level
from id_isolation.rules.policies import Way
from id_isolation.rules.rule import Circumstances
from id_isolation.rules.stored_sessions import StoredSessions

from .alone import said_by

ANA, BEN = "ana.moreno", "ben.okafor"

Told = tuple[Act, str, str, str]
"""Act, user, thread and run."""


def _found(acts: Sequence[Told], **circumstances: object) -> list[str]:
    """The names of the anomalies in a history of stored sessions; each gets a thread ID of its own."""
    history = History()
    for act, user, thread, run in acts:
        began = len(history)
        if act is Act.STORE:
            history.add(act, user, thread, thread=f"thread of {run}", run=run, began=began)
        elif act is Act.FIND:
            history.add(act, user, thread, answer=run, began=began)
        else:
            history.add(act, user, began=began)
    return [one.kind.name for one in said_by(history, Circumstances(**circumstances), StoredSessions)]  # type: ignore[arg-type]


def _store(user: str, thread: str, run: str) -> Told:
    return Act.STORE, user, thread, run


def _find(user: str, thread: str, run: str = "") -> Told:
    return Act.FIND, user, thread, run


STORED = [_store(ANA, "chat", "r1"), _find(ANA, "chat", "r1")]


@pytest.mark.parametrize(
    "acts",
    [
        [_store(ANA, "", "r1"), _store(ANA, "", "r1"), _find(ANA, "thread of r1")],
        [*STORED, _find(ANA, "", "r1")],
        [*STORED, (Act.WAIT, "", "", ""), (Act.INVALIDATE, BEN, "", ""), _find(ANA, "chat")],
        [*STORED, _store(ANA, "other", "r2"), _find(ANA, "chat")],
        [
            *STORED,
            (Act.INVALIDATE, ANA, "", ""),
            _find(ANA, "chat"),
            _store(ANA, "chat", "r2"),
            _find(ANA, "chat", "r2"),
        ],
        [*STORED, _find(BEN, "chat"), _find(BEN, "thread of r1"), _store(BEN, "chat", "r2")],
        [_store("Ana", "chat", "r1"), _store("ana", "chat", "r1"), _find("ana", "chat", "r1")],
        [_store(ANA, "chat", "r1"), _find(ANA, "chat")],
    ],
    ids=[
        "one without a thread is not looked up",
        "no thread stands for a default",
        "a session may grow too old",
        "the newest takes the place",
        "ended and stored anew",
        "found by nobody else",
        "two spellings of one user",
        "a look-up that finds nothing at all",
    ],
)
def test_what_a_policy_permits_is_no_anomaly(acts: list[Told]) -> None:
    """Nor is anything said to be gone that the look-up never showed."""
    assert _found(acts) == []


@pytest.mark.parametrize(
    ("acts", "name"),
    [
        ([*STORED, _find(BEN, "chat", "r1")], "user-left-out"),
        ([*STORED, _store(BEN, "chat", "r1")], "user-left-out"),
        ([_store("ana", "b:c", "r1"), _store("ana:b", "c", "r1")], "shared-stored-session"),
        ([*STORED, _find(BEN, "other", "r1")], "stored-session-of-another"),
        ([*STORED, _find(ANA, "cha", "r1")], "unknown-thread-found"),
        ([*STORED, (Act.INVALIDATE, BEN, "", ""), _find(ANA, "chat")], "stored-session-ended-by-nobody"),
        ([*STORED, (Act.EXPIRE, "", "", ""), _find(ANA, "chat")], "stored-session-swept-too-early"),
        ([*STORED, (Act.INVALIDATE, ANA, "", ""), _find(ANA, "chat", "r1")], "stored-session-survives"),
        ([*STORED, _store(BEN, "mine", "r2"), _find(BEN, "mine")], "stored-session-lost"),
    ],
)
def test_what_crosses_or_is_lost_is_named(acts: list[Told], name: str) -> None:
    """By the one anomaly that it is."""
    assert _found(acts) == [name]


@pytest.mark.parametrize("given_up", [Act.STORE, Act.INVALIDATE])
@pytest.mark.parametrize("found", ["r1", "r2", ""])
def test_what_was_given_up_may_have_been_done_or_not(given_up: Act, found: str) -> None:
    """Nothing is said of its user's sessions until the next one is stored."""
    history = History()
    history.add(Act.STORE, ANA, "chat", run="r1")
    history.add(Act.FIND, ANA, "chat", answer="r1", began=1)
    history.add(given_up, ANA, "chat", outcome=Outcome.CANCELLED, began=2)
    history.add(Act.INVALIDATE, BEN, began=3)
    history.add(Act.FIND, ANA, "chat", answer=found, began=4)
    assert said_by(history, Circumstances(), StoredSessions) == []


@pytest.mark.parametrize("found", ["r2", ""])
def test_storing_beside_an_end_comes_before_it_or_after_it(found: str) -> None:
    """Each may have been done first, whichever ended first."""
    history = History()
    history.add(Act.STORE, ANA, "chat", run="r1")
    history.add(Act.FIND, ANA, "chat", answer="r1", began=1)
    history.add(Act.INVALIDATE, ANA, began=2)
    history.add(Act.STORE, ANA, "chat", run="r2", began=2)
    history.add(Act.FIND, ANA, "chat", answer=found, began=4)
    assert said_by(history, Circumstances(), StoredSessions) == []


def test_two_spellings_that_log_in_tells_apart_are_two_users() -> None:
    """Whatever the stored sessions take them for."""
    history = History()
    for user in ("Ana", "ana"):
        history.add(Act.LOG_IN, user, f"token of {user}", answer=f"session of {user}", owner=user)
        history.add(Act.STORE, user, "chat", thread=f"thread {user}", run="r1")
    assert [one.kind.name for one in said_by(history, Circumstances(), StoredSessions)] == ["shared-stored-session"]


def test_one_thread_id_of_two_users_counts_at_strict_level_and_where_ids_are_read() -> None:
    """Of opaque IDs only the look-up says whose they are."""
    history = History()
    for user, run in ((ANA, "r1"), (BEN, "r2")):
        history.add(Act.STORE, user, "chat", thread="chat", run=run)
    assert [one.kind.name for one in said_by(history, Circumstances(), StoredSessions)] == ["shared-thread"]
    assert said_by(history, Circumstances(Level.PLAN), StoredSessions) == []
    assert said_by(history, Circumstances(told=frozenset({Way.OPAQUE_IDS})), StoredSessions) == []


def test_a_thread_that_is_meant_to_be_shared_is_shared() -> None:
    """Where the backend says so."""
    assert _found([*STORED, _find(BEN, "chat", "r1")], shares=lambda thread, user: True) == []


def test_a_request_is_one_users() -> None:
    """Of two sessions; whoever shares a session may share its request."""
    for threads, named in ((("t1", "t2"), ["shared-request"]), (("t1", "t1"), [])):
        history = History()
        for user, run, thread in zip((ANA, BEN), ("r1", "r1"), threads, strict=True):
            history.add(Act.STORE, user, f"chat of {user}", answer=run, thread=thread, run=run, request="req_1")
        assert [one.kind.name for one in said_by(history, Circumstances(), StoredSessions)] == named
