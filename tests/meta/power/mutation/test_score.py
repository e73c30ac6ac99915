"""The score counts what is noticed, holds the record to its word, and says what survives."""

from __future__ import annotations

import pytest

from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Surface
from id_isolation.power.mutants import all_mutants
from id_isolation.power.mutation_score import Judged, OnRecord, Score, Standing
from id_isolation.power.trial import Told, Tried

FIRST, SECOND, THIRD, FOURTH = all_mutants()[:4]
SAME = OnRecord(Standing.EQUIVALENT, "It changes nothing that anybody sees.")
RIGHT = OnRecord(Standing.RIGHT_DESIGN, "It is as right as what was there.")


def _told(outcome: Outcome = Outcome.FAILED) -> tuple[Told, ...]:
    return (Told("F1", Surface.GENERATOR, outcome, ("no-grammar",), "It is wrong.", 0.1),)


def _tried(*told: Told, trouble: str = "") -> Tried:
    return Tried("a trial", told, 1.0, trouble)


def _score(*judged: Judged, total: int = 0, stale: tuple[str, ...] = ()) -> Score:
    return Score(1, total or len(judged), judged, stale, 2.0)


def _text(score: Score) -> str:
    return " ".join(" ".join(score.told(100)).split())


def test_a_survivor_lowers_the_score_and_what_is_on_record_does_not() -> None:
    """One of two that must be noticed is; the third need not be."""
    score = _score(Judged(FIRST, _tried()), Judged(SECOND, _tried(*_told())), Judged(THIRD, _tried(), SAME))
    assert score.share == 0.5
    assert [one.mutant for one in score.survivors] == [FIRST]
    assert not score.is_green
    assert "survives" in _text(score)
    assert "1 of 2 mutants noticed, 50.0%: 1 by a finding, 0 because" in _text(score)
    assert "1 as equivalent and 0 as another right design" in _text(score)


@pytest.mark.parametrize("outcome", [Outcome.ERRORED, Outcome.INCONCLUSIVE])
def test_any_red_verdict_notices_and_a_finding_is_told_apart(outcome: Outcome) -> None:
    """So does a backend that cannot be opened."""
    stopped, broken = Judged(FIRST, _tried(*_told(outcome))), Judged(SECOND, _tried(trouble="SyntaxError"))
    found = Judged(THIRD, _tried(*_told()))
    assert [one.killed for one in (stopped, broken, found)] == [True] * 3
    assert [one.found for one in (stopped, broken, found)] == [False, False, True]
    assert "1 by a finding, 2 because" in _text(_score(stopped, broken, found))


@pytest.mark.parametrize("record", [SAME, RIGHT])
def test_a_record_that_a_check_refutes_is_red(record: OnRecord) -> None:
    """It says that nobody could notice it, or that nobody may."""
    score = _score(Judged(FIRST, _tried(*_told())), Judged(SECOND, _tried(*_told()), record))
    assert not score.is_green
    assert f"is on record as {record.standing}, and F1 on generator notices it" in _text(score)
    assert score.to_json()["refuted"] == [SECOND.name]


def test_a_name_on_record_that_no_mutant_has_is_red() -> None:
    """It would hide another one some day."""
    score = _score(Judged(FIRST, _tried(*_told())), stale=("gone",))
    assert not score.is_green
    assert "gone is on record, and there is no such mutant" in _text(score)


def test_of_all_none_may_survive_and_of_a_sample_one_in_twenty() -> None:
    """A sample's seed must not decide over red and green."""
    judged = [Judged(FIRST, _tried()), *(Judged(SECOND, _tried(*_told())) for _ in range(19))]
    assert not _score(*judged).is_green
    assert _score(*judged, total=400).is_green
    assert "These are a sample of 400" in _text(_score(*judged, total=400))


def test_the_json_names_who_noticed_and_what_is_on_record() -> None:
    """With the reason."""
    data = _score(Judged(FIRST, _tried(*_told())), Judged(SECOND, _tried(), RIGHT)).to_json()
    assert data["green"] is True
    assert (data["noticed"], data["by_a_finding"], data["score"]) == (1, 1, 1.0)
    assert data["on_record"] == {"equivalent": 0, "another right design": 1}
    noticed, spared = data["judged"]
    assert (noticed["noticed_by"], noticed["on_record"]) == ("F1 on generator", "")
    assert (spared["noticed_by"], spared["reason"]) == ("", RIGHT.reason)
