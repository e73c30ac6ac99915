"""Whole runs of the suite as a user starts them, in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from id_isolation.timing import units

ROOT = Path(__file__).parents[3]


def run_suite(*arguments: str, cwd: Path = ROOT, **variables: str) -> subprocess.CompletedProcess[str]:
    """`id-isolation run` with these arguments and environment variables."""
    return _run([sys.executable, "-m", "id_isolation.cli.main", "run", *arguments], cwd, variables)


def run_pytest(*arguments: str, cwd: Path = ROOT, **variables: str) -> subprocess.CompletedProcess[str]:
    """`python -m pytest` with these arguments and environment variables; elsewhere than here without other plug-ins."""
    if cwd != ROOT:
        variables = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **variables}
    return _run([sys.executable, "-m", "pytest", *arguments], cwd, variables)


def _run(command: list[str], cwd: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment = {**inherited, "COLUMNS": "100", **variables}
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=units(300), check=False
    )
