"""What one user's dispatcher holds is nobody else's, at strict level; without tools nothing is said."""

from __future__ import annotations

import pytest

from id_isolation.embedded.layer import DISPATCHER, Edit, Layer
from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Level, Surface
from id_isolation.power.fault import Fault
from id_isolation.power.faults import tools

from ..judged import verdicts

U3 = ("U3", Surface.DISPATCHER)


@pytest.mark.parametrize(
    "fault",
    [pytest.param(one, id=one.name, marks=pytest.mark.slow if n else ()) for n, one in enumerate(tools.FAULTS)],
)
def test_a_tool_that_reaches_another_user_is_found(fault: Fault) -> None:
    """By whichever way: called, seen, replaced or ended."""
    assert fault.layer is not None
    verdict = verdicts("hardened", [U3], Level.STRICT, layers=[fault.layer])[U3]
    assert "foreign-tool" in {finding.symptom for finding in verdict.findings}
    assert {finding.level for finding in verdict.findings} == {Level.STRICT}


def test_dispatchers_without_tools_are_not_asked() -> None:
    """A tree may have none."""
    none = Layer("none", (Edit(DISPATCHER, "async def create_for_user", "async def create_for_one"),))
    assert verdicts("hardened", [U3], Level.STRICT, layers=[none])[U3].outcome is Outcome.PASSED
