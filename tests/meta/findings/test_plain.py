"""Plain data: what crosses from process to process."""

from __future__ import annotations

import json
from typing import Any

import pytest

from id_isolation.history.events import plain
from id_isolation.history.finding import Verdict
from id_isolation.plan.kinds import Level, Surface

from ..reports import samples

PLAIN = (dict, list, str, int, float, bool, type(None))


def types(value: Any) -> set[type]:
    inner = [*value.keys(), *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    return {type(value)}.union(*(types(item) for item in inner))


def test_members_of_enums_become_their_values() -> None:
    """In values and keys, tuples become lists, and a subclass of str becomes a str."""
    text = type("Text", (str,), {})("x")
    reduced = plain({Surface.AUTH: (Level.PLAN, text, None, 1.5)})
    assert reduced == {"auth": ["plan", "x", None, 1.5]}
    assert types(reduced) <= set(PLAIN)


@pytest.mark.parametrize("run", [samples.legacy(), samples.troubled(), samples.remediated(Level.STRICT)])
def test_a_verdict_as_json_is_plain_and_comes_back_equal(run: Any) -> None:
    """With findings, places, IDs and histories."""
    for verdict in run.verdicts:
        data = verdict.to_json()
        assert types(data) <= set(PLAIN)
        assert Verdict.from_json(data) == verdict
        assert Verdict.from_json(json.loads(json.dumps(data))) == verdict
