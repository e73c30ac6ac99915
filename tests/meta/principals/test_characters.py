"""Tests of the characters that join, hide or break."""

from __future__ import annotations

from id_isolation.world.users import CONTROLS, DELIMITERS, SEPARATORS, separators_in


def test_separators_are_all_of_ascii_but_letters_and_digits() -> None:
    """Each of them once, the likely ones first."""
    assert sorted(SEPARATORS) == [chr(code) for code in range(0x80) if not chr(code).isalnum()]
    assert SEPARATORS.startswith(DELIMITERS)
    assert set(CONTROLS) < set(SEPARATORS)


def test_joints_of_ids_are_what_is_tried_anyway_or_told() -> None:
    """One character of ASCII is tried with every backend; several in a row, and others, are a backend's own."""
    assert separators_in(["session_web_ana-1_2", "ws:conn.ana"]) == []
    assert separators_in(["run--ana->1", "run--ben\u00b72"]) == ["--", "->", "\u00b7"]
