"""The certificate is green only where every fault is caught as declared, no twin is accused, and no check is idle.

The certificate holds: the faults are caught as declared, and no twin is accused. Each fault is tried by the checks that
it names, whatever else the seed chooses.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from id_isolation.backend.protocol import Backend, UsageError
from id_isolation.checks.check import check_of
from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Surface
from id_isolation.power import certificate
from id_isolation.power.certificate import (
    COSTLY,
    SAMPLE,
    Allowance,
    Caught,
    Certificate,
    Preparing,
    Spared,
    all_pairs,
    can_see,
    changed,
    prove,
    sample_of,
    trial_of,
)
from id_isolation.power.fault import all_faults, all_twins, on
from id_isolation.power.report import told
from id_isolation.power.trial import Told, Trial, Tried, try_all
from id_isolation.world.effort import Effort

from .made_up import AUTH, FAULT, RIGHT, caught, spared, verdict

P = Outcome.PASSED


def test_a_certificate_in_which_all_is_as_declared_is_green() -> None:
    """One fault caught by its check and one twin spared make a green certificate."""
    assert RIGHT.is_green
    assert "1 of 1 fault caught" in "\n".join(told(RIGHT))


@pytest.mark.parametrize(
    ("verdicts", "trouble", "word"),
    [
        ((verdict("A1", Outcome.PASSED),), "", "not caught by A1 on auth"),
        ((verdict("A1", Outcome.ERRORED),), "", "not caught by A1 on auth"),
        ((), "it ended", "could not be tried: it ended"),
        ((verdict("A1"), verdict("U1")), "", "red, and not expected to be: U1 on auth (failed)"),
        (
            (verdict("A1"), verdict("U1", Outcome.INCONCLUSIVE)),
            "",
            "red, and not expected to be: U1 on auth (inconclusive)",
        ),
    ],
    ids=["missed", "errored", "untried", "unexpected", "inconclusive"],
)
def test_a_fault_that_is_not_caught_as_declared_is_red(verdicts: tuple[Told, ...], trouble: str, word: str) -> None:
    """A miss, an error instead of a finding, and a check that was not expected each make the certificate red."""
    certificate = replace(RIGHT, caught=(*RIGHT.caught, caught(*verdicts, trouble=trouble)))
    assert not certificate.is_green
    assert word in " ".join(" ".join(told(certificate)).split())


@pytest.mark.parametrize(
    ("due", "said", "right"),
    [
        ("swapped", ("swapped",), True),
        ("swapped", ("other", "swapped"), True),
        ("swapped", ("other",), False),
        ("swapped", ("swapped-too",), False),
        ("swapped-", ("swapped-too",), True),
        ("swapped", (), False),
    ],
)
def test_a_fault_is_caught_for_the_reason_that_it_declares(due: str, said: tuple[str, ...], right: bool) -> None:
    """A check that fails for another reason only has not caught it, and the certificate says so."""
    one = caught(replace(verdict("A1"), symptoms=said), fault=replace(FAULT, says=(("A1", due),)))
    assert one.is_right is one.is_caught is one.meets_reason is right
    certificate = replace(RIGHT, caught=(one,))
    text = " ".join(" ".join(told(certificate)).split())
    assert (f"caught for another reason than expected, and not by A1 as {due}" in text) is not right


def test_a_fault_that_declares_no_reason_meets_none() -> None:
    """It is caught for whatever reason."""
    one = caught(verdict("A1", Outcome.FAILED, "anything"))
    assert one.is_caught
    assert not one.meets_reason


def test_what_caught_a_fault_is_told_apart_by_whether_it_must() -> None:
    """What is red without a finding caught nothing, and what is not expected is neither due nor allowed."""
    one = caught(verdict("U3"), verdict("A1"), verdict("U1"), verdict("A6", Outcome.ERRORED))
    assert [told.check for told in one.by] == ["U3", "A1", "U1"]
    assert [told.check for told in one.by_due] == ["A1"]
    assert [told.check for told in one.by_allowed] == ["U3"]
    assert [told.check for told in one.unexpected] == ["U1", "A6"]


def test_a_check_that_may_catch_a_fault_is_not_held_against_it() -> None:
    """What is declared as also catching may be red or green."""
    assert caught(verdict("A1"), verdict("U3")).is_right
    assert caught(verdict("A1"), verdict("U3", Outcome.PASSED)).is_right


def test_a_fault_that_hangs_may_be_caught_by_an_error() -> None:
    """Only where a fault declares that it hangs does an error count as a catch."""
    assert caught(verdict("A1", Outcome.ERRORED), fault=replace(FAULT, hangs=True)).is_right


@pytest.mark.parametrize(
    "one",
    [spared(verdict("A1")), spared(verdict("A1", Outcome.INCONCLUSIVE)), spared(trouble="it ended"), spared()],
    ids=["accused", "inconclusive", "untried", "unjudged"],
)
def test_a_twin_that_is_accused_or_was_not_judged_is_red(one: Spared) -> None:
    """A twin passes only by verdicts that are all green, and there must be some."""
    certificate = replace(RIGHT, spared=(one,))
    assert not certificate.is_green
    assert "ACCUSED" in "\n".join(told(certificate))


def test_a_check_that_catches_nothing_is_idle() -> None:
    """An idle check makes a complete certificate red, and says nothing about a part of one."""
    certificate = replace(RIGHT, pairs=on(AUTH, "A1", "A6"))
    assert certificate.idle == ("A6",)
    assert not certificate.is_green
    assert "IDLE" in "\n".join(told(certificate))
    assert replace(certificate, complete=False).is_green


def test_a_check_that_catches_nothing_on_one_of_its_surfaces_is_idle_there() -> None:
    """That makes a complete certificate red too, whatever the check catches elsewhere."""
    certificate = replace(RIGHT, pairs=(*on(AUTH, "A1"), ("A1", Surface.WEBSOCKET)))
    assert certificate.idle == ()
    assert certificate.idle_pairs == (("A1", Surface.WEBSOCKET),)
    assert not certificate.is_green
    assert replace(certificate, complete=False).idle_pairs == ()
    assert replace(certificate, complete=False).is_green


def test_a_check_has_its_faults_and_those_that_it_alone_catches() -> None:
    """Two checks share one fault, and one of them has another for itself."""
    second = caught(verdict("A1"), verdict("U3"), fault=replace(FAULT, name="another"))
    certificate = replace(RIGHT, caught=(*RIGHT.caught, second))
    assert [one.fault.name for one in certificate.catches_of("A1")] == ["swapped", "another"]
    assert [one.fault.name for one in certificate.alone_by("A1")] == ["swapped"]
    assert certificate.alone_by("U3") == []


@pytest.mark.parametrize(
    ("one", "shows"),
    [
        (caught(verdict("A1"), verdict("U3", P)), True),
        (caught(verdict("A1"), verdict("U3", P), verdict("A6", P), whole=False), True),
        (caught(verdict("A1")), False),
        (caught(verdict("U3")), False),
        (caught(verdict("A1"), verdict("U3", P), fault=replace(FAULT, hangs=True)), False),
    ],
    ids=["all that could", "and others", "not what may", "not what must", "hanging"],
)
def test_a_fault_is_caught_alone_only_where_all_that_could_catch_it_were_tried(one: Caught, shows: bool) -> None:
    """A check that was left out might have caught it as well."""
    assert one.shows_who_is_alone is shows
    assert bool(replace(RIGHT, caught=(one,)).alone_by("A1")) is shows


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if not outcome.is_green])
def test_a_check_is_not_alone_where_another_is_red(outcome: Outcome) -> None:
    """Even if that one has no finding: it noticed something."""
    certificate = replace(RIGHT, caught=(caught(verdict("A1"), verdict("U3", outcome)),))
    assert certificate.alone_by("A1") == []


def test_a_certificate_is_whole_where_every_check_is_tried_on_all_that_does_not_hang() -> None:
    """A fault that hangs is never tried by all."""
    some = caught(verdict("A1"), whole=False)
    assert RIGHT.is_whole
    assert not replace(RIGHT, caught=(*RIGHT.caught, some)).is_whole
    hanging = replace(some, fault=replace(FAULT, hangs=True))
    assert replace(RIGHT, caught=(*RIGHT.caught, hanging)).is_whole


def test_a_check_that_may_be_red_and_is_not_is_silent() -> None:
    """One that was not carried out is neither, and what must be red is no allowance."""
    fault = replace(FAULT, also=on(AUTH, "U1", "U2", "U3", "U4"))
    one = caught(verdict("A1", P), verdict("U1", P), verdict("U2"), verdict("U3", Outcome.NOT_APPLICABLE), fault=fault)
    assert [check for check, _ in one.silent] == ["U1", "U3"]


def test_each_allowance_is_counted_over_the_faults_that_give_it() -> None:
    """How many do, on how many it was tried, and on how many the check was red."""
    named = ("first", "second", "third", "fourth")
    first, second, third, fourth = (replace(FAULT, name=name) for name in named)
    certificate = replace(
        RIGHT,
        pairs=on(AUTH, "A1", "U3"),
        caught=(
            caught(verdict("A1"), verdict("U3"), fault=first),
            caught(verdict("A1"), verdict("U3", Outcome.ERRORED), fault=second),
            caught(verdict("A1"), verdict("U3", P), fault=third),
            caught(verdict("A1"), fault=fourth),
        ),
    )
    assert certificate.allowances == (Allowance(("U3", AUTH), faults=4, tried=3, fired=2),)
    assert certificate.is_green


@pytest.fixture
def carried_out(monkeypatch: pytest.MonkeyPatch) -> dict[str, Trial]:
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
    assert set(carried_out) == {one.name for one in all_faults()} | {one.name for one in all_twins()}
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
    return prove(seed=seed, jobs=3, effort=Effort(0.25))


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
    """By all of its level on the surfaces that it changes, and by every one of them where all are asked for."""
    for twin in all_twins():
        due = {pair for pair in all_pairs() if twin.level.includes(check_of(pair[0]).level_on(pair[1]))}
        chosen = set(trial_of(twin, whole=False, seed=1).pairs)
        assert {pair for pair in due if pair[1] in changed(twin)} <= chosen <= due
        assert set(trial_of(twin, whole=True, seed=1).pairs) == due
        assert trial_of(twin, whole=True, seed=1).level is twin.level


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
