"""A scan becomes a SARIF log whose levels, states and rules follow from the findings."""

from __future__ import annotations

from typing import Any

from id_isolation.scan.mint import Unread
from id_isolation.scan.outputs import as_sarif
from id_isolation.scan.outputs.outcome import Outcome
from id_isolation.scan.vocabulary.naming import KINDS

from ..outcomes import FINDING, outcome


def _run(of: Outcome) -> dict[str, Any]:
    (run,) = as_sarif.document(of)["runs"]
    return run


def test_production_code_is_a_warning_and_test_code_a_note() -> None:
    """The place is the finding's line and column, the fingerprint its key."""
    first, second = _run(outcome(FINDING, FINDING._replace(code="test")))["results"]
    assert (first["level"], second["level"]) == ("warning", "note")
    assert first["partialFingerprints"] == {"idIsolationScan/v1": "k-1"}
    region = first["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"]) == (7, 5)


def test_every_kind_has_its_rule_and_a_result_points_to_it() -> None:
    """The index and the id name the same rule."""
    for kind in KINDS:
        run = _run(outcome(FINDING._replace(kind=kind)))
        rule = run["tool"]["driver"]["rules"][run["results"][0]["ruleIndex"]]
        assert rule["id"] == run["results"][0]["ruleId"] == f"raw-{kind}-id"


def test_a_baseline_state_is_given_only_where_there_is_a_baseline() -> None:
    """New findings are new, known ones unchanged."""
    known = FINDING._replace(new=False)
    states = [item["baselineState"] for item in _run(outcome(FINDING, known, has_baseline=True))["results"]]
    assert states == ["new", "unchanged"]
    assert "baselineState" not in _run(outcome(FINDING))["results"][0]


def test_a_suppressed_finding_is_a_result_with_its_justification() -> None:
    """Viewers show it as suppressed; an open one has no such mark."""
    hidden = FINDING._replace(suppressed="a key that nobody sees")
    shown, kept = _run(outcome(FINDING, suppressed=(hidden,)))["results"]
    assert "suppressions" not in shown
    assert kept["suppressions"] == [{"kind": "inSource", "justification": "a key that nobody sees"}]


def test_a_note_stands_in_the_message() -> None:
    """In brackets after the call to make; none without a note."""
    plain, noted = _run(outcome(FINDING, FINDING._replace(note="pass a user in")))["results"]
    assert noted["message"]["text"].endswith("generate_session_id(user_id) (pass a user in).")
    assert plain["message"]["text"].endswith("generate_session_id(user_id).")


def test_an_unread_file_is_a_notification_and_its_path_a_uri() -> None:
    """Bytes of a name that is no valid text are percent-encoded as they are."""
    (note,) = _run(outcome(unread=(Unread("a b\udcff.py", "permission denied"),)))["invocations"][0][
        "toolExecutionNotifications"
    ]
    assert note["message"]["text"] == "Not read: permission denied."
    assert note["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b%FF.py"
