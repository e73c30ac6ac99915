"""Each fault is tried by the checks that it names, whatever else the seed chooses."""

from __future__ import annotations

from pathlib import Path

from id_isolation.backend.protocol import Backend
from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Surface
from id_isolation.power.certificate import COSTLY, Preparing, all_pairs, can_see, changed, sample_of, trial_of
from id_isolation.power.fault import all_faults, all_twins, on
from id_isolation.power.trial import Trial, try_all
from id_isolation.world.effort import Effort


def test_a_fault_is_tried_by_every_check_that_must_catch_it() -> None:
    """Whatever the seed leaves out, the checks that a fault names are in."""
    for fault in all_faults():
        assert set(fault.checks) <= set(trial_of(fault, whole=False, seed=1).pairs), fault.name


def test_seeds_choose_different_checks_and_one_seed_the_same() -> None:
    """Over several seeds a fault meets every quick check of the surfaces that it changes."""
    fault = next(fault for fault in all_faults() if fault.name == "role-for-the-user")
    assert trial_of(fault, whole=False, seed=1).pairs == trial_of(fault, whole=False, seed=1).pairs
    met = {pair for seed in range(80) for pair in trial_of(fault, whole=False, seed=seed).pairs}
    assert met == {pair for pair in all_pairs() if pair[1] is Surface.AUTH} - COSTLY


def test_a_twin_is_tried_by_every_check_that_can_see_it() -> None:
    """By all on the surfaces that it changes, and by every one where all are asked for."""
    for twin in all_twins():
        chosen = set(trial_of(twin, whole=False, seed=1).pairs)
        assert {pair for pair in all_pairs() if pair[1] in changed(twin)} <= chosen
        assert set(trial_of(twin, whole=True, seed=1).pairs) == set(all_pairs())


def test_a_check_sees_a_twin_through_what_its_surface_calls() -> None:
    """All modules call the generator; what goes over sockets, and what compares all ports, goes through all."""
    of_log_in, of_generator, of_events = (
        next(twin for twin in all_twins() if twin.name == name)
        for name in ("one-session-for-each-user", "hashed-user", "newest-wins")
    )
    assert can_see(("C7", Surface.WEBSOCKET), of_log_in)
    assert can_see(("U2", Surface.GENERATOR), of_log_in)
    assert not can_see(("F4", Surface.GENERATOR), of_log_in)
    assert all(can_see(pair, of_generator) for pair in all_pairs() if pair[0] not in ("X3", "X5"))
    assert can_see(("X5", Surface.GENERATOR), of_generator)
    assert not can_see(("X5", Surface.AUTH), of_generator)
    assert {surface for check, surface in all_pairs() if can_see((check, surface), of_events)} == {Surface.WEBSOCKET}


def test_the_sample_has_the_size_that_is_asked_for_and_no_fault_that_hangs() -> None:
    """A fault that hangs would be waited for at every check."""
    faults = all_faults()
    assert len(sample_of(faults, 4, seed=1)) == 4
    assert sample_of(faults, 10_000, seed=1) == {fault.name for fault in faults if not fault.hangs}


def test_another_port_of_clean_up_changes_what_clean_up_is_judged_on() -> None:
    """For a twin as for a fault."""
    twin = next(twin for twin in all_twins() if twin.cleanup is not None)
    fault = next(fault for fault in all_faults() if fault.cleanup is not None)
    assert changed(twin) == changed(fault) == {Surface.GENERATOR, Surface.DISPATCHER}


def test_another_port_of_clean_up_is_the_one_that_is_judged() -> None:
    """It stands in the backend that a trial opens, and passes there."""
    twin = next(twin for twin in all_twins() if twin.cleanup is not None)

    def prepare(root: Path) -> tuple[Backend, Path | None]:
        backend, tree = Preparing(twin)(root)
        assert type(backend.cleanup) is twin.cleanup
        return backend, tree

    trial = Trial("swept", prepare, on(Surface.GENERATOR, "C2"))
    (tried,) = try_all([trial], jobs=1, seed=1, effort=Effort(0.1))
    assert [told.outcome for told in tried.verdicts] == [Outcome.PASSED]
