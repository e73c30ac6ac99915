"""Steps become the events of a finding: one lane for each user, with leaks marked and nothing secret."""

from __future__ import annotations

import pytest

from id_isolation.history.events import Action, Event
from id_isolation.world.oracle import Did, Step, told


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
    assert told([step]) == [Event("ana", Action(action), subject, note, owner, False)]


def test_only_the_steps_that_crossed_are_leaks() -> None:
    """The order stays."""
    steps = [Step(Did.SEE, "ana", 1, "x", "r1"), Step(Did.SEE, "ben", 2, "x", "r1")]
    assert [(event.lane, event.leak) for event in told(steps, steps[1:])] == [("ana", False), ("ben", True)]
    assert told([]) == []
