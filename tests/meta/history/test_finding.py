"""A finding keeps its identity while lines move, and comes back whole from JSON.

A verdict is green only where nothing is wrong and nothing is open, and comes back whole from JSON.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from id_isolation.history.events import Act, Event, ShownId
from id_isolation.history.finding import Finding, Outcome, Place, Severity, Verdict
from id_isolation.plan.kinds import Kind, Level, Surface

FINDING = Finding(
    check="S1",
    surface=Surface.AUTH,
    symptom="raw-mint",
    problem="A raw ID.",
    evidence=("uuid.uuid4 at auth.py:160.",),
    impact="Nobody knows whose it is.",
    fix="Call the generator.",
    severity=Severity.MEDIUM,
    level=Level.STRICT,
    kind=Kind.SESSION,
    places=(Place("auth.py", 160, "x = uuid4()", "auth:log_in:x"), Place("b.py", 1, "", "b:f:y")),
    ids=(ShownId("session_1", Kind.SESSION, "alice"),),
    history=(Event(1, Act.MINT, "alice", "session_1", leak=True),),
    replay="python -m x",
    replacement="generate()",
    drawing="a | b",
)

_VERDICT = Verdict("S1", Surface.AUTH, Outcome.FAILED, "why", (FINDING,), 7, ("a note",), "noise", seconds=1.5, seed=9)


def test_a_fingerprint_is_sixteen_hex_digits() -> None:
    """Short enough to be copied by hand."""
    assert re.fullmatch("[0-9a-f]{16}", FINDING.fingerprint)


@pytest.mark.parametrize(
    "change",
    [
        {"problem": "Another."},
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


@pytest.mark.parametrize(
    ("outcome", "green"),
    [
        (Outcome.PASSED, True),
        (Outcome.KNOWN, True),
        (Outcome.NOT_APPLICABLE, True),
        (Outcome.FAILED, False),
        (Outcome.INCONCLUSIVE, False),
        (Outcome.ERRORED, False),
    ],
)
def test_only_a_pass_a_known_failure_or_an_absent_surface_is_green(outcome: Outcome, green: bool) -> None:
    """A check that met nothing, or could not drive the backend, makes the run red."""
    assert outcome.is_green is green


def test_the_words_are_those_of_the_schema() -> None:
    """A reader of an older file knows them; a bare verdict has judged nothing."""
    words = ["passed", "failed", "known", "not applicable", "inconclusive", "errored"]
    assert [str(outcome) for outcome in Outcome] == words
    assert Verdict("S1", Surface.AUTH, Outcome.PASSED).judged == 0


def test_a_verdict_comes_back_from_json_as_it_was() -> None:
    """With its findings, notes and figures."""
    back = Verdict.from_json(json.loads(json.dumps(_VERDICT.to_json())))
    assert back == _VERDICT
    assert back.outcome is Outcome.FAILED
    assert back.surface is Surface.AUTH


def test_what_leaves_is_plain_data() -> None:
    """Lists and exact texts, which every channel between processes carries."""
    data = _VERDICT.to_json()
    assert {type(data[name]) for name in ("check", "surface", "outcome", "reason", "noise")} == {str}
    assert type(data["notes"]) is list
    assert data["findings"][0]["fingerprint"] == FINDING.fingerprint


@pytest.mark.parametrize("field", ["surface", "outcome"])
def test_an_unknown_word_in_a_verdict_is_an_error(field: str) -> None:
    """Rather than a verdict of no known colour."""
    with pytest.raises(ValueError, match="purple"):
        Verdict.from_json({**_VERDICT.to_json(), field: "purple"})
