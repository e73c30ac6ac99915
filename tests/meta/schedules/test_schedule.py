"""Schedules and failures as files."""

from __future__ import annotations

import json

import pytest

from id_isolation.schedules import Failure, Schedule, ScheduleError, Switch

SCHEDULE = Schedule(
    "threads", 2, 1, (Switch(1, 4, 0, "counter.py:3 before writing _n"),), {"mint in counter.py": "0f3a"}
)
FAILURE = Failure("violated", "one value twice: [2, 2]", ("2", "2"), SCHEDULE, 2, "thread 1 | thread 2\nx | y")


def test_a_saved_failure_reads_back_the_same(tmp_path):
    """Nothing is lost on the way through a file."""
    FAILURE.save(tmp_path / "below" / "failure.json")
    assert Failure.load(tmp_path / "below" / "failure.json") == FAILURE


def test_the_file_carries_its_schema():
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
def test_a_file_that_cannot_be_used_is_explained(tmp_path, change, says):
    """One sentence says what is wrong and names the file."""
    path = tmp_path / "failure.json"
    path.write_text(json.dumps({**FAILURE.to_json(), **change}))
    with pytest.raises(ScheduleError, match=says) as caught:
        Failure.load(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", "{}", "not json"])
def test_a_file_that_is_no_failure_is_refused(tmp_path, text):
    """Whatever else lies in the file, the error is the same kind."""
    path = tmp_path / "failure.json"
    path.write_text(text)
    with pytest.raises(ScheduleError, match="cannot be replayed"):
        Failure.load(path)


def test_a_file_that_is_not_there_is_explained(tmp_path):
    """The path is in the message."""
    with pytest.raises(ScheduleError, match=r"missing\.json cannot be replayed"):
        Failure.load(tmp_path / "missing.json")
