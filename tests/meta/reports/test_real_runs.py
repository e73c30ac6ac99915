"""Both real runs and their comparison: what the terminal tells an engineer, and the pages as a browser shows them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from id_isolation.timing import units

from . import samples
from .browser import axe_script, chromium, missing, required, show, violations

pytestmark = pytest.mark.slow

PAGES = ("legacy", "remediated", "comparison")


class Runs(NamedTuple):
    """Where the files of both runs are, what each printed, and how each ended."""

    folder: Path
    printed: dict[str, str]
    codes: dict[str, int]


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "id_isolation.cli.main", *arguments],
        capture_output=True,
        text=True,
        timeout=units(240),
        env={**os.environ, "COLUMNS": "80"},
        check=False,
    )


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    folder = tmp_path_factory.mktemp("runs")
    printed, codes = {}, {}
    for backend in ("legacy", "remediated"):
        files = (f"--findings={folder}/{backend}.jsonl", f"--report={folder}/{backend}.html")
        ended = command("run", "--backend", backend, "--seed", "7", *files)
        printed[backend], codes[backend] = ended.stdout + ended.stderr, ended.returncode
    found = (f"{folder}/legacy.jsonl", f"{folder}/remediated.jsonl")
    ended = command("compare", *found, "--html", f"{folder}/comparison.html")
    printed["comparison"], codes["comparison"] = ended.stdout + ended.stderr, ended.returncode
    return Runs(folder, printed, codes)


def test_the_terminal_alone_says_which_lines_to_change_and_to_what(runs: Runs) -> None:
    """Three places, six lines to take out, and the calls to put in; file and line once more at the very end."""
    text = runs.printed["legacy"]
    assert runs.codes["legacy"] == 1, text
    change = text.split("What to change: 3 places (6 lines)")[1].split("What is wrong")[0]
    taken = [line.strip() for line in change.splitlines() if line.startswith("   - ")]
    assert len(taken) == 6
    assert all("uuid.uuid4()" in line for line in taken)
    for method in ("generate_session_id(user_id, ", "generate_user_context_ids(", "generate_websocket_connection_id("):
        assert f"UnifiedIdGenerator.{method}" in change
    last = text.split("RED: legacy at plan level")[1]
    for file in (samples.AUTH, samples.DISPATCHER, samples.WEBSOCKET):
        assert f"{file}:" in change
        assert f"{file}:" in last


def test_the_comparison_of_both_runs_is_green_and_complete(runs: Runs) -> None:
    """Everything that was wrong is fixed, and nothing is new."""
    assert runs.codes == {"legacy": 1, "remediated": 0, "comparison": 0}, runs.printed["remediated"]
    assert "0 still there, 0 new." in " ".join(runs.printed["comparison"].split())


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if missing() and not required():
        pytest.skip(missing())
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_the_real_pages_are_clean_and_accessible(driver: Any, runs: Runs, page: str, scheme: str) -> None:
    """On a desk and on a phone: no console error, no sideways scrolling, and nothing for axe-core to find."""
    script = axe_script()
    for width in (1280, 390):
        show(driver, runs.folder / f"{page}.html", width, scheme)
        assert driver.get_log("browser") == []
        assert driver.execute_script("return document.documentElement.scrollWidth") <= width
        assert violations(driver, script)[0] == []
