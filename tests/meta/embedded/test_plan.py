"""Each phase of the plan mends its own place and leaves the two others as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from id_isolation.embedded import compose
from id_isolation.embedded.compose import PHASES
from id_isolation.embedded.layer import AUTH, DISPATCHER, WEBSOCKET
from id_isolation.scan import production_mints, scan_tree
from id_isolation.scan.places import find_places, judge_generator_call

FILES = {"auth": AUTH, "dispatcher": DISPATCHER, "websocket": WEBSOCKET}


@pytest.mark.parametrize("state", compose.intermediate_states())
def test_a_place_is_raw_before_its_phase_and_as_the_plan_says_after_it(state: str, tmp_path: Path) -> None:
    """By the scan's own look, in each of the eight states."""
    done = set(state.split("+")[1:])
    reports = find_places(compose.write(state, tmp_path))
    assert {report.phase for report in reports if not report.raw_mints} == done
    assert {report.phase for report in reports if judge_generator_call(report) == ()} == done


@pytest.mark.parametrize("phase", PHASES)
def test_a_phase_changes_its_own_file_alone(phase: str) -> None:
    """And leaves no import behind that nothing needs."""
    before, after = compose.sources("legacy"), compose.sources(f"legacy+{phase}")
    assert [path for path in before if before[path] != after[path]] == [FILES[phase]]
    assert "uuid" in before[FILES[phase]]
    assert "uuid" not in after[FILES[phase]]


def test_nothing_is_minted_raw_once_the_plan_is_carried_out(tmp_path: Path) -> None:
    """In the whole of the backend."""
    assert production_mints(scan_tree(compose.write("remediated", tmp_path))) == []
    assert len(production_mints(scan_tree(compose.write("legacy", tmp_path)))) == 6


def test_the_plans_own_mark_is_in_the_dispatchers_context() -> None:
    """And nowhere before."""
    assert '"ssot_migration"' in compose.sources("legacy+dispatcher")[DISPATCHER]
    assert '"ssot_migration"' not in compose.sources("legacy")[DISPATCHER]
