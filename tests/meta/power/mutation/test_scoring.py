"""Mutants are tried until a check notices them; a survivor is tried harder, and the record is tried too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Surface
from id_isolation.power import mutation_score
from id_isolation.power.certificate import COSTLY
from id_isolation.power.mutants import all_mutants
from id_isolation.power.mutation_score import on_record, score_mutants
from id_isolation.power.trial import Told, Trial, Tried
from id_isolation.world.effort import Effort

NOTICED = (Told("F1", Surface.GENERATOR, Outcome.FAILED, (), "It is wrong.", 0.1),)


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
