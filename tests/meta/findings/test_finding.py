"""A finding keeps its identity while lines move, and comes back whole from JSON."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from id_isolation.history.events import Action, Event, ShownId
from id_isolation.history.finding import Finding, Place
from id_isolation.plan.kinds import Kind, Level, Surface

FINDING = Finding(
    check="S1",
    surface=Surface.AUTH,
    symptom="raw-mint",
    title="A raw ID.",
    evidence=("uuid.uuid4 at auth.py:160.",),
    harm="Nobody knows whose it is.",
    remedy="Call the generator.",
    level=Level.STRICT,
    kind=Kind.SESSION,
    places=(Place("auth.py", 160, "x = uuid4()", "auth:log_in:x"), Place("b.py", 1, "", "b:f:y")),
    ids=(ShownId("session_1", Kind.SESSION, "alice"),),
    history=(Event("alice", Action.MINT, "session_1", leak=True),),
    replay="python -m x",
    replacement="generate()",
    drawing="a | b",
)


def test_a_fingerprint_is_sixteen_hex_digits() -> None:
    """Short enough to be copied by hand."""
    assert re.fullmatch("[0-9a-f]{16}", FINDING.fingerprint)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another."},
        {"evidence": ()},
        {"level": Level.PLAN},
        {"ids": ()},
        {"history": ()},
        {"places": (Place("b.py", 9, "", "b:f:y"), Place("new.py", 3, "z", "auth:log_in:x"))},
        {"places": (*FINDING.places, Place("c.py", 7, "", "b:f:y"))},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_fingerprint_stays_where_words_ids_or_lines_change(change: dict[str, object]) -> None:
    """The order of the places, and a second place of one anchor, say nothing new either."""
    assert replace(FINDING, **change).fingerprint == FINDING.fingerprint  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"check": "S2"},
        {"surface": Surface.WEBSOCKET},
        {"symptom": "left-behind"},
        {"kind": None},
        {"kind": Kind.RUN},
        {"places": ()},
        {"places": FINDING.places[:1]},
    ],
    ids=lambda change: f"{next(iter(change))}",
)
def test_another_check_surface_symptom_kind_or_anchor_is_another_finding(change: dict[str, object]) -> None:
    """Each of them alone."""
    assert replace(FINDING, **change).fingerprint != FINDING.fingerprint  # type: ignore[arg-type]


def test_a_finding_comes_back_from_json_as_it_was() -> None:
    """With all its parts; the fingerprint goes along and is computed anew."""
    data = json.loads(json.dumps(FINDING.to_json()))
    assert data["fingerprint"] == FINDING.fingerprint
    assert Finding.from_json(data) == FINDING
    assert Finding.from_json({**data, "type": "finding", "schema": 1, "fingerprint": "other"}) == FINDING


def test_a_finding_of_no_kind_comes_back_without_one() -> None:
    """Not with an empty text."""
    bare = replace(FINDING, kind=None, places=(), ids=(), history=())
    assert Finding.from_json(bare.to_json()) == bare


@pytest.mark.parametrize("field", ["surface", "level", "kind"])
def test_an_unknown_word_is_an_error(field: str) -> None:
    """It is not carried along as if it were known."""
    with pytest.raises(ValueError, match="moon"):
        Finding.from_json({**FINDING.to_json(), field: "moon"})


def test_a_place_is_shown_as_file_and_line() -> None:
    """As editors understand it."""
    assert str(Place("app/a.py", 7)) == "app/a.py:7"
