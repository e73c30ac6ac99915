"""Every state of the plan has a name, and nothing stands twice.

Each phase of the plan mends its own place and leaves the two others as they were.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from id_isolation.embedded import compose
from id_isolation.embedded.compose import PHASES
from id_isolation.embedded.layer import AUTH, DISPATCHER, WEBSOCKET, LayerError
from id_isolation.scan import production_mints, scan_tree
from id_isolation.scan.places import find_places, judge_generator_call

pytestmark = pytest.mark.quick

FILES = {"auth": AUTH, "dispatcher": DISPATCHER, "websocket": WEBSOCKET}


def test_the_eight_states_between_legacy_and_the_whole_plan_are_all_different() -> None:
    """Each combination of phases has sources of its own."""
    states = compose.intermediate_states()
    assert len(states) == 8
    assert len({tuple(sorted(compose.sources(state).items())) for state in states}) == 8


def test_the_order_of_phases_does_not_matter() -> None:
    """The plan's phases can be carried out alone and in any order."""
    assert compose.sources("legacy+auth+websocket") == compose.sources("legacy+websocket+auth")


def test_all_phases_on_legacy_are_the_remediated_backend() -> None:
    """`remediated` is the plan to the letter."""
    assert compose.sources("legacy+auth+dispatcher+websocket") == compose.sources("remediated")


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("legacy+auht", "there is no phase 'auht'"),
        ("remediated+auth", "already carried out"),
        ("legacy+auth+auth", "already carried out"),
        ("modern", "there is no embedded backend 'modern'"),
    ],
)
def test_a_name_that_is_none_is_refused_in_one_sentence(spec: str, said: str) -> None:
    """The error says what there is."""
    with pytest.raises(LayerError, match=said):
        compose.sources(spec)


@pytest.mark.parametrize("spec", [*compose.intermediate_states(), "hardened"])
def test_every_file_of_every_backend_compiles(spec: str, tmp_path: Path) -> None:
    """What is written down is Python."""
    root = compose.write(spec, tmp_path)
    for path in root.rglob("*.py"):
        compile(path.read_text("utf-8"), str(path), "exec")


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
