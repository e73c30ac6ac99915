"""A scan becomes one JSON object that says what was judged, and with what."""

from __future__ import annotations

import json

from id_isolation.scan.outputs import as_json

from ..outcomes import FINDING, GONE, outcome


def test_findings_are_listed_whether_new_or_known() -> None:
    """`new` tells them apart; suppressed ones are a list of their own."""
    known = FINDING._replace(new=False, line=9)
    hidden = FINDING._replace(suppressed="a key that nobody sees")
    content = json.loads(as_json.text(outcome(FINDING, known, suppressed=(hidden,), has_baseline=True)))
    assert [(item["line"], item["new"]) for item in content["findings"]] == [(7, True), (9, False)]
    assert [item["suppressed"] for item in content["suppressed"]] == ["a key that nobody sees"]


def test_the_object_says_its_format_and_what_was_scanned() -> None:
    """Readers can refuse what they do not know."""
    content = as_json.document(outcome(left_out=[".venv"], parsed_whole=False))
    assert (content["format"], content["version"]) == ("id-isolation-scan", 1)
    assert (content["root"], content["files"], content["parsed_whole"]) == ("/tree", 9, False)
    assert content["left_out"] == [".venv"]


def test_the_trend_is_there_only_beside_a_baseline() -> None:
    """Without one there is nothing to compare with."""
    alone = as_json.document(outcome())
    beside = as_json.document(outcome(gone=1, has_baseline=True))
    assert alone["compliance"]["trend"] is None
    assert alone["baseline"] == {"used": False, "stale": False, "gone": []}
    assert beside["compliance"]["trend"] == "up from 50.0%"
    assert beside["baseline"] == {"used": True, "stale": True, "gone": [GONE]}


def test_the_text_is_ascii_and_ends_its_last_line() -> None:
    """A path that is no valid text comes back as it was."""
    text = as_json.text(outcome(FINDING._replace(file="é\udcff.py")))
    assert text.isascii()
    assert text.endswith("}\n")
    assert json.loads(text)["findings"][0]["file"] == "é\udcff.py"
