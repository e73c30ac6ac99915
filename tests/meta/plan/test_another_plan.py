"""A tree of another layout is judged by its own plan: before that is carried out, in part, and after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from id_isolation.cli.main import main
from id_isolation.history.finding import Outcome, Verdict
from id_isolation.history.findings_file import read_findings
from id_isolation.plan.kinds import Surface
from id_isolation.plan.plan import using
from id_isolation.scan import Finding, scan_tree

from ..judged import Pair, verdicts
from ..pytest_plugin.runs import run_suite
from .chat import PHASES, PLAN, PLAN_FILE, write

RED_BEFORE: list[Pair] = [
    ("F1", Surface.AUTH),
    ("U1", Surface.AUTH),
    ("F1", Surface.DISPATCHER),
    ("C1", Surface.DISPATCHER),
    ("F1", Surface.WEBSOCKET),
    ("U1", Surface.WEBSOCKET),
]
GREEN_BEFORE: list[Pair] = [
    ("F1", Surface.GENERATOR),
    ("F2", Surface.GENERATOR),
    ("C1", Surface.GENERATOR),
    ("X1", Surface.AUTH),
    ("X1", Surface.DISPATCHER),
    ("X1", Surface.WEBSOCKET),
    # Minted by processes that were started for it.
    ("X3", Surface.GENERATOR),
]
SOURCE: list[Pair] = [
    (check, surface) for check in ("S1", "S2") for surface in (Surface.AUTH, Surface.DISPATCHER, Surface.WEBSOCKET)
]


def _judged(root: Path, pairs: list[Pair]) -> dict[Pair, Verdict]:
    with using(PLAN):
        return verdicts(str(root), pairs)


def test_before_the_plan_its_places_are_red(tmp_path: Path) -> None:
    """And what the plan does not touch is green.

    Each of the four places is named by file and function, with the source that this plan writes there; two of them are
    on one surface.
    """
    found = _judged(write(tmp_path), [*RED_BEFORE, *GREEN_BEFORE, *SOURCE])
    assert {pair for pair, one in found.items() if one.outcome is Outcome.FAILED} == {*RED_BEFORE, *SOURCE}
    assert {pair for pair, one in found.items() if one.outcome is Outcome.PASSED} == set(GREEN_BEFORE)
    for check in ("S1", "S2"):
        findings = [one for (name, _), verdict in found.items() if name == check for one in verdict.findings]
        assert {one.places[0].file for one in findings} == {place.path for place in PLAN.places}
        assert {one.replacement for one in findings} == {place.replacement for place in PLAN.places}
        assert all("IdFactory" in line for one in findings if (line := one.import_line))


def test_after_the_plan_all_is_green(tmp_path: Path) -> None:
    """By the same checks."""
    found = _judged(write(tmp_path, *PHASES), [*RED_BEFORE, *GREEN_BEFORE, *SOURCE])
    assert {pair: one for pair, one in found.items() if one.outcome is not Outcome.PASSED} == {}


@pytest.mark.parametrize(
    "phase", [pytest.param(phase, marks=pytest.mark.slow if number else ()) for number, phase in enumerate(PHASES)]
)
def test_a_phase_mends_its_own_place_alone(phase: str, tmp_path: Path) -> None:
    """Also where it shares a surface with another one."""
    found = _judged(write(tmp_path, phase), SOURCE)
    left = {one.places[0].file for verdict in found.values() for one in verdict.findings}
    assert left == {place.path for place in PLAN.places if place.phase != phase}


def test_a_run_goes_by_the_plan_that_it_is_given(tmp_path: Path) -> None:
    """Host and checks too: with one phase carried out, its place alone is green.

    What to change is shown on the terminal, as the plan writes it, and only the missing imports besides.
    """
    root, file = write(tmp_path / "tree", "login"), tmp_path / "found.jsonl"
    narrowed = ("--category", "unit", "-k", "mints or plan or grammar", "--findings", str(file))
    ended = run_suite("--plan", str(PLAN_FILE), "--backend", str(root), *narrowed)
    assert ended.returncode == 1
    found = {(one.check, one.surface): one.outcome for one in read_findings(file).record.verdicts}
    assert found["F1", Surface.GENERATOR] is Outcome.PASSED
    assert found["S1", Surface.DISPATCHER] is Outcome.FAILED
    lines = [line.strip() for line in ended.stdout.splitlines()]
    for place in PLAN.places:
        told = {f"+ {line}" for line in place.replacement.splitlines()}
        assert told.isdisjoint(lines) if place.phase == "login" else told <= set(lines)
    assert lines.count("+ from chat.ids.factory import IdFactory") == 2


def test_a_backend_that_the_plan_does_not_describe_is_refused() -> None:
    """In one sentence with the plan's name, as wrong usage."""
    ended = run_suite("--plan", str(PLAN_FILE), "--backend", "legacy")
    assert ended.returncode == 4
    assert "chat plan" in ended.stderr
    assert "Name the root directory" in ended.stderr


def test_a_plan_that_cannot_be_used_ends_a_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is judged, with the option and the file in the sentence."""
    file = tmp_path / "plan.toml"
    file.write_text("name = 3\n")
    said = f"--plan: {file}: 'name' in the plan is a whole number; write a text."
    for command in (["scan", "."], ["checks"]):
        assert main([*command, "--plan", str(file)]) == 4
        assert said in capsys.readouterr().err
    ended = run_suite("--plan", str(file))
    assert (ended.returncode, said in ended.stderr) == (4, True)


def _scanned(root: Path) -> list[Finding]:
    with using(PLAN):
        return [found for found in scan_tree(root).findings if found.code == "production"]


def test_the_scan_replaces_by_the_plans_own_calls(tmp_path: Path) -> None:
    """Each raw mint by the method for its kind, with the user as the tree calls it; nothing is left after the plan."""
    calls = {(found.file, found.replacement) for found in _scanned(write(tmp_path / "before"))}
    assert ("chat/login/tokens.py", 'IdFactory.login_for("check_token", owner)') in calls
    assert ("chat/login/renewal.py", 'IdFactory.plain("renewed")') in calls
    assert {file for file, _ in calls} == {place.path for place in PLAN.places}
    assert all("IdFactory." in call for _, call in calls)
    assert _scanned(write(tmp_path / "after", *PHASES)) == []
