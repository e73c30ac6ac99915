"""Every symptom that a finding can have is shown by a planted fault: no branch of a check is without its proof."""

from __future__ import annotations

import pytest

from id_isolation.checks.check import Property, all_checks
from id_isolation.power.fault import Fault, all_faults, faults_of
from id_isolation.rules.delivery import Delivery

SAID = {reason for fault in all_faults() for reason in fault.says}

# What the checks over live sockets see beside their own matter is found by code that they share: once will do.
SEEN_BY_MANY = {kind.name for kind in Delivery.kinds} | {"victim-hurt"}
OVER_SOCKETS = {
    "U4",
    "C7",
    *(check for check, declared in all_checks().items() if declared.property is Property.EVENTS),
}

# A verdict on a run of several workers, which no fault in one backend brings about; test_together shows it.
OF_THE_RUN = {("X3", "repeated-between-workers")}


def _reasons() -> list[tuple[str, str]]:
    """Each check with each of its symptoms, where it has several: to fail is to say the only one."""
    return [
        (check, symptom)
        for check, declared in all_checks().items()
        for symptom in declared.symptoms
        if len(declared.symptoms) > 1 and (check, symptom) not in OF_THE_RUN
    ]


@pytest.mark.parametrize(("check", "symptom"), _reasons())
def test_a_planted_fault_shows_each_symptom(check: str, symptom: str) -> None:
    """For the check itself, or for any that shares the code which finds it."""
    shared = symptom in SEEN_BY_MANY and check in OVER_SOCKETS
    shown = any(symptom == said for _, said in SAID) if shared else (check, symptom) in SAID
    assert shown, f"no planted fault says {check} {symptom}"


def test_every_check_declares_symptoms() -> None:
    """A check without one could not make a finding."""
    assert all(declared.symptoms for declared in all_checks().values())
    assert all(len(set(declared.symptoms)) == len(declared.symptoms) for declared in all_checks().values())


@pytest.mark.parametrize("check", [check for check, declared in all_checks().items() if len(declared.symptoms) == 1])
def test_a_check_with_one_symptom_has_a_fault_that_it_must_catch(check: str) -> None:
    """So that this symptom is shown, too."""
    assert faults_of(check)


@pytest.mark.parametrize("fault", [fault for fault in all_faults() if fault.says], ids=lambda fault: fault.name)
def test_what_a_fault_says_is_of_checks_that_must_catch_it(fault: Fault) -> None:
    """And is a symptom that the check declares."""
    for check, symptom in fault.says:
        assert check in {must for must, _ in fault.checks}
        assert all_checks()[check].may_say(symptom)
