"""Schedules and failures as files.

What an exploration says of itself. Digests tell functions apart by what they do. Where a thread stands.
"""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from id_isolation.schedules import Failure, Outcome, Schedule, ScheduleError, Switch
from id_isolation.schedules.schedule import digest, name_of, noted, standing_at
from id_isolation.timing import units
from id_isolation.world.processes import spawned, values

SCHEDULE = Schedule(
    "threads", 2, 1, (Switch(1, 4, 0, "counter.py:3 before writing _n"),), {"mint in counter.py": "0f3a"}
)
FAILURE = Failure("violated", "one value twice: [2, 2]", ("2", "2"), SCHEDULE, 2, "thread 1 | thread 2\nx | y")

_PASSED = Outcome("threads", 2, 40, 38, 12, 2, True, 0.5)
_FAILURE = Failure("violated", "one value twice", ("1", "1"), Schedule("threads", 2), 2, "")

_SOURCE = """
def mint():
    global count
    count += 1
    return f"{count}" if count in {"a", "b", "c", 1, 2.5, None} else (lambda: count)()
"""

_free = threading.Event()


def test_a_saved_failure_reads_back_the_same(tmp_path: Path) -> None:
    """Nothing is lost on the way through a file."""
    FAILURE.save(tmp_path / "below" / "failure.json")
    assert Failure.load(tmp_path / "below" / "failure.json") == FAILURE


def test_the_file_carries_its_schema() -> None:
    """A reader can tell which version wrote it."""
    assert FAILURE.to_json()["schema"] == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"schema": 2}, "schema 2, this version reads 1"),
        ({"schedule": {}}, "no schedule"),
        ({"reason": None, "history": 5}, "not whole"),
        ({"schedule": {"kind": "fibres", "lanes": 2, "first": 0, "switches": [], "code": {}}}, "threads or of tasks"),
        (
            {"schedule": {"kind": "threads", "lanes": 2, "first": 2, "switches": [], "code": {}}},
            "2 lanes and names one that is not",
        ),
        ({"schedule": {"kind": "threads", "lanes": "2", "first": 0, "switches": [], "code": {}}}, "not a whole number"),
    ],
    ids=["schema", "empty", "history", "kind", "lane", "number"],
)
def test_a_file_that_cannot_be_used_is_explained(tmp_path: Path, change: Any, says: Any) -> None:
    """One sentence says what is wrong and names the file."""
    path = tmp_path / "failure.json"
    path.write_text(json.dumps({**FAILURE.to_json(), **change}))
    with pytest.raises(ScheduleError, match=says) as caught:
        Failure.load(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", "{}", "not json"])
def test_a_file_that_is_no_failure_is_refused(tmp_path: Path, text: Any) -> None:
    """Whatever else lies in the file, the error is the same kind."""
    path = tmp_path / "failure.json"
    path.write_text(text)
    with pytest.raises(ScheduleError, match="cannot be replayed"):
        Failure.load(path)


def test_a_file_that_is_not_there_is_explained(tmp_path: Path) -> None:
    """The path is in the message."""
    with pytest.raises(ScheduleError, match=r"missing\.json cannot be replayed"):
        Failure.load(tmp_path / "missing.json")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "40 schedules of 2 threads were run (38 different; all with at most 2 preemptions): none fails."),
        ({"complete": False}, "not all there are, the budget was spent): none fails."),
        ({"points": 0}, "Nothing was explored: 2 threads ran no code"),
        ({"complete": False, "failure": _FAILURE}, "the search ended there): one fails after 2 switches."),
        ({"deadlock": _FAILURE}, "one ends in a deadlock."),
        (
            {"given_up": 3, "obstacle": "wait"},
            "), 3 were given up, because they wait: none",
        ),
    ],
    ids=["complete", "not complete", "nothing", "failure", "deadlock", "given up"],
)
def test_one_sentence_says_what_it_is_worth(changes: Any, says: Any) -> None:
    """How much was tried, what was left out and why, and what came of it."""
    assert says in replace(_PASSED, **changes).sentence()


def test_schedules_that_were_given_up_have_not_ended() -> None:
    """They prove nothing."""
    assert replace(_PASSED, given_up=15).ended == 25


def test_json_values_hold_the_failure_in_full() -> None:
    """And nothing where there is none."""
    data = replace(_PASSED, failure=_FAILURE).to_json()
    assert data["failure"] == _FAILURE.to_json()
    assert data["deadlock"] is None
    assert data["schedules"] == 40


def _code(source: str, filename: str = "/a/minting.py") -> Any:
    space: dict[str, Any] = {}
    exec(compile(source, filename, "exec"), space)
    return space["mint"].__code__


def digest_elsewhere(_: int) -> str:
    return digest(_code(_SOURCE))


@pytest.mark.parametrize(
    ("source", "filename"),
    [
        (_SOURCE, "/b/other.py"),
        (f"import os\n\n\n{_SOURCE}", "/a/minting.py"),
        (_SOURCE.replace("count += 1", "count += 1  # the next one"), "/a/minting.py"),
    ],
    ids=["file", "place", "comment"],
)
def test_where_a_function_stands_changes_nothing(source: Any, filename: Any) -> None:
    """Nor do comments."""
    assert digest(_code(source, filename)) == digest(_code(_SOURCE))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("count += 1", "count += 2"),
        ("    count +=", "    count\n    count +="),
        ('"b"', '"d"'),
        ("lambda: count", "lambda: 0"),
    ],
    ids=["constant", "harmless read", "member of a set", "function inside"],
)
def test_what_a_function_does_changes_it(before: Any, after: Any) -> None:
    """Down to a constant, and to the functions inside."""
    assert digest(_code(_SOURCE.replace(before, after))) != digest(_code(_SOURCE))


def test_every_process_gives_the_same() -> None:
    """Though a set has another order in each."""
    assert set(values(spawned(f"{__name__}:digest_elsewhere", 2))) == {digest(_code(_SOURCE))}


def test_functions_of_one_name_are_noted_together() -> None:
    """Each once, in one order."""
    first, second = _code(_SOURCE), _code(_SOURCE.replace("+= 1", "+= 2"))
    name = name_of(first)
    assert name == "mint in minting.py"
    both = " ".join(sorted((digest(first), digest(second))))
    assert noted({}, first) == noted({name: digest(first)}, first) == digest(first)
    assert noted({name: digest(first)}, second) == noted({name: digest(second)}, first) == both


def _wait() -> None:
    _free.wait(units(60))


def _stand(see: Any) -> Any:
    _free.clear()
    thread = threading.Thread(target=_wait)
    thread.start()
    while not _free._cond._waiters:
        pass
    try:
        return see(thread)
    finally:
        _free.set()
        thread.join()


def test_the_innermost_line_under_judgement_is_named() -> None:
    """What lies below it is the standard library's."""
    found = _stand(lambda thread: standing_at(thread, lambda name: name == __file__))
    assert found.endswith(f"test_schedule.py:{_wait.__code__.co_firstlineno + 1}")


def test_a_thread_outside_the_code_under_judgement_stands_nowhere() -> None:
    """So does one that rests, and one that is over."""
    assert _stand(lambda thread: standing_at(thread, lambda name: False)) == ""
    resting = (threading.Condition.wait.__code__,)
    assert _stand(lambda thread: standing_at(thread, lambda name: True, resting)) == ""
    over = threading.Thread(target=str)
    over.start()
    over.join()
    assert standing_at(over, lambda name: True) == ""
