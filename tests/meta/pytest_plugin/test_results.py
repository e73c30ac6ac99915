"""The ledger has each verdict that was given, once, and says at the end what no single test could.

Only a pass makes a test green; what is not applicable is a skip with its reason; all else fails with
evidence. What processes of one run
minted is held against each other by digests alone. What several workers did of one check is one result: shares are
summed, and a lost one is told.
"""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from id_isolation.checks.context import RunData
from id_isolation.collisions.evidence import Evidence, Sample, encoded, merge
from id_isolation.drivers.spec import resolve
from id_isolation.history.finding import Outcome, Verdict
from id_isolation.history.record import suite_version
from id_isolation.plan.kinds import Level, Surface
from id_isolation.pytest_plugin.options import SPLIT, RunOptions
from id_isolation.pytest_plugin.results import (
    Ledger,
    Parts,
    held_together,
    told_together,
)
from id_isolation.pytest_plugin.surfaces import assert_passed
from id_isolation.world.effort import Effort
from id_isolation.world.swarm import Figures

from ..reports import samples

pytestmark = pytest.mark.quick

LOAD = Figures(2, 4, 10, 0, 0, 20.0, 2.0, 1.5, 60.0)


RED = [outcome for outcome in Outcome if not outcome.is_green]

USERS = SPLIT["users"]
IDS = SPLIT["ids"]


@pytest.fixture
def ledger() -> Ledger:
    """The ledger of a run on the hardened backend."""
    return Ledger(RunOptions(resolve("hardened"), Level.STRICT, 7, Effort(), 1))


def report(verdict: Verdict | None, when: str = "call", worker: str = "") -> Any:
    """A test's report as pytest hands it on; `worker` is where it ran."""
    given: dict[str, Any] = {"when": when, "nodeid": "tests/test_x.py::test_y", "failed": False}
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


def test_a_finding_of_another_check_fails_the_verdict_that_it_belongs_to(ledger: Ledger) -> None:
    """Once, wherever it was seen; a finding that its own check has made already is told by that."""
    left = samples.finding("C2", Surface.GENERATOR, "left-behind", "something stayed")
    ledger.take(report(passed()))
    ledger.take(report(passed("C5", besides=(left,))))
    ledger.take(report(passed("C3", besides=(left,))))
    (late,) = ledger.verdicts_on_the_run()
    assert (late.check, late.surface, late.outcome, late.findings) == ("C2", Surface.GENERATOR, Outcome.FAILED, (left,))
    assert late.reason == "seen in the history of C5 on generator, C3 on generator"
    ledger.verdicts.append(late)
    assert ledger.verdicts_on_the_run() == []
    marks = ledger.record().marks()
    assert marks[Surface.GENERATOR, "C2"] is Outcome.FAILED
    assert len(ledger.record().verdicts) == 3


def test_a_run_without_trouble_adds_no_verdict(ledger: Ledger) -> None:
    """What the tests said is all there is."""
    ledger.take(report(passed(), worker="gw0"))
    assert ledger.verdicts_on_the_run() == []


