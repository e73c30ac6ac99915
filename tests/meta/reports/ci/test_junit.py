"""JUnit properties: which check, where, with which outcome."""

from __future__ import annotations

from dataclasses import replace

from id_isolation.plan.kinds import Surface
from id_isolation.reports.ci import properties

from .. import samples


def test_a_verdict_becomes_properties() -> None:
    """Check, property, surface, outcome, how much was judged, and each finding's fingerprint."""
    verdict = next(v for v in samples.legacy().verdicts if v.check == "C2" and v.surface is Surface.DISPATCHER)
    pairs = properties(verdict)
    assert pairs[:5] == [
        ("check", "C2"),
        ("property", "clean-up"),
        ("surface", "dispatcher"),
        ("outcome", "failed"),
        ("judged", "24"),
    ]
    assert pairs[5:] == [("fingerprint", verdict.findings[0].fingerprint)]


def test_a_check_that_is_not_in_the_catalogue_has_a_property_too() -> None:
    """An adapter's own check is not lost."""
    assert ("property", "other") in properties(replace(samples.legacy().verdicts[0], check="Z9"))
