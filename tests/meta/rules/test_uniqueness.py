"""One ID that was minted twice is an anomaly of its kind, told with who minted it; a session seen again is none."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from id_isolation.history.events import Act
from id_isolation.history.finding import Finding
from id_isolation.history.recorder import History
from id_isolation.plan.kinds import Kind, Level
from id_isolation.rules.judging import anomalies
from id_isolation.rules.rule import Circumstances
from id_isolation.world.world import Maker

from ..bare import context_on


def _maker(name: str, *texts: str, kind: Kind = Kind.RUN, user: str = "ana") -> Maker:
    return Maker(name, [(kind, text, user) for text in texts])


def _judged(makers: Sequence[Maker], check: str = "X1") -> list[Finding]:
    world = context_on(check=check)
    world.minted_in_bulk(makers, "by threads at work at once")
    world.judge_history()
    return world.findings


def test_what_is_minted_in_bulk_is_one_event() -> None:
    """With how many there were and a digest, which another order changes; IDs that all differ stand nowhere else."""
    world, other = context_on(), context_on()
    assert world.minted_in_bulk([_maker("thread 1", "a", "b"), _maker("thread 2", "c")], "at once") == ["a", "b", "c"]
    other.minted_in_bulk([_maker("thread 1", "b", "a", "c")], "at once")
    (event,) = world.history
    assert (event.act, event.count, event.lane) == (Act.BULK, 3, "the suite")
    assert event.digest != other.history.events[0].digest
    world.judge_history()
    assert world.findings == []


def test_an_id_that_came_twice_stands_in_the_history_with_who_minted_it() -> None:
    """Both users, and both threads."""
    (finding,) = _judged([_maker("thread 1", "a", "b"), _maker("thread 2", "a", user="ben")])
    assert (finding.symptom, finding.kind) == ("repeated-id", Kind.RUN)
    assert finding.problem == "One run ID was minted twice by threads at work at once."
    assert finding.evidence == ("a was minted for ana by thread 1 and for ben by thread 2.",)
    assert [(event.lane, event.worker, event.leak) for event in finding.history if event.act is Act.MINT] == [
        ("ana", "thread 1", False),
        ("ben", "thread 2", True),
    ]
    assert [shown.text for shown in finding.ids] == ["a"]


def test_each_kind_is_told_once_and_with_three_pairs_at_most() -> None:
    """How many there are is said where there are more."""
    texts = ("a", "b", "c", "d")
    runs, threads = _judged(
        [_maker("thread 1", *texts), _maker("thread 2", *texts), *[_maker("thread 3", "t", kind=Kind.THREAD)] * 2]
    )
    assert (runs.kind, threads.kind) == (Kind.RUN, Kind.THREAD)
    assert runs.evidence[3:] == ("There are 4 such pairs among 10 IDs.",)
    assert len(threads.evidence) == 1


def test_where_only_repeats_are_given_the_whole_is_counted_all_the_same() -> None:
    """Nobody hands over ten million IDs that differ."""
    world = context_on(check="X3")
    world.minted_in_bulk([_maker("process-1", "a"), _maker("process-2", "a")], "among 10,000,000", count=10_000_000)
    assert world.history.events[0].count == 10_000_000
    world.judge_history()
    assert "process-1" in world.findings[0].evidence[0]


def test_what_was_minted_on_record_counts_too() -> None:
    """A second import that mints the same is told from what it repeats."""
    world = context_on(check="X7", level=Level.STRICT)
    world.history.add(Act.MINT, "ana", "a", kind=Kind.RUN, owner="ana")
    world.history.add(Act.RESTART)
    world.minted_in_bulk([_maker("a second import", "a")], "by a second import")
    world.judge_history()
    assert [finding.problem for finding in world.findings] == ["One run ID was minted again after a restart."]


def _names(history: History) -> list[str]:
    return [anomaly.kind.name for anomaly in anomalies(history, Circumstances())]


@pytest.mark.parametrize("note", ["", "asks for ws_1"])
def test_a_connection_that_asked_for_its_id_minted_none(note: str) -> None:
    """Only one that the backend chose can be minted twice."""
    history = History()
    for _ in range(2):
        history.add(Act.CONNECT, "ana", "token 1 of ana", connection="ws_1", owner="ana", note=note)
    assert _names(history) == ([] if note else ["repeated-connection"])


def test_two_users_in_one_session_are_told_as_that() -> None:
    """Whether it was minted twice or swapped, nobody can tell; the session of one user that is given again is none."""
    history = History()
    for user in ("ana", "ben"):
        history.add(Act.ISSUE, user, f"token of {user}")
    for user in ("ana", "ana", "ben"):
        history.add(Act.LOG_IN, user, f"token of {user}", kind=Kind.SESSION, answer="s", owner=user)
    assert _names(history) == ["shared-session"]


def test_an_anonymous_user_is_called_that() -> None:
    """In words."""
    (finding,) = _judged([_maker("", "a", "a", user="")])
    assert finding.evidence == ("a was minted for an anonymous user and for an anonymous user.",)
