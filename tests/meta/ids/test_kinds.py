"""Tests of levels: which checks a run carries out."""

from __future__ import annotations

import pytest

from id_isolation.plan.kinds import Level


@pytest.mark.parametrize(
    ("run", "check", "included"),
    [
        (Level.PLAN, Level.PLAN, True),
        (Level.PLAN, Level.STRICT, False),
        (Level.STRICT, Level.PLAN, True),
        (Level.STRICT, Level.STRICT, True),
    ],
)
def test_a_strict_run_carries_out_everything_and_a_plan_run_the_plans_checks(
    run: Level, check: Level, included: bool
) -> None:
    """Nothing that the plan claims is left out at strict level."""
    assert run.includes(check) is included
