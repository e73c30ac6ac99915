"""The picture of a history: a lane for each user, the steps in order, the leak in front."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from id_isolation.history.events import Act, Event
from id_isolation.reports.html_lanes import MOST, picture

STORY = (
    Event(1, Act.MINT, "amelia", "thread-1", owner="amelia"),
    Event(1, Act.MINT, "bruno", "thread-2", owner="bruno"),
    Event(1, Act.RECEIVE, "bruno", "thread-1", note="amelia's event", owner="amelia", leak=True),
    Event(1, Act.CLOSE, "amelia", "thread-1", owner="amelia"),
)


def svg(history: tuple[Event, ...]) -> ElementTree.Element:
    found = re.search(r"<svg.*</svg>", picture(history, "x"), re.DOTALL)
    assert found
    return ElementTree.fromstring(found.group())


def test_the_picture_is_well_formed_and_has_a_name() -> None:
    """A screen reader reads the title, and the words below."""
    drawn = svg(STORY)
    assert drawn.attrib["role"] == "img"
    assert drawn.find("title") is not None
    assert "bruno sees <code>thread-1</code>, which is amelia&#x27;s: amelia&#x27;s event." in picture(STORY, "x")


def test_there_is_one_lane_for_each_user_in_order_of_appearance() -> None:
    """The first of the story stands first."""
    names = [text.text for text in svg(STORY).iter("text") if text.get("class") == "who"]
    assert names == ["amelia", "bruno"]


def test_steps_go_from_top_to_bottom() -> None:
    """Each below the one before, in its own lane."""
    circles = [(int(c.attrib["cx"]), int(c.attrib["cy"])) for c in svg(STORY).iter("circle")]
    assert [y for _, y in circles] == sorted({y for _, y in circles})
    assert circles[0][0] == circles[3][0] < circles[1][0] == circles[2][0]


def test_the_leak_stands_out_by_more_than_colour() -> None:
    """A band, an arrow from the owner's lane, and the word."""
    drawn = svg(STORY)
    assert len([r for r in drawn.iter("rect") if r.get("class") == "band"]) == 1
    assert [p.get("class") for p in drawn.iter("path")] == ["cross leak", "tip leak"]
    assert "Leak: " in "".join(drawn.itertext())
    quiet = svg(tuple(event for event in STORY if not event.leak))
    assert not list(quiet.iter("rect"))


def test_an_owner_who_did_nothing_has_a_lane_when_something_leaks() -> None:
    """Whom it hurts is always in the picture."""
    names = [t.text for t in svg(STORY[2:3]).iter("text") if t.get("class") == "who"]
    assert names == ["bruno", "amelia"] or names == ["amelia", "bruno"]


def test_a_long_history_is_cut_in_the_picture_and_whole_in_words() -> None:
    """And says so."""
    long = STORY * 40
    shown = picture(long, "x")
    assert shown.count("<circle") == MOST
    assert shown.count("<li>") == len(long)
    assert f"the first {MOST} of {len(long)} are shown" in shown


@pytest.mark.parametrize("action", Act)
def test_every_action_can_be_drawn(action: Act) -> None:
    """Each has a verb and a sign."""
    assert svg((Event(1, action, "amelia", "x"),)) is not None


def test_a_hostile_name_draws_nothing() -> None:
    """Markup in a name stays text, and long names are cut."""
    drawn = svg((Event(1, Act.MINT, "</text><script>" + "x" * 500, "<&>" * 200),))
    assert not list(drawn.iter("script"))
    assert max(len(t) for t in drawn.itertext()) <= 40
