"""What the source of a tree shows is told by the names of its own plan: places, calls, and what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from id_isolation.history.finding import Outcome, Verdict
from id_isolation.plan.kinds import Surface
from id_isolation.plan.plan import using
from id_isolation.scan import Finding, scan_tree

from ..judged import Pair, verdicts
from ..pytest_plugin.runs import run_suite
from .chat import PHASES, PLAN, PLAN_FILE, write

PAIRS: list[Pair] = [
    (check, surface) for check in ("S1", "S2") for surface in (Surface.AUTH, Surface.DISPATCHER, Surface.WEBSOCKET)
]


def _judged(root: Path) -> dict[Pair, Verdict]:
    with using(PLAN):
        return verdicts(str(root), PAIRS)


def _scanned(root: Path) -> list[Finding]:
    with using(PLAN):
        return [found for found in scan_tree(root).findings if found.code == "production"]


def test_each_of_the_four_places_is_named_before_the_plan(tmp_path: Path) -> None:
    """By file and function, with the source that this plan writes there; two of them are on one surface."""
    found = _judged(write(tmp_path))
    assert {verdict.outcome for verdict in found.values()} == {Outcome.FAILED}
    for check in ("S1", "S2"):
        findings = [one for (name, _), verdict in found.items() if name == check for one in verdict.findings]
        assert {one.places[0].file for one in findings} == {place.path for place in PLAN.places}
        assert {one.replacement for one in findings} == {place.replacement for place in PLAN.places}
        assert all("IdFactory" in line for one in findings if (line := one.import_line))


def test_nothing_is_said_of_the_places_after_the_plan(tmp_path: Path) -> None:
    """All of them call what the plan names."""
    found = _judged(write(tmp_path, *PHASES))
    assert {pair: verdict.findings for pair, verdict in found.items() if verdict.outcome is not Outcome.PASSED} == {}


@pytest.mark.parametrize(
    "phase", [pytest.param(phase, marks=pytest.mark.slow if number else ()) for number, phase in enumerate(PHASES)]
)
def test_a_phase_mends_its_own_place_alone(phase: str, tmp_path: Path) -> None:
    """Also where it shares a surface with another one."""
    found = _judged(write(tmp_path, phase))
    left = {one.places[0].file for verdict in found.values() for one in verdict.findings}
    assert left == {place.path for place in PLAN.places if place.phase != phase}


def test_the_scan_replaces_by_the_plans_own_calls(tmp_path: Path) -> None:
    """Each raw mint by the method for its kind, with the user as the tree calls it; nothing is left after the plan."""
    calls = {(found.file, found.replacement) for found in _scanned(write(tmp_path / "before"))}
    assert ("chat/login/tokens.py", 'IdFactory.login_for("check_token", owner)') in calls
    assert ("chat/login/renewal.py", 'IdFactory.plain("renewed")') in calls
    assert {file for file, _ in calls} == {place.path for place in PLAN.places}
    assert all("IdFactory." in call for _, call in calls)
    assert _scanned(write(tmp_path / "after", *PHASES)) == []


def test_what_to_change_is_shown_as_the_plan_writes_it(tmp_path: Path) -> None:
    """On the terminal, for all four places, and only the missing imports besides."""
    root = write(tmp_path)
    ended = run_suite(*("--plan", str(PLAN_FILE), "--backend", str(root), "--category", "unit", "-k", "mints or plan"))
    assert ended.returncode == 1
    lines = [line.strip() for line in ended.stdout.splitlines()]
    for place in PLAN.places:
        assert {f"+ {line}" for line in place.replacement.splitlines()} <= set(lines)
    assert lines.count("+ from chat.ids.factory import IdFactory") == 3
