"""What several workers did of one check is one result: shares are summed, and a lost one is told."""

from __future__ import annotations

from dataclasses import replace

from id_isolation.checks.context import RunData
from id_isolation.history.finding import Outcome, Verdict
from id_isolation.plan.kinds import Surface
from id_isolation.pytest_plugin.options import SPLIT
from id_isolation.pytest_plugin.results import Parts
from id_isolation.world.swarm import Figures

LOAD = SPLIT["users"]
IDS = SPLIT["ids"]


def verdict(pair: tuple[str, Surface], outcome: Outcome, users: int = 0) -> Verdict:
    load = Figures(users, users * 2, users * 5, 0, 0, 10.0 * users, 20.0, 1.5, 60.0) if users else None
    return Verdict(*pair, outcome, notes=(f"{users} users by themselves",), aside=RunData((), load).to_json())


def two_workers() -> Parts:
    parts = Parts()
    assert [str(parts.begun(name, 2)) for name in ("gw0", "gw1")] == ["0/2", "1/2"]
    return parts


def test_the_load_of_all_workers_is_one_sentence() -> None:
    """Sums, and of latencies the worst."""
    parts = two_workers()
    told = verdict(LOAD, Outcome.PASSED, users=30)
    parts.take(told, "gw0")
    parts.ended("gw0", [])
    parts.ended("gw1", [verdict(LOAD, Outcome.PASSED, users=20)])
    assert parts.verdicts([LOAD], 1) == []
    (note,) = parts.notes([told])
    assert note.startswith("The load of 2 workers together: 50 users: 100 connections opened, 250 events delivered")
    assert "p50 300 ms" in note


def test_what_a_worker_without_the_test_found_is_a_verdict_on_the_run() -> None:
    """A share that failed makes the run red whatever the test said."""
    parts = two_workers()
    parts.take(verdict(LOAD, Outcome.PASSED, users=2), "gw0")
    failed = verdict(LOAD, Outcome.FAILED, users=2)
    parts.ended("gw1", [failed])
    assert parts.verdicts([LOAD], 1) == [replace(failed, aside=None)]


def test_a_pass_of_a_worker_without_the_test_counts_where_the_test_had_nothing_to_do() -> None:
    """Too few users for all workers: the test is not applicable, and the check was carried out all the same."""
    parts = two_workers()
    parts.take(verdict(LOAD, Outcome.NOT_APPLICABLE), "gw1")
    parts.ended("gw0", [verdict(LOAD, Outcome.PASSED, users=2)])
    assert [given.outcome for given in parts.verdicts([LOAD], 1)] == [Outcome.PASSED]


def test_a_share_that_nobody_did_is_an_error() -> None:
    """A worker that died, and that nobody replaced, took it with it."""
    parts = two_workers()
    parts.take(verdict(IDS, Outcome.PASSED), "gw0")
    parts.died("gw1")
    (lost,) = parts.verdicts([IDS], 7)
    assert (lost.check, lost.outcome, lost.seed) == ("X3", Outcome.ERRORED, 7)


def test_the_worker_that_takes_a_dead_ones_place_takes_its_share() -> None:
    """So that the whole load is brought."""
    parts = two_workers()
    parts.died("gw0")
    assert str(parts.begun("gw2", 2)) == "0/2"
    parts.take(verdict(IDS, Outcome.PASSED), "gw1")
    parts.ended("gw2", [verdict(IDS, Outcome.PASSED)])
    assert parts.verdicts([IDS], 1) == []


def test_a_run_of_one_process_has_no_shares() -> None:
    """Its verdicts and notes are as the check gave them."""
    parts = Parts()
    told = verdict(LOAD, Outcome.PASSED, users=3)
    parts.take(told, "")
    assert parts.verdicts([LOAD, IDS], 1) == []
    assert parts.notes([told]) == ["3 users by themselves"]
