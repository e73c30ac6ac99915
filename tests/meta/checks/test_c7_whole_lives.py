"""Tests of the stateful search: what it finds, how short its stories are, and what it lets pass."""

from __future__ import annotations

import pytest

from id_isolation.history.finding import Finding, Outcome, Verdict
from id_isolation.plan.kinds import Surface
from id_isolation.power.faults import lives

from ..rounds import SEEDS
from .planted import subject, verdicts

_C6, _C7 = ("C6", Surface.WEBSOCKET), ("C7", Surface.WEBSOCKET)

PLANTED = {
    "late-close-evicts": "lost-event",
    "late-close-frees-the-id": "taken-along",
    "sessions-ended-by-prefix": "taken-from-another",
    "orphaned-after-rotation": "taken-along",
    "one-socket-for-each-user": "lost-event",
    "session-key-joined": "foreign-stored-session",
    "newest-session-for-a-missing-id": "foreign-stored-session",
    "connection-id-used-again": "reused-id",
    "stale-expiry": "taken-from-another",
    "anyone-ends-runs": "named-by-another",
    "end-frees-all-of-the-user": "taken-along",
    "connect-ends-other-runs": "taken-run",
    "second-thread-drops-the-first": "taken-along",
    "ended-run-for-anybody": "named-by-another",
    "threads-stay": "left-behind",
    "kept-until-all-are-gone": "left-behind",
    "record-added-at-every-use": "registry-grows",
    "ended-session-given-again": "reused-id",
    "previous-connection-relabelled": "wrong-owner",
}
"""Each planted life, and what C7 says of it with every seed; it may find more."""

IN_EVERY_RUN = ("session-key-joined", "stale-expiry")
"""One for each of two symptoms; the long proof finds them all, and `prove` with them."""

EFFORT = 0.25


def steps_of(finding: Finding) -> int:
    """How many numbered steps the story has; the last sentence says what is wrong."""
    return len(finding.evidence) - 1


def _expect_short_stories(verdict: Verdict, symptom: str) -> None:
    assert verdict.outcome is Outcome.FAILED, verdict.reason
    # What happens at once, or over sockets, is told by the rules and has no program.
    stories = [finding for finding in verdict.findings if finding.replay]
    assert symptom in {finding.symptom for finding in stories}
    for finding in stories:
        assert steps_of(finding) <= 8, finding.evidence
        numbers = [line.partition(".")[0] for line in finding.evidence[:-1]]
        assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
        assert finding.evidence[-1].startswith("Then ")
        assert any(event.leak for event in finding.history)
        assert finding.replay.startswith("from id_isolation.checks.parts.lives_search import replay")


@pytest.mark.parametrize("name", IN_EVERY_RUN)
def test_a_planted_life_is_found_with_a_short_story(name: str) -> None:
    """A planted lifecycle fault is found for what it is, and told in eight steps at most."""
    (verdict,) = verdicts(subject(name), [_C7], [1], EFFORT)
    _expect_short_stories(verdict, PLANTED[name])


@pytest.mark.slow
@pytest.mark.parametrize(("name", "symptom"), PLANTED.items(), ids=PLANTED)
def test_each_planted_life_is_found_with_every_seed(name: str, symptom: str) -> None:
    """Twenty seeds of twenty find each planted lifecycle fault for what it is, in eight steps at most."""
    for verdict in verdicts(subject(name), [_C7], SEEDS, EFFORT):
        _expect_short_stories(verdict, symptom)


def test_every_lifecycle_fault_is_planted_here() -> None:
    """Those of the room of lives, with the symptom that they declare."""
    for fault in lives.FAULTS:
        assert fault.name in PLANTED
        declared = {symptom for check, symptom in fault.says if check == "C7"}
        assert not declared or PLANTED[fault.name] in declared


_POLICIES = [
    *("second-refused", "runs-come-along", "to-all-own-sockets", "deferred-release"),
    *("one-session-for-each-user", "new-session-for-each-log-in", "tokens-that-serve-once"),
    *("stored-sessions-by-creation", "opaque-ids", "refused-users"),
]


@pytest.mark.parametrize("name", ["newest-wins", *(pytest.param(name, marks=pytest.mark.slow) for name in _POLICIES)])
def test_policies_pass(name: str) -> None:
    """Policies of reconnecting and of log-in, opaque IDs and refused users agree with the reference."""
    for verdict in verdicts(subject(name), [_C6, _C7], [1], scale=EFFORT):
        assert verdict.outcome is Outcome.PASSED, (verdict.reason, verdict.findings)
