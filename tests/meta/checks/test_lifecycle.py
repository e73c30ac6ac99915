"""Tests of the stateful search: what it finds, how short its stories are, and what it lets pass."""

from __future__ import annotations

import pytest

from id_isolation.findings.verdict import Outcome, Verdict
from id_isolation.ids.kinds import Surface

from ..rounds import SEEDS
from .planted import subject, verdicts

_C6, _C7 = ("C6", Surface.WEBSOCKET), ("C7", Surface.WEBSOCKET)

PLANTED = {
    "late close": "late-close-evicts",
    "late close of a line whose ID came back": "late-close-frees-the-id",
    "uneven clean-up": "abrupt-end-forgets-resources",
    "prefix deletion": "sessions-ended-by-prefix",
    "orphaned index after rotation": "orphaned-after-rotation",
    "one socket for each user": "one-socket-for-each-user",
    "delimiter join": "session-key-joined",
    "fallback to the newest session": "newest-session-for-a-missing-id",
    "ID used again": "connection-id-used-again",
    "stale expiry": "stale-expiry",
    "cancel without owner": "anyone-ends-runs",
}


def _steps(verdict: Verdict) -> list[int]:
    """How many numbered steps each story has; the last sentence says what is wrong."""
    return [len(finding.evidence) - 1 for finding in verdict.findings]


def _expect_short_stories(verdict: Verdict) -> None:
    assert verdict.outcome is Outcome.FAILED, verdict.reason
    assert max(_steps(verdict)) <= 8
    for finding in verdict.findings:
        numbers = [line.partition(".")[0] for line in finding.evidence[:-1]]
        assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
        assert finding.evidence[-1].startswith("Then ")
        assert any(event.leak for event in finding.history)
        assert finding.replay.startswith("from id_isolation.checks.model.replay import replay")


@pytest.mark.parametrize("name", PLANTED.values(), ids=[name.replace(" ", "-") for name in PLANTED])
def test_each_planted_life_is_found_with_a_short_story(name: str) -> None:
    """Each planted lifecycle fault is found, and told in eight steps at most."""
    (verdict,) = verdicts(subject(name), [_C7], [1])
    _expect_short_stories(verdict)
    assert verdict.seconds < 30


@pytest.mark.slow
@pytest.mark.parametrize("name", PLANTED.values(), ids=[name.replace(" ", "-") for name in PLANTED])
def test_each_planted_life_is_found_with_every_seed(name: str) -> None:
    """Twenty seeds of twenty find each planted lifecycle fault, in eight steps at most."""
    for verdict in verdicts(subject(name), [_C7], SEEDS):
        _expect_short_stories(verdict)


def test_a_late_close_is_told_with_both_connections() -> None:
    """C6 shows the old connection, the new one, and what the late close took."""
    (verdict,) = verdicts(subject("late-close-evicts"), [_C6], [1])
    (finding,) = verdict.findings
    assert finding.symptom == "new-line-taken-down"
    assert len({shown.text for shown in finding.ids}) == 2
    assert finding.history[-1].leak


@pytest.mark.parametrize(
    "name", ["newest-wins", "second-refused", "runs-come-along", "to-all-own-sockets", "opaque-ids", "refused-users"]
)
def test_policies_pass(name: str) -> None:
    """Reconnect policies, opaque IDs and refused users agree with the reference."""
    for verdict in verdicts(subject(name), [_C6, _C7], [1], scale=0.5):
        assert verdict.outcome is Outcome.PASSED, (verdict.reason, verdict.findings)
