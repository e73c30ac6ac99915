"""Trials run in processes of their own, report what they judged, and leave nothing behind."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from id_isolation.backend.protocol import Backend
from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Surface
from id_isolation.power.certificate import Preparing
from id_isolation.power.fault import all_faults, on
from id_isolation.power.trial import Trial, Tried, try_all
from id_isolation.world.effort import Effort

from ..own_children import own_children

_QUICK = on(Surface.AUTH, "U1", "A6", "U2")


def _tried(*trials: Trial, jobs: int = 2) -> list[Tried]:
    return try_all(trials, jobs=jobs, seed=1, effort=Effort(0.1))


def _fault(name: str) -> Preparing:
    return Preparing(next(fault for fault in all_faults() if fault.name == name))


def _broken(root: Path) -> tuple[Backend, Path | None]:
    raise RuntimeError("this backend cannot be opened")


def _dying(root: Path) -> tuple[Backend, Path | None]:
    os._exit(7)


def test_each_trial_has_its_own_backend() -> None:
    """Two faults tried at once are each seen by their own checks, and the results come in the order asked for."""
    role, refusal = _tried(
        Trial("role", _fault("role-for-the-user"), _QUICK),
        Trial("refusal", _fault("refusal-clears-everything"), _QUICK),
    )
    assert {told.check for told in role.red} == {"U1", "U2"}
    assert {told.check for told in refusal.red} == {"A6"}
    assert all(told.sentence for told in (*role.red, *refusal.red))


def test_a_trial_may_end_at_the_first_check_that_notices() -> None:
    """What is tried until it is caught is judged no further."""
    (tried,) = _tried(Trial("role", _fault("role-for-the-user"), _QUICK, until_caught=True))
    assert [told.outcome for told in tried.verdicts] == [Outcome.FAILED]


@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [(_broken, "RuntimeError: this backend cannot be opened"), (_dying, "its process ended with status 7")],
    ids=["raises", "dies"],
)
def test_a_backend_that_cannot_be_tried_is_told(prepare: object, sentence: str) -> None:
    """A trial without verdicts says why, and the others go on."""
    broken, sound = _tried(Trial("broken", prepare, _QUICK), Trial("sound", _fault("context-dropped"), _QUICK[:1]))  # type: ignore[arg-type]
    assert broken.trouble == sentence
    assert not broken.verdicts
    assert [told.outcome for told in sound.verdicts] == [Outcome.PASSED]


def test_an_interrupted_matrix_leaves_no_process_behind() -> None:
    """Whoever interrupts the zygote gets all its processes ended and waited for."""

    def interrupt(done: int, total: int, name: str) -> None:
        raise KeyboardInterrupt

    before = own_children()
    with pytest.raises(KeyboardInterrupt):
        try_all(
            [Trial(f"{number}", _fault("context-dropped"), _QUICK) for number in range(3)],
            jobs=2,
            seed=1,
            effort=Effort(0.1),
            watch=interrupt,
        )
    assert own_children() <= before
