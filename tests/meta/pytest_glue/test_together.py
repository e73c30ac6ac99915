"""What processes of one run minted is held against each other by digests alone."""

from __future__ import annotations

from id_isolation.collisions.evidence import Evidence, Sample, encoded, merge
from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Surface
from id_isolation.pytest_plugin.results import held_together, told_together


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
