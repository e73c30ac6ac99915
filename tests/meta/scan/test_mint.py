"""What the scan reports is plain data, which a JSON file holds as it is."""

from __future__ import annotations

import json

from id_isolation.scan.mint import Finding, Unread


def test_a_finding_survives_json() -> None:
    """With every field that it has."""
    found = Finding("a.py", 3, 4, "uuid.uuid4", "run", "run_id", "production", "make", "x = 1", "y()", "", "key")
    data = json.loads(json.dumps(found.as_json()))
    assert Finding(**data) == found
    assert (data["new"], data["suppressed"]) == (True, "")


def test_a_file_that_was_not_read_says_why() -> None:
    """By name and reason."""
    assert Unread("a.py", "NUL bytes").as_json() == {"file": "a.py", "reason": "NUL bytes"}
