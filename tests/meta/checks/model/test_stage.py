"""A stage tells each step as a sentence and an event, and knows whose doing a step is."""

from __future__ import annotations

import pytest

from id_isolation.backend.protocol import BackendRefused
from id_isolation.checks.parts.model_reference import Token
from id_isolation.checks.parts.model_steps import Step
from id_isolation.history.events import Act, Event
from id_isolation.plan.kinds import Kind
from id_isolation.power.twins.designs import OpaqueBackend

from .staged import stage_on


def test_a_step_of_a_user_begins_with_the_name_and_one_of_nobody_with_a_capital() -> None:
    """The server's lane is nobody's."""
    stage = stage_on()
    stage.tell("A", Act.MINT, "x", "connects")
    stage.tell("", Act.START, "clock", "a day passes")
    assert stage.told == ["ana connects", "A day passes"]
    assert [event.lane for event in stage.events] == ["ana", "the server"]


def test_the_owner_of_a_subject_is_whoever_had_it_first() -> None:
    """Of what was never seen, whoever acts; nobody of what is the server's."""
    stage = stage_on()
    stage.reference.first_seen("run_1", Kind.RUN, "B")
    stage.tell("A", Act.NAME, "run_1", "asks for it")
    stage.tell("A", Act.MINT, "new", "mints it")
    stage.tell("", Act.START, "clock", "passes")
    assert stage.events[0] == Event(1, Act.NAME, "ana", "run_1", note="asks for it", owner="ben")
    assert [event.owner for event in stage.events] == ["ben", "ana", None]


@pytest.mark.parametrize(
    ("step", "letters"),
    [
        (Step("log-in", "t2", "A"), "A"),
        (Step("again", "", "t1"), "B"),
        (Step("close", "", "c1"), "A"),
        (Step("hand-over", "", "t1", "A"), "BA"),
        (Step("end", "", "c1", "r1"), "A"),
        (Step("sweep"), ""),
        (Step("log-in", "t2", "Z"), ""),
    ],
    ids=str,
)
def test_a_step_is_the_doing_of_the_users_that_it_names(step: Step, letters: str) -> None:
    """By letter, by token, by connection; a token's owner goes before its letter."""
    stage = stage_on()
    stage.reference.tokens["t1"] = Token("text", "B")
    stage.reference.owners["c1"] = "A"
    assert stage.letters_of(step) == letters


def test_a_user_who_is_refused_finds_nothing_stored() -> None:
    """And one who is not, finds what the backend has."""

    class Refuses(OpaqueBackend):
        async def find(self, user: str, thread: str) -> str | None:
            if user == "ben":
                raise BackendRefused("not this one")
            return f"run of {user}"

    stage = stage_on(Refuses())
    assert stage.world.run(stage.find("A", "c")) == "run of ana"
    assert stage.world.run(stage.find("B", "c")) is None
    stage.world.close()


@pytest.mark.parametrize(("right_at", "looks"), [(1, 1), (4, 4), (99, 21)], ids=["at once", "later", "never"])
def test_who_does_things_later_is_given_time_and_who_is_right_is_not_waited_for(right_at: int, looks: int) -> None:
    """The last look counts."""
    stage = stage_on()
    taken: list[int] = []

    async def look() -> str | None:
        taken.append(len(taken))
        return None if len(taken) >= right_at else "still wrong"

    assert stage.world.run(stage.in_time(look)) == (None if right_at < 99 else "still wrong")
    assert len(taken) == looks
    stage.world.close()


def test_a_backend_without_clean_up_holds_nothing() -> None:
    """Rather than being not applicable."""
    backend = OpaqueBackend()
    backend.cleanup = None  # type: ignore[assignment]
    stage = stage_on(backend)
    assert stage.world.run(stage.resources()) == {}
    stage.world.close()
