"""Tests of whether what IDs show of two users differs."""

from __future__ import annotations

from id_isolation.checks.u2_users_told_apart import told_apart
from id_isolation.history.events import ShownId
from id_isolation.plan.kinds import Kind

from ...bare import context_on


def _apart(first: list[str], second: list[str]) -> bool:
    groups = [[ShownId(text, Kind.CONNECTION) for text in texts] for texts in (first, second)]
    return told_apart(context_on(), (groups[0], groups[1]))


def test_ids_of_the_plans_shape_differ_before_the_timestamp_or_not_at_all() -> None:
    """What the clock, the counter and chance give is nobody's."""
    ana, ben = "ws_conn_ana_1726234567890_001_a1b2c3d4", "ws_conn_ben_1726234567890_002_a1b2c3d5"
    assert _apart([ana], [ben])
    assert not _apart([ana], ["ws_conn_ana_1726234567890_002_a1b2c3d5"])


def test_ids_of_another_shape_differ_by_a_part_that_stays_the_same_for_each() -> None:
    """Two of each are needed to see it."""
    assert _apart(["x_1_ana", "x_2_ana"], ["x_3_ben", "x_4_ben"])
    assert not _apart(["x_1_ana", "x_2_ana"], ["x_3_ana", "x_4_ana"])
