"""The picture of a history: a lane for each user, the steps in order, and an arrow to whom it hurts."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from id_isolation.history.events import Act, Event, Item
from id_isolation.history.events import Outcome as Ended
from id_isolation.reports.html_lanes import MOST, picture
from id_isolation.reports.story import shape, steps

STORY = (
    Event(1, Act.MINT, "amelia", "thread-1", owner="amelia"),
    Event(2, Act.MINT, "bruno", "thread-2", owner="bruno"),
    Event(3, Act.RECEIVE, "bruno", "thread-1", owner="amelia", leak=True),
    Event(4, Act.CLOSE, "amelia", "thread-1", owner="amelia"),
)


def drawn(*history: Event) -> ElementTree.Element:
    return ElementTree.fromstring(picture(history))


def texts(history: tuple[Event, ...], css: str) -> list[str]:
    return ["".join(one.itertext()) for one in drawn(*history).iter() if css in (one.get("class") or "").split()]


def test_there_is_one_lane_for_each_user_in_order_of_appearance() -> None:
    """The first of the story stands first."""
    (heads,) = (one for one in drawn(*STORY).iter("div") if one.get("class") == "heads")
    assert [head.text for head in heads] == ["amelia", "bruno"]


def test_each_step_says_who_does_what() -> None:
    """In words, in the order of the history, so that the picture can be read aloud and copied."""
    told = [" ".join("".join(row.itertext()).split()) for row in drawn(*STORY).iter("li")]
    assert len(told) == len(STORY)
    assert "amelia mints thread-1" in told[0]
    assert "bruno Leak: receives an event of thread-1" in told[2]


def test_the_leak_stands_out_by_more_than_colour() -> None:
    """A row of its own colour, an arrow and the word."""
    assert len(texts(STORY, "red")) == len(texts(STORY, "arrow")) == 1
    assert "Leak: " in "".join(texts(STORY, "red"))
    quiet = tuple(event for event in STORY if not event.leak)
    assert texts(quiet, "red") == texts(quiet, "arrow") == []


def crossed(*history: Event) -> list[tuple[str, str]]:
    return [(step.actor, step.hurt) for step in steps(history) if step.event.leak]


SHOWN = (Item("the secret", "amelia"),)


@pytest.mark.parametrize(
    "history",
    [
        STORY,
        (Event(1, Act.LOG_IN, "bruno", "token", owner="amelia", leak=True),),
        (Event(1, Act.READ, "bruno", "thread-1", named="amelia", items=SHOWN, leak=True),),
        (Event(1, Act.READ, "bruno", "/me", items=SHOWN, leak=True),),
        (
            Event(1, Act.CONNECT, "amelia", "token", owner="amelia", connection="ws_1"),
            Event(2, Act.CONNECT, "bruno", "token", owner="bruno", connection="ws_1", leak=True),
        ),
        (
            Event(1, Act.STORE, "amelia", "b:c", owner="amelia", run="run_1"),
            Event(2, Act.STORE, "bruno", "c", owner="bruno", run="run_1", leak=True),
        ),
        (
            Event(1, Act.REGISTER, "amelia", "resource", owner="amelia"),
            Event(2, Act.RELEASE, "bruno", "run_2", items=(Item("resource"),), leak=True),
        ),
        (
            Event(1, Act.INVALIDATE, "bruno"),
            Event(2, Act.FIND, "amelia", "thread-1", leak=True),
        ),
        (
            Event(1, Act.WRITE, "bruno", "thread-1", named="amelia"),
            Event(2, Act.READ, "amelia", "thread-1", named="amelia", outcome=Ended.REFUSED, leak=True),
        ),
    ],
)
def test_the_arrow_leads_from_who_acts_to_who_is_hurt(history: tuple[Event, ...]) -> None:
    """Whoever gets or ends what is another's acts; whose it is, or who had it first, is hurt."""
    assert crossed(*history) == [("bruno", "amelia")]
    assert texts(history, "arrow") == ["hurts amelia"]


@pytest.mark.parametrize(
    "event",
    [
        Event(9, Act.LOG_IN, "amelia", "token", owner="amelia", answer="session-2", leak=True),
        Event(9, Act.LOOK, "", "what is held", items=(Item("thread-1", "amelia"),), leak=True),
        Event(9, Act.MATCH, "", "run-1", answer="thread-2", leak=True),
        Event(9, Act.RELEASE, "amelia", "run-1", items=(Item("thread-1"),), leak=True),
    ],
)
def test_where_nobody_reaches_another_there_is_no_arrow(event: Event) -> None:
    """One's own thing, and what the suite finds by looking, is red and accuses nobody."""
    history = (STORY[0], STORY[1], event)
    assert crossed(*history) == [("", "")]
    assert texts(history, "arrow") == []
    assert "Here: " in "".join(texts(history, "red"))


def test_an_owner_who_did_nothing_has_a_lane_when_something_leaks() -> None:
    """Whom it hurts is always in the picture."""
    (heads,) = (one for one in drawn(STORY[2]).iter("div") if one.get("class") == "heads")
    assert [head.text for head in heads] == ["bruno", "amelia"]


def test_neighbours_that_say_the_same_are_one_step() -> None:
    """With how often it happened."""
    told = steps((STORY[0], replace(STORY[0], number=7), STORY[1]))
    assert [step.times for step in told] == [2, 1]
    assert "(2 times)" in picture((STORY[0], STORY[0]))


def test_histories_that_differ_in_names_alone_have_one_shape() -> None:
    """Another user, another ID; but not another step, or another who is reached."""
    other = tuple(replace(e, user=f"x{e.user}", owner=f"x{e.owner}", subject=f"y{e.subject}") for e in STORY)
    assert shape(other) == shape(STORY)
    assert shape(STORY[:3]) != shape(STORY)
    own = replace(STORY[2], owner="bruno", subject="thread-2")
    assert shape((*STORY[:2], own, STORY[3])) != shape(STORY)


def test_a_long_history_is_cut_and_says_so() -> None:
    """The steps that are left out are counted."""
    long = STORY * 40
    assert picture(long).count("<li") == MOST
    assert f"the first {MOST} are shown" in picture(long)


@pytest.mark.parametrize("action", Act)
def test_every_action_can_be_drawn(action: Act) -> None:
    """Each has a verb and a sign."""
    assert texts((Event(1, action, "amelia", "x"),), "glyph")


def test_a_hostile_name_draws_nothing() -> None:
    """Markup in a name stays text."""
    shown = drawn(Event(1, Act.MINT, "</b><script>" + "x" * 500, "<&>" * 200))
    assert not list(shown.iter("script"))
