"""A verdict is green only where nothing is wrong and nothing is open, and comes back whole from JSON."""

from __future__ import annotations

import json

import pytest

from id_isolation.history.finding import Outcome, Verdict
from id_isolation.plan.kinds import Surface

from .test_finding import FINDING

_VERDICT = Verdict("S1", Surface.AUTH, Outcome.FAILED, "why", (FINDING,), 7, ("a note",), "noise", seconds=1.5, seed=9)


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
def test_an_unknown_word_is_an_error(field: str) -> None:
    """Rather than a verdict of no known colour."""
    with pytest.raises(ValueError, match="purple"):
        Verdict.from_json({**_VERDICT.to_json(), field: "purple"})
