"""The certificate holds: the faults are caught as declared, and no twin is accused."""

from __future__ import annotations

from functools import cache

import pytest

from id_isolation.backend.protocol import UsageError
from id_isolation.power import certificate
from id_isolation.power.certificate import SAMPLE, SCALE, Certificate, all_pairs, prove
from id_isolation.power.fault import all_faults, all_twins
from id_isolation.power.report import told
from id_isolation.power.trial import Trial, Tried
from id_isolation.world.effort import Effort


def test_faults_that_are_named_are_tried_by_every_check() -> None:
    """A part of the matrix is judged whole, and says nothing of idle checks."""
    certificate = prove(["context-dropped"], seed=1, jobs=2, effort=Effort(0.1))
    assert certificate.is_green
    assert not certificate.complete
    assert len(certificate.caught[0].tried.verdicts) == len(certificate.pairs)


@pytest.fixture
def judged_pairs(monkeypatch: pytest.MonkeyPatch) -> dict[str, Trial]:
    """The trials that the matrix asks for, by name; none of them is carried out."""
    asked: dict[str, Trial] = {}

    def ask(trials: list[Trial], **_: object) -> list[Tried]:
        asked.update((trial.name, trial) for trial in trials)
        return [Tried(trial.name, (), 0.0) for trial in trials]

    monkeypatch.setattr(certificate, "try_all", ask)
    return asked


@pytest.mark.parametrize("name", ["deferred-release", "context-dropped"])
def test_what_is_named_is_tried_by_every_check(carried_out: dict[str, Trial], name: str) -> None:
    """A twin that only routes events in another way, too, of which a whole matrix asks less."""
    prove([name], seed=1, jobs=1, effort=Effort(0.1))
    assert carried_out[name].pairs == all_pairs()


@pytest.mark.parametrize("whole", [False, True])
def test_every_fault_and_twin_has_its_trial(carried_out: dict[str, Trial], whole: bool) -> None:
    """Of the faults a few are whole, or all; never one that hangs, which only those try that must catch it."""
    certificate = prove(seed=1, jobs=1, effort=Effort(0.1), whole=whole)
    assert set(carried_out) == {one.name for one in (*all_faults(), *all_twins())}
    hanging = {fault.name for fault in all_faults() if fault.hangs}
    tried_by_all = {one.fault.name for one in certificate.caught if one.whole}
    assert len(tried_by_all) == (len(all_faults()) - len(hanging) if whole else SAMPLE)
    assert all((carried_out[one.fault.name].pairs == all_pairs()) is one.whole for one in certificate.caught)


def test_every_check_has_a_fault_that_must_make_it_fail_on_each_of_its_surfaces() -> None:
    """So a complete matrix in which all is right has no idle surface, whatever the seed."""
    assert set(all_pairs()) <= {pair for fault in all_faults() for pair in fault.checks}


def test_an_unknown_name_is_refused_in_a_sentence() -> None:
    """A misspelt fault is no empty, and so green, matrix."""
    with pytest.raises(UsageError, match="there is no fault or twin of that name"):
        prove(["no-such-fault"], seed=1, jobs=1, effort=Effort(0.1))


@cache
def _complete(seed: int) -> Certificate:
    return prove(seed=seed, jobs=3, effort=Effort(SCALE))


@pytest.mark.slow
def test_the_whole_matrix_is_green() -> None:
    """Every fault is caught by the checks that it names, every twin passes, and no check is idle on any surface."""
    certificate = _complete(841)
    assert certificate.is_green, "\n".join(told(certificate, 120))


@pytest.mark.slow
def test_another_seed_finds_the_same_right_and_the_same_wrong() -> None:
    """What is right does not hang on the seed, though it chooses which checks are carried out besides."""
    wrong = [
        {
            *(one.fault.name for one in certificate.caught if not one.is_right),
            *(one.twin.name for one in certificate.spared if not one.is_right),
            *certificate.idle_pairs,
        }
        for certificate in (_complete(841), _complete(842))
    ]
    assert wrong[0] == wrong[1]