def verdict(outcome: Outcome, **more: object) -> Verdict:
    return Verdict("C1", Surface.DISPATCHER, outcome, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("outcome", [Outcome.PASSED, Outcome.KNOWN])
def test_a_pass_and_what_is_known_end_the_test_in_green(outcome: Outcome) -> None:
    """Nothing is raised."""
    assert_passed(verdict(outcome))


def test_what_is_not_applicable_is_a_skip_with_its_reason() -> None:
    """A test report has it, and so it is never silent."""
    with pytest.raises(pytest.skip.Exception, match="not applicable, because the tree has no dispatcher"):
        assert_passed(verdict(Outcome.NOT_APPLICABLE, reason="the tree has no dispatcher"))


@pytest.mark.parametrize("outcome", RED)
def test_everything_else_fails_the_test(outcome: Outcome) -> None:
    """And says what a pass would have proved, and why there is none."""
    with pytest.raises(pytest.fail.Exception) as caught:
        assert_passed(verdict(outcome, reason="nothing was minted"))
    assert str(caught.value).startswith(f"C1 on dispatcher {outcome}: a pass would prove that thread and run")
    assert str(caught.value).endswith("nothing was minted")


def test_a_failure_shows_its_findings_with_drawing_and_fix() -> None:
    """Each evidence on a line of its own."""
    found = samples.finding(
        "C1", Surface.DISPATCHER, "uncorrelated", "They differ", evidence=("a and b",), drawing="1 | 2", fix="Do so."
    )
    with pytest.raises(pytest.fail.Exception) as caught:
        assert_passed(verdict(Outcome.FAILED, findings=(found,)))
    lines = str(caught.value).splitlines()[1:]
    assert lines[:3] == ["Problem   They differ", "Evidence  a and b", "1 | 2"]
    assert lines[-1] == "Fix       Do so."


def test_what_the_backend_printed_stands_below_an_error() -> None:
    """Indented, line by line."""
    with pytest.raises(pytest.fail.Exception) as caught:
        assert_passed(verdict(Outcome.ERRORED, reason="it ended", noise="loading\nboom"))
    assert str(caught.value).endswith("it ended\nThe backend printed:\n    loading\n    boom")


def evidence(source: str, *ids: str) -> Evidence:
    sample = Sample()
    sample.add(encoded(ids))
    return Evidence(source, sample.count, sample.halvings, sample.digests)


def test_different_ids_give_no_verdict() -> None:
    """There is nothing to report; what it is worth is one sentence."""
    kept = [evidence("X1 in gw0", "a", "b"), evidence("X2 in gw1", "c")]
    assert held_together(merge(kept), 1) is None
    assert told_together(merge(kept), 2) == (
        "Of 3 IDs that 2 workers minted, 3 were held against each other: none came twice."
    )


def test_an_id_of_two_processes_is_a_failed_verdict_that_names_both() -> None:
    """The text of the ID is in no evidence, so it is in no verdict either."""
    kept = [evidence("X1 in gw0", "an-id-of-ana", "b"), evidence("X1 in gw1", "c", "an-id-of-ana")]
    verdict = held_together(merge(kept), 7)
    assert verdict is not None
    assert (verdict.check, verdict.surface, verdict.outcome) == ("X3", Surface.GENERATOR, Outcome.FAILED)
    assert "by X1 in gw0 and by X1 in gw1" in verdict.findings[0].evidence[0]
    assert "an-id-of-ana" not in str(verdict.to_json())


def test_a_run_that_minted_nothing_has_no_verdict() -> None:
    """No evidence is no fault."""
    assert held_together(merge([]), 1) is None


def share_verdict(pair: tuple[str, Surface], outcome: Outcome, users: int = 0) -> Verdict:
    load = Figures(users, users * 2, users * 5, 0, 0, 10.0 * users, 20.0, 1.5, 60.0) if users else None
    return Verdict(*pair, outcome, notes=(f"{users} users by themselves",), aside=RunData((), load).to_json())


def two_workers() -> Parts:
    parts = Parts()
    assert [str(parts.begun(name, 2)) for name in ("gw0", "gw1")] == ["0/2", "1/2"]
    return parts


def test_the_load_of_all_workers_is_one_sentence() -> None:
    """Sums, and of latencies the worst."""
    parts = two_workers()
    told = share_verdict(USERS, Outcome.PASSED, users=30)
    parts.take(told, "gw0")
    parts.ended("gw0", [])
    parts.ended("gw1", [share_verdict(USERS, Outcome.PASSED, users=20)])
    assert parts.verdicts([USERS], 1) == []
    (note,) = parts.notes([told])
    assert note.startswith("The load of 2 workers together: 50 users: 100 connections opened, 250 events delivered")
    assert "p50 300 ms" in note


def test_what_a_worker_without_the_test_found_is_a_verdict_on_the_run() -> None:
    """A share that failed makes the run red whatever the test said."""
    parts = two_workers()
    parts.take(share_verdict(USERS, Outcome.PASSED, users=2), "gw0")
    failed = share_verdict(USERS, Outcome.FAILED, users=2)
    parts.ended("gw1", [failed])
    assert parts.verdicts([USERS], 1) == [replace(failed, aside=None)]


def test_a_pass_of_a_worker_without_the_test_counts_where_the_test_had_nothing_to_do() -> None:
    """Too few users for all workers: the test is not applicable, and the check was carried out all the same."""
    parts = two_workers()
    parts.take(share_verdict(USERS, Outcome.NOT_APPLICABLE), "gw1")
    parts.ended("gw0", [share_verdict(USERS, Outcome.PASSED, users=2)])
    assert [given.outcome for given in parts.verdicts([USERS], 1)] == [Outcome.PASSED]


def test_a_share_that_nobody_did_is_an_error() -> None:
    """A worker that died, and that nobody replaced, took it with it."""
    parts = two_workers()
    parts.take(share_verdict(IDS, Outcome.PASSED), "gw0")
    parts.died("gw1")
    (lost,) = parts.verdicts([IDS], 7)
    assert (lost.check, lost.outcome, lost.seed) == ("X3", Outcome.ERRORED, 7)


def test_the_worker_that_takes_a_dead_ones_place_takes_its_share() -> None:
    """So that the whole load is brought."""
    parts = two_workers()
    parts.died("gw0")
    assert str(parts.begun("gw2", 2)) == "0/2"
    parts.take(share_verdict(IDS, Outcome.PASSED), "gw1")
    parts.ended("gw2", [share_verdict(IDS, Outcome.PASSED)])
    assert parts.verdicts([IDS], 1) == []


def test_a_run_of_one_process_has_no_shares() -> None:
    """Its verdicts and notes are as the check gave them."""
    parts = Parts()
    told = share_verdict(USERS, Outcome.PASSED, users=3)
    parts.take(told, "")
    assert parts.verdicts([USERS, IDS], 1) == []
    assert parts.notes([told]) == ["3 users by themselves"]
