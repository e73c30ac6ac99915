"""The planted faults of a check are told as sentences."""

from __future__ import annotations

from id_isolation.checks.check import all_checks
from id_isolation.cli.tools import caught_by
from id_isolation.power.fault import faults_of


def test_each_fault_is_one_sentence_with_its_name_first() -> None:
    """And one full stop at its end."""
    for check in all_checks():
        told = caught_by(check)
        assert [sentence.partition(": ")[0] for sentence in told] == [fault.name for fault in faults_of(check)]
        assert all(sentence.endswith(".") and not sentence.endswith("..") for sentence in told)


def test_a_check_that_there_is_not_catches_nothing() -> None:
    """The list is empty."""
    assert caught_by("Z9") == []
