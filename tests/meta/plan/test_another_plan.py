"""A tree of another layout is judged by its own plan, before that is carried out and after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from id_isolation.cli.main import main
from id_isolation.history.finding import Outcome
from id_isolation.history.findings_file import read_findings
from id_isolation.plan.kinds import Surface
from id_isolation.plan.plan import using

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


def _outcomes(root: Path, pairs: list[Pair]) -> dict[Pair, Outcome]:
    with using(PLAN):
        return {pair: verdict.outcome for pair, verdict in verdicts(str(root), pairs).items()}


def test_before_the_plan_its_places_are_red(tmp_path: Path) -> None:
    """And what the plan does not touch is green."""
    found = _outcomes(write(tmp_path), [*RED_BEFORE, *GREEN_BEFORE])
    assert {pair for pair, outcome in found.items() if outcome is Outcome.FAILED} == set(RED_BEFORE)
    assert {pair for pair, outcome in found.items() if outcome is Outcome.PASSED} == set(GREEN_BEFORE)


def test_after_the_plan_all_is_green(tmp_path: Path) -> None:
    """By the same checks."""
    found = _outcomes(write(tmp_path, *PHASES), [*RED_BEFORE, *GREEN_BEFORE])
    assert {pair: outcome for pair, outcome in found.items() if outcome is not Outcome.PASSED} == {}


def test_a_run_goes_by_the_plan_that_it_is_given(tmp_path: Path) -> None:
    """Host and checks too: with one phase carried out, that surface alone is green."""
    root, file = write(tmp_path / "tree", "login"), tmp_path / "found.jsonl"
    narrowed = ["--check", "F1", "--findings", str(file)]
    assert run_suite("--plan", str(PLAN_FILE), "--backend", str(root), *narrowed).returncode == 1
    found = {(one.check, one.surface): one.outcome for one in read_findings(file).record.verdicts}
    assert found["F1", Surface.AUTH] is Outcome.PASSED
    assert found["F1", Surface.DISPATCHER] is Outcome.FAILED


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
