"""Certificates that nothing was carried out for: what became of a fault and a twin is made up."""

from __future__ import annotations

from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Surface
from id_isolation.power.certificate import Caught, Certificate, Spared
from id_isolation.power.fault import Fault, Twin, on
from id_isolation.power.trial import Told, Tried

AUTH = Surface.AUTH
FAULT = Fault("swapped", "two users are swapped", "CWE-0", on(AUTH, "A1"), also=on(AUTH, "U3"))
TWIN = Twin("opaque", "it is unusual", "nothing needs it")


def verdict(check: str, outcome: Outcome = Outcome.FAILED, *symptoms: str, seconds: float = 0.1) -> Told:
    """A verdict on auth, with a sentence that would steer a terminal."""
    return Told(check, AUTH, outcome, symptoms, "This is\x1b what it says.", seconds)


def caught(*verdicts: Told, fault: Fault = FAULT, trouble: str = "", whole: bool = True) -> Caught:
    """A fault whose trial of one second gave these verdicts."""
    return Caught(fault, Tried(fault.name, verdicts, 1.0, trouble), whole)


def spared(*verdicts: Told, twin: Twin = TWIN, trouble: str = "") -> Spared:
    """A twin whose trial of one second gave these verdicts."""
    return Spared(twin, Tried(twin.name, verdicts, 1.0, trouble))


RIGHT = Certificate(
    7,
    0.25,
    True,
    (caught(verdict("A1"), verdict("U3", Outcome.PASSED)),),
    (spared(verdict("A1", Outcome.PASSED)),),
    3.0,
    on(AUTH, "A1"),
)
"""One fault caught as it must be, and one twin spared."""
