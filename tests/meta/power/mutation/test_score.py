"""The mutation score counts what is noticed, and knows equivalent mutants by name and with a reason."""

from __future__ import annotations

import pytest

from id_isolation.checks.probe import Effort
from id_isolation.power.mutation.score import Judged, Score, all_mutants, equivalent, score_mutants
from id_isolation.power.trial import Tried


def test_every_equivalent_mutant_on_record_exists_and_has_a_reason() -> None:
    """A record that fits nothing any more is stale, and would hide a survivor of the same name."""
    names = {mutant.name for mutant in all_mutants()}
    for name, reason in equivalent().items():
        assert name in names
        assert len(reason.split()) >= 4


def test_survivors_lower_the_score_and_equivalent_ones_do_not() -> None:
    """Of three mutants one survives, one is equivalent, and one cannot even be opened."""
    first, second, third = all_mutants()[:3]
    judged = (
        Judged(first, Tried("0", (), 1.0), ""),
        Judged(second, Tried("1", (), 1.0), "it changes nothing"),
        Judged(third, Tried("2", (), 1.0, trouble="SyntaxError"), ""),
    )
    score = Score(1, 3, judged, (), 2.0)
    assert score.share == 0.5
    assert [one.mutant for one in score.survivors] == [first]
    assert not score.is_green
    assert "survives" in "\n".join(score.told(100))
    assert not Score(1, 3, judged[1:], ("gone",), 2.0).is_green


def test_a_mutant_is_noticed_by_a_check() -> None:
    """A session ID whose user is left out is noticed by the first check that reads it."""
    chosen = [m for m in all_mutants() if m.function.endswith("_for_user") and m.operator == "part left out"]
    score = score_mutants(seed=1, jobs=2, effort=Effort(0.1), only=chosen[:2])
    assert score.is_green
    assert {one.killer.check for one in score.judged if one.killer} == {"F1"}


@pytest.mark.slow
def test_a_sample_of_the_mutants_is_noticed() -> None:
    """Of a seeded sample no more survive than the whole score leaves room for."""
    score = score_mutants(seed=841, jobs=3, effort=Effort(0.25), sample=60)
    assert len(score.survivors) <= 3, "\n".join(score.told(120))
    assert not score.stale
