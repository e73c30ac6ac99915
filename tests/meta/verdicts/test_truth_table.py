"""The three runs: red before the remediation for the named reasons, green after it, green when hardened."""

from __future__ import annotations

import pytest

from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Level

from ..judged import all_pairs, red, symptoms, verdicts

LEGACY = {
    ("S1", "auth", "raw-mint", ""),
    ("S1", "dispatcher", "raw-mint", ""),
    ("S1", "websocket", "raw-mint", ""),
    ("S2", "auth", "not-the-plans-call", ""),
    ("S2", "dispatcher", "not-the-plans-call", ""),
    ("S2", "websocket", "not-the-plans-call", ""),
    ("F1", "auth", "no-grammar", "session"),
    ("F1", "dispatcher", "no-grammar", "thread"),
    ("F1", "dispatcher", "no-grammar", "run"),
    ("F1", "dispatcher", "no-grammar", "request"),
    ("F1", "websocket", "no-grammar", "connection"),
    ("U1", "auth", "names-nobody", "session"),
    ("U1", "websocket", "names-nobody", "connection"),
    ("C1", "dispatcher", "uncorrelated", "thread"),
    ("C2", "dispatcher", "left-behind", "run"),
    ("C5", "dispatcher", "registry-grows", "run"),
}


@pytest.mark.parametrize("left_out", [{"X3", "X5"}, pytest.param(set(), marks=pytest.mark.slow)])
def test_legacy_fails_for_exactly_the_named_reasons(left_out: set[str]) -> None:
    """Every finding on legacy comes from one of the plan's three places, and nothing is errored or inconclusive.

    S1 names one line in the token validation, four in the migration helper, one in the WebSocket path.
    """
    given = verdicts("legacy", [pair for pair in all_pairs() if pair[0] not in left_out], scale=0.1)
    assert symptoms(given) == LEGACY
    assert {verdict.outcome for verdict in given.values()} == {Outcome.PASSED, Outcome.FAILED}
    places = [place for v in given.values() if v.check == "S1" for f in v.findings for place in f.places]
    assert len(places) == 6
    assert all("uuid.uuid4()" in place.text and place.line > 0 for place in places)
    assert {place.file for place in places} == {
        "netra_backend/app/auth_integration/auth.py",
        "netra_backend/app/core/tools/unified_tool_dispatcher.py",
        "netra_backend/app/websocket_core/unified_websocket_auth.py",
    }


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["remediated", "hardened"])
def test_the_remediation_passes_at_plan_level(backend: str) -> None:
    """Every plan-level check passes, each after judging something; of the first the suite's own files say so too."""
    given = verdicts(backend, all_pairs(), scale=0.1)
    assert red(given) == set()
    assert {verdict.outcome for verdict in given.values()} == {Outcome.PASSED}
    assert all(verdict.judged > 0 for verdict in given.values())


@pytest.mark.slow
def test_legacy_fails_at_strict_level_too() -> None:
    """The plan-level findings on legacy are there at strict level as well."""
    assert symptoms(verdicts("legacy", all_pairs(), Level.STRICT)) >= LEGACY
