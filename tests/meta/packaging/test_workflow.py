"""The workflow is a valid one, and its matrix has every version that is promised."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


def _read(path: Path) -> dict[str, Any]:
    workflow: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return workflow


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_has_events_and_jobs_whose_scripts_are_shell(path: Path) -> None:
    """Each step either uses an action of a named version or runs what bash can parse."""
    workflow = _read(path)
    # YAML 1.1 takes the bare word for a truth value.
    assert workflow.get("on", workflow.get(True))  # type: ignore[call-overload]
    for job in workflow["jobs"].values():
        assert job["runs-on"]
        for step in job["steps"]:
            assert ("uses" in step) != ("run" in step)
            assert "@v" in step.get("uses", "@v")
            ended = subprocess.run(["bash", "-n"], input=step.get("run", ""), text=True, capture_output=True)
            assert ended.returncode == 0, ended.stderr


def test_the_matrix_has_every_promised_version() -> None:
    """Interpreters from the oldest that the package takes, three systems, and the lowest and the newest packages."""
    matrix = _read(ROOT / ".github/workflows/matrix.yml")["jobs"]["tests"]["strategy"]["matrix"]
    assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14", "3.14t"]
    assert matrix["system"] == ["ubuntu", "macos", "windows"]
    assert {row["packages"] for row in matrix["include"]} | set(matrix["packages"]) == {"lowest", "newest"}
    oldest = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    assert oldest == f">={matrix['python'][0]}"
