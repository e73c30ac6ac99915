"""The control group passes where delivery is right, and fails on what each of its checks is for."""

from __future__ import annotations

from typing import Any

import pytest

from id_isolation.backend.protocol import Connection, Handshake
from id_isolation.history.finding import Outcome
from id_isolation.power.faults.events import NeverCompletes, OutOfOrder
from id_isolation.world.delivery import Delivery, Run

from ..world.backends import judged


class _LetsAnybodyIn(Delivery):
    async def admit(self, handshake: Handshake) -> Connection:
        if self.backend.tokens.user_of(handshake.token) is None:  # type: ignore[union-attr]
            return Connection("ws_1", "somebody")
        return await super().admit(handshake)


class _RunOfItsOwn(Delivery):
    """The third event names another run."""

    async def deliver(self, run: Run, event: Any) -> None:
        named = {**event, "run_id": "run_of_nobody"} if event["payload"]["step"] == 2 else event
        await super().deliver(run, named)


@pytest.mark.parametrize("check", ["M1", "M2", "M3"])
def test_right_delivery_passes_and_something_was_judged(check: str) -> None:
    """All three checks."""
    verdict = judged(check)
    assert verdict.outcome is Outcome.PASSED, verdict
    assert verdict.judged > 0


@pytest.mark.parametrize(
    ("check", "delivery", "symptom"),
    [
        ("M1", NeverCompletes, "lost-event"),
        ("M1", OutOfOrder, "out-of-order"),
        ("M2", _RunOfItsOwn, "mixed-run"),
        ("M3", _LetsAnybodyIn, "not-refused"),
    ],
)
def test_each_fault_is_found_by_the_check_that_is_for_it(check: str, delivery: type[Delivery], symptom: str) -> None:
    """Under its own name."""
    verdict = judged(check, delivery)
    assert verdict.outcome is Outcome.FAILED, verdict
    assert symptom in {finding.symptom for finding in verdict.findings}
