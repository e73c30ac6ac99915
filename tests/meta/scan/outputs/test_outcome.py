"""The exit code of a scan: findings before unread files, and known findings are none."""

from __future__ import annotations

from id_isolation.scan.mint import Unread
from id_isolation.scan.outputs.outcome import CLEAN, FINDINGS, UNREAD

from ..outcomes import FINDING, outcome

_UNREAD = (Unread("b.py", "gone"),)


def test_a_new_finding_is_red_even_beside_unread_files() -> None:
    """The worse of the two gives the code."""
    assert outcome(FINDING, unread=_UNREAD).code == FINDINGS == 1


def test_unread_files_alone_have_a_code_of_their_own() -> None:
    """Nothing was found there because nothing was read."""
    assert outcome(FINDING._replace(new=False), unread=_UNREAD).code == UNREAD == 3


def test_known_and_suppressed_findings_leave_the_scan_green() -> None:
    """So does a baseline that records more than there is."""
    made = outcome(FINDING._replace(new=False), suppressed=(FINDING,), gone=1, has_baseline=True)
    assert made.code == CLEAN == 0
    assert made.new == []
    assert made.stale
    assert not outcome(has_baseline=True).stale
