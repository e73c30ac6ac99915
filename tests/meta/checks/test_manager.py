"""What goes through a tree's connection manager is judged there, at strict level: events, clean-up, whole lives."""

from __future__ import annotations

from pathlib import Path

import pytest

from id_isolation.checks.check import judged_pairs
from id_isolation.drivers.spec import open_backend
from id_isolation.embedded import compose
from id_isolation.embedded.layer import MANAGER, MANAGER_FACTORY
from id_isolation.history.finding import Outcome
from id_isolation.judging.judge import judge
from id_isolation.plan.kinds import Level, Surface
from id_isolation.power.fault import Fault, Twin
from id_isolation.power.faults import cleanup, manager
from id_isolation.power.twins import manager as twins

from ..judged import verdicts

ON_MANAGER = [pair for pair in judged_pairs() if pair[1] is Surface.MANAGER]
QUICK = [pair for pair in ON_MANAGER if pair[0] != "C7"]
KNOWN = {"E1", "E2", "E3", "C2", "C5"}
"""What a manager with the weaknesses of a real one is red on, besides whole lives."""


def test_every_live_and_clean_up_check_is_judged_there() -> None:
    """They are strict: the manager is none of the plan's places."""
    assert {check for check, _ in ON_MANAGER} == {
        *(f"E{n}" for n in range(1, 7)),
        "M1",
        "M2",
        "M3",
        *(f"C{n}" for n in range(2, 8)),
    }


@pytest.mark.parametrize(("spec", "red"), [("hardened", set()), ("legacy", KNOWN)])
def test_each_embedded_backend_is_red_on_its_managers_weaknesses(spec: str, red: set[str]) -> None:
    """And on nothing else; a finding says that it is strict."""
    told = verdicts(spec, QUICK, Level.STRICT, scale=0.1)
    assert {check for (check, _), one in told.items() if one.outcome is Outcome.FAILED} == red
    assert {one.outcome for one in told.values()} <= {Outcome.FAILED, Outcome.PASSED}
    assert all(finding.level is Level.STRICT for one in told.values() for finding in one.findings)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(fault, id=fault.name, marks=pytest.mark.slow if number % 6 else ())
        for number, fault in enumerate(
            [*manager.FAULTS[::5], *(fault for fault in cleanup.FAULTS if fault.name.startswith("matched-"))]
        )
    ],
)
def test_a_fault_in_its_source_is_caught(fault: Fault) -> None:
    """By each check that the fault names; the certificate tries all of them."""
    assert fault.layer is not None
    quick = [pair for pair in fault.checks if pair[0] != "C7"]
    told = verdicts(fault.base, quick, Level.STRICT, layers=[fault.layer])
    assert {one.outcome for one in told.values()} <= {Outcome.FAILED}


@pytest.mark.slow
@pytest.mark.parametrize("twin", twins.TWINS, ids=lambda twin: twin.name)
def test_a_correct_manager_is_not_accused(twin: Twin) -> None:
    """One for all or one each, several sockets or one, in order or at once."""
    assert twin.layer is not None
    told = verdicts(twin.base, QUICK, Level.STRICT, scale=0.1, layers=[twin.layer])
    assert {pair: one.outcome for pair, one in told.items() if not one.outcome.is_green} == {}


BY_NAME = {fault.name: fault for fault in manager.FAULTS}


@pytest.mark.parametrize(
    ("one", "outcome"),
    [
        (BY_NAME["sent-to-everybody"], Outcome.FAILED),
        pytest.param(BY_NAME["presence-told-before-the-set-goes"], Outcome.FAILED, marks=pytest.mark.slow),
        pytest.param(twins.TWINS[-1], Outcome.PASSED, marks=pytest.mark.slow),
    ],
    ids=lambda one: one.name,
)
def test_sockets_that_come_and_go_are_whole_lives_there(one: Fault | Twin, outcome: Outcome) -> None:
    """What is lost between the last socket's leaving and the next one's coming is seen by nothing but whole lives."""
    assert one.layer is not None
    told = verdicts(one.base, [("C7", Surface.MANAGER)], Level.STRICT, layers=[one.layer])
    assert [verdict.outcome for verdict in told.values()] == [outcome]


@pytest.mark.parametrize("check", ["E1", "M3", "C2", "C6"])
def test_a_tree_without_one_is_not_judged(check: str, tmp_path: Path) -> None:
    """Not applicable, with the reason."""
    root = compose.write("hardened", tmp_path / "tree")
    for module in (MANAGER, MANAGER_FACTORY):
        (root / module).unlink()
    backend = open_backend(str(root), root)
    verdict = judge(backend, check, Surface.MANAGER, Level.STRICT, 1)
    assert verdict.outcome is Outcome.NOT_APPLICABLE
    assert "websocket_manager" in verdict.reason
