"""A swarm against a server that has none of the suite's own features, as a deployed endpoint has none."""

from __future__ import annotations

import pytest

from id_isolation.history.finding import Outcome
from id_isolation.power.faults.events import NeverCompletes, OutOfOrder, ToEverybody
from id_isolation.power.faults.lost_lines import ReusedConnectionId
from id_isolation.world import delivery
from id_isolation.world.delivery import Delivery

from .backends import judged


@pytest.fixture(autouse=True)
def _plain_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be held or synced; a swarm waits until it has what is due and all is quiet."""
    monkeypatch.setattr(delivery, "FEATURES", ())
    monkeypatch.setenv("ID_ISOLATION_TIME_UNIT", "0.3")


@pytest.mark.parametrize("check", ["E1", "E2", "E3", "E6", "M1", "M2", "M3"])
def test_a_plain_server_can_be_judged(check: str) -> None:
    """What needs no feature is judged all the same."""
    verdict = judged(check)
    assert verdict.outcome is Outcome.PASSED, verdict


@pytest.mark.parametrize(
    ("check", "fault"), [("E1", ToEverybody), ("E2", OutOfOrder), ("M1", NeverCompletes), ("E6", ReusedConnectionId)]
)
def test_faults_of_a_plain_server_are_caught(check: str, fault: type[Delivery]) -> None:
    """And so is what is wrong with it; a lost event is waited for, within a deadline."""
    assert judged(check, fault).outcome is Outcome.FAILED


def test_a_check_that_takes_a_feature_says_so() -> None:
    """Naming a run in a message is the suite's own protocol."""
    verdict = judged("E4")
    assert verdict.outcome is Outcome.NOT_APPLICABLE
    assert "no messages that name a run" in verdict.reason
