"""C6: a late close of an old connection is told with both connections, and policies of reconnecting pass."""

from __future__ import annotations

import pytest

from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Surface

from .planted import subject, verdicts

_C6 = ("C6", Surface.WEBSOCKET)


def test_a_late_close_is_told_with_both_connections() -> None:
    """What the late close took is gone from then on, and worked before it."""
    (verdict,) = verdicts(subject("late-close-evicts"), [_C6], [1])
    (finding,) = verdict.findings
    assert finding.symptom == "new-line-taken-down"
    connections = [event.connection for event in finding.history if event.act == "connect"]
    assert len(set(connections)) == 2
    assert {shown.text for shown in finding.ids} >= set(connections)
    (leak,) = [event for event in finding.history if event.leak]
    assert leak.act in ("close", "lose")
    assert any(event.act == "receive" and event.number < leak.number for event in finding.history)


@pytest.mark.parametrize(
    "name",
    [
        *("newest-wins", "second-refused", "runs-come-along", "to-all-own-sockets"),
        pytest.param("deferred-release", marks=pytest.mark.slow),
        *("one-session-for-each-user", "tokens-that-serve-once", "opaque-ids"),
    ],
)
def test_policies_of_reconnecting_pass(name: str) -> None:
    """The newest line wins, the second is refused, runs come along: each is right."""
    (verdict,) = verdicts(subject(name), [_C6], [1], scale=0.25)
    assert verdict.outcome is Outcome.PASSED, (verdict.reason, verdict.findings)
