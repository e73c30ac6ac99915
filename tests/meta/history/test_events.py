"""An event of a history comes back from JSON as it was.

Plain data: what crosses from process to process.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest

from id_isolation.history.events import Act, Event, plain
from id_isolation.history.finding import Verdict
from id_isolation.plan.kinds import Level, Surface

from ..reports import samples

pytestmark = pytest.mark.quick

PLAIN = (dict, list, str, int, float, bool, type(None))


@pytest.mark.parametrize("action", list(Act))
def test_an_event_comes_back_whole(action: Act) -> None:
    """Owner and leak included; an unknown owner stays unknown."""
    for event in (
        Event(1, action, "alice", "run_1", note="note", owner="bob", leak=True),
        Event(1, action, "alice", "run_1"),
    ):
        back = Event.from_json(json.loads(json.dumps(event.to_json())))
        assert back == event
        assert back.act is action


def test_an_event_is_no_leak_unless_it_is_said_to_be() -> None:
    """And has no owner and no note."""
    event = Event(1, Act.RECEIVE, "alice", "run_1")
    assert (event.leak, event.owner, event.note) == (False, "", "")


def test_a_reader_knows_every_act_by_the_schema() -> None:
    """The schema of findings files lists them all."""
    schema = json.loads((files("id_isolation.history") / "schema.json").read_text("utf-8"))
    assert schema["$defs"]["event"]["properties"]["act"]["enum"] == [str(act) for act in Act]


def test_what_leaves_is_plain_text() -> None:
    """An enum's member would be refused by the channel between workers."""
    assert type(Event(1, Act.RECEIVE, "alice", "run_1").to_json()["act"]) is str


def test_an_unknown_action_is_an_error() -> None:
    """So that a reader does not draw what it does not understand."""
    with pytest.raises(ValueError, match="teleport"):
        Event.from_json({**Event(1, Act.RECEIVE, "a", "x").to_json(), "act": "teleport"})


def types(value: Any) -> set[type]:
    inner = [*value.keys(), *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    return {type(value)}.union(*(types(item) for item in inner))


def test_members_of_enums_become_their_values() -> None:
    """In values and keys, tuples become lists, and a subclass of str becomes a str."""
    text = type("Text", (str,), {})("x")
    reduced = plain({Surface.AUTH: (Level.PLAN, text, None, 1.5)})
    assert reduced == {"auth": ["plan", "x", None, 1.5]}
    assert types(reduced) <= set(PLAIN)


@pytest.mark.parametrize("run", [samples.legacy(), samples.troubled(), samples.remediated(Level.STRICT)])
def test_a_verdict_as_json_is_plain_and_comes_back_equal(run: Any) -> None:
    """With findings, places, IDs and histories."""
    for verdict in run.verdicts:
        data = verdict.to_json()
        assert types(data) <= set(PLAIN)
        assert Verdict.from_json(data) == verdict
        assert Verdict.from_json(json.loads(json.dumps(data))) == verdict
