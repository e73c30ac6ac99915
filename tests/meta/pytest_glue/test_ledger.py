"""The ledger has each verdict that was given, once, and says at the end what no single test could."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from id_isolation.checks.context import RunData
from id_isolation.drivers.spec import resolve
from id_isolation.history.finding import Outcome, Verdict
from id_isolation.plan.kinds import Level, Surface
from id_isolation.pytest_plugin.options import RunOptions
from id_isolation.pytest_plugin.results import Ledger, suite_version
from id_isolation.world.effort import Effort
from id_isolation.world.swarm import Figures

LOAD = Figures(2, 4, 10, 0, 0, 20.0, 2.0, 1.5, 60.0)


@pytest.fixture
def ledger() -> Ledger:
    """The ledger of a run on the hardened backend."""
    return Ledger(RunOptions(resolve("hardened"), Level.STRICT, 7, Effort(), 1))


def report(verdict: Verdict | None, when: str = "call", worker: str = "") -> Any:
    """A test's report as pytest hands it on; `worker` is where it ran."""
    given: dict[str, Any] = {"when": when}
    if verdict is not None:
        given["verdict"] = verdict.carried()
    if worker:
        given["node"] = SimpleNamespace(gateway=SimpleNamespace(id=worker))
    return SimpleNamespace(**given)


def passed(check: str = "C2", surface: Surface = Surface.GENERATOR, **more: Any) -> Verdict:
    return Verdict(check, surface, Outcome.PASSED, judged=3, **more)


def test_a_verdict_is_entered_at_the_call_alone(ledger: Ledger) -> None:
    """Set-up and tear-down carry it, too, and a test of the machinery carries none."""
    for when in ("setup", "call", "teardown"):
        ledger.take(report(passed(), when))
    ledger.take(report(None))
    assert ledger.verdicts == [passed()]


def test_what_goes_along_with_a_verdict_is_not_kept(ledger: Ledger) -> None:
    """pytest holds every report until the end; a check of millions of IDs would fill the memory with them."""
    sent = report(passed("E1", Surface.WEBSOCKET, aside=RunData((), LOAD).to_json()))
    ledger.take(sent)
    assert sent.verdict["aside"] is None
    assert ledger.verdicts[0].aside is None


def test_the_record_has_the_run_and_the_notes_of_checks_that_tell(ledger: Ledger) -> None:
    """In the order in which they came."""
    ledger.take(report(passed("E1", Surface.WEBSOCKET, notes=("2 users", "more"))))
    ledger.take(report(passed(notes=("not for the summary",))))
    ledger.notes.append("Said by the run.")
    record = ledger.record()
    assert (record.backend, record.level, record.seed) == ("hardened", Level.STRICT, 7)
    assert [verdict.check for verdict in record.verdicts] == ["E1", "C2"]
    assert record.notes == ("2 users", "Said by the run.")
    assert record.version == suite_version()
    assert record.seconds >= 0


def test_a_check_that_was_lost_with_its_worker_is_an_error(ledger: Ledger) -> None:
    """Only where a check was to be judged there."""
    ledger.pairs = {"tests/test_x.py::test_y": ("C2", Surface.GENERATOR)}
    ledger.lost = ["tests/test_x.py::test_y", "tests/test_x.py::test_of_the_machinery"]
    (lost,) = ledger.verdicts_on_the_run()
    assert (lost.check, lost.surface, lost.outcome, lost.seed) == ("C2", Surface.GENERATOR, Outcome.ERRORED, 7)
    assert "every worker that judged it ended" in lost.reason


def test_a_run_without_trouble_adds_no_verdict(ledger: Ledger) -> None:
    """What the tests said is all there is."""
    ledger.take(report(passed(), worker="gw0"))
    assert ledger.verdicts_on_the_run() == []
