"""Which function of a tree decides each check on each surface, and by what that is known."""

from __future__ import annotations

import pytest

from id_isolation.checks.check import judged_pairs
from id_isolation.cli.main import main
from id_isolation.plan.kinds import Surface
from id_isolation.power.deciders import deciders


def test_a_function_of_the_tree_decides_or_a_mark_says_what_the_suite_stands_in_for() -> None:
    """For every pair; what answers requests is a port, of which the box has none in a tree."""
    rows = deciders()
    assert {one.pair for one in rows} == set(judged_pairs())
    assert [one.pair for one in rows if not one.fault] == []
    assert {one.pair[1] for one in rows if not one.place and not one.simulated} == {Surface.HTTP}
    places = {one.pair: one.place for one in rows}
    assert places["S1", Surface.AUTH].endswith("auth.py:_validate_token_with_auth_service")
    assert ":UnifiedWebSocketManager." in places["E1", Surface.MANAGER]
    assert places["E5", Surface.WEBSOCKET] == ""


def test_the_command_prints_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    """One row for each pair, as Markdown."""
    assert main(["checks", "--deciders"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 + len(judged_pairs())
    assert all(line.startswith("| ") and line.endswith(" |") for line in lines)
