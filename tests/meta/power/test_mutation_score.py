"""The score counts what is noticed, holds the record to its word, and says what survives.

Mutants are tried until a check notices them; a survivor is tried harder, and the record is tried too. A mutant that
nobody has to notice is on record once, with its reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Surface
from id_isolation.power import mutation_score
from id_isolation.power.certificate import COSTLY
from id_isolation.power.mutants import all_mutants
from id_isolation.power.mutation_score import Judged, OnRecord, Score, Standing, on_record, score_mutants
from id_isolation.power.trial import Told, Trial, Tried
from id_isolation.world.effort import Effort

FIRST, SECOND, THIRD = all_mutants()[:3]
SAME = OnRecord(Standing.EQUIVALENT, "It changes nothing that anybody sees.")
RIGHT = OnRecord(Standing.RIGHT_DESIGN, "It is as right as what was there.")

NOTICED = (Told("F1", Surface.GENERATOR, Outcome.FAILED, (), "It is wrong.", 0.1),)


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


class _Trials:
    """Stands for the trials: notices what `notices` says at an effort of at least `from_effort`."""

    def __init__(self, from_effort: float) -> None:
        self.from_effort = from_effort
        self.calls: list[tuple[list[Trial], float]] = []

    def __call__(self, trials: Iterable[Trial], *, effort: Effort, **_: Any) -> list[Tried]:
        wanted = list(trials)
        self.calls.append((wanted, effort.scale))
        known = on_record()
        told = NOTICED if effort.scale >= self.from_effort else ()
        return [Tried(trial.name, () if trial.name in known else told, 0.1) for trial in wanted]


@pytest.fixture
def trials(monkeypatch: pytest.MonkeyPatch) -> _Trials:
    made = _Trials(0.0)
    monkeypatch.setattr(mutation_score, "try_all", made)
    return made


def test_every_mutant_is_tried_and_the_record_by_quick_checks(trials: _Trials) -> None:
    """Whoever is on record is carried through all of them, so they come first."""
    score = score_mutants(seed=1, jobs=1, effort=Effort(0.5))
    assert score.is_green
    tried = trials.calls[0][0]
    assert len(tried) == len(all_mutants())
    known = [trial.name in on_record() for trial in tried]
    assert known == sorted(known, reverse=True)
    assert not any(COSTLY & set(trial.pairs) for trial in tried if trial.name in on_record())
    assert all(trial.until_caught for trial in tried)


def test_a_survivor_is_tried_again_with_more_effort(trials: _Trials) -> None:
    """It may have had luck; what was noticed is not tried twice."""
    trials.from_effort = 1.0
    score = score_mutants(seed=1, jobs=1, effort=Effort(0.25), sample=5)
    assert [(len(tried), scale) for tried, scale in trials.calls] == [(5, 0.25), (5, 1.0)]
    assert score.survivors == []
    trials.from_effort = 2.0
    assert len(score_mutants(seed=1, jobs=1, effort=Effort(0.25), sample=5).survivors) == 5


def test_a_sample_is_the_same_for_one_seed_and_leaves_the_record_out(trials: _Trials) -> None:
    """Another seed chooses others."""
    chosen = [
        [one.mutant.name for one in score_mutants(seed=seed, jobs=1, effort=Effort(0.25), sample=20).judged]
        for seed in (1, 1, 2)
    ]
    assert chosen[0] == chosen[1] != chosen[2]
    assert not set(chosen[0]) & set(on_record())


def test_a_mutant_is_noticed_by_a_check() -> None:
    """A session ID whose user is left out is noticed by the first check that reads it."""
    chosen = [m for m in all_mutants() if m.function.endswith("_for_user") and m.operator == "part left out"]
    score = score_mutants(seed=1, jobs=2, effort=Effort(0.1), only=chosen[:2])
    assert score.is_green
    assert {one.killer.check for one in score.judged if one.killer} == {"F1"}


@pytest.mark.slow
def test_a_sample_of_the_mutants_is_noticed() -> None:
    """Of a seeded sample of sixty at most three survive."""
    score = score_mutants(seed=841, jobs=3, effort=Effort(0.25), sample=60)
    assert score.is_green, "\n".join(score.told(120))


def test_every_mutant_on_record_exists_and_has_a_reason() -> None:
    """A record that fits nothing any more is stale, and would hide a survivor of the same name."""
    names = {mutant.name for mutant in all_mutants()}
    for name, entry in on_record().items():
        assert name in names
        assert len(entry.reason.split()) >= 4
        assert entry.reason.endswith(".")


def test_what_is_on_record_is_the_smaller_part() -> None:
    """A record that grows without end would make any score perfect."""
    assert len(on_record()) < len(all_mutants()) / 4


def test_a_mutant_that_is_entered_twice_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even under another reason."""
    place = tmp_path / "record.json"
    place.write_text(json.dumps({"equivalent": {"It is so.": ["a"]}, "another right design": {"It is right.": ["a"]}}))
    monkeypatch.setattr(mutation_score, "_RECORD", place)
    with pytest.raises(ValueError, match="a is on record twice"):
        on_record()
    place.write_text(json.dumps({"equivalent": {"It is so.": ["a"]}, "another right design": {"It is right.": ["b"]}}))
    assert {name: entry.standing for name, entry in on_record().items()} == {
        "a": Standing.EQUIVALENT,
        "b": Standing.RIGHT_DESIGN,
    }
