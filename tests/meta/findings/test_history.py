"""An event of a history comes back from JSON as it was."""

from __future__ import annotations

import json

import pytest

from id_isolation.history.events import Action, Event


@pytest.mark.parametrize("action", list(Action))
def test_an_event_comes_back_whole(action: Action) -> None:
    """Owner and leak included; an unknown owner stays unknown."""
    for event in (Event("alice", action, "run_1", "note", "bob", True), Event("alice", action, "run_1")):
        back = Event.from_json(json.loads(json.dumps(event.to_json())))
        assert back == event
        assert back.action is action


def test_an_event_is_no_leak_unless_it_is_said_to_be() -> None:
    """And has no owner and no note."""
    event = Event("alice", Action.SEE, "run_1")
    assert (event.leak, event.owner, event.note) == (False, None, "")


def test_the_words_are_those_of_the_schema() -> None:
    """A reader of an older file knows them."""
    assert [str(action) for action in Action] == ["mint", "carry", "see", "release", "refuse", "attack"]


def test_what_leaves_is_plain_text() -> None:
    """An enum's member would be refused by the channel between workers."""
    assert type(Event("alice", Action.SEE, "run_1").to_json()["action"]) is str


def test_an_unknown_action_is_an_error() -> None:
    """So that a reader does not draw what it does not understand."""
    with pytest.raises(ValueError, match="teleport"):
        Event.from_json({**Event("a", Action.SEE, "x").to_json(), "action": "teleport"})
