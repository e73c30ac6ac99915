"""Without fork, fcntl, resource and SIGKILL, as on Windows: the same verdicts, each in a fresh process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from id_isolation.timing import units

TAKEN_AWAY = Path(__file__).with_name("without_fork.py")
RUN = (sys.executable, "-m", "id_isolation.cli.main")


@pytest.fixture
def variables(tmp_path: Path) -> dict[str, str]:
    """The environment of a process from which all that is taken away."""
    (tmp_path / "first").mkdir()
    (tmp_path / "first" / "sitecustomize.py").write_text(TAKEN_AWAY.read_text("utf-8"))
    return {**os.environ, "PYTHONPATH": str(tmp_path / "first")}


def _ended(variables: dict[str, str], folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [*RUN, *arguments]
    return subprocess.run(
        command, env=variables, cwd=folder, capture_output=True, text=True, check=False, timeout=units(560)
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("backend", "level", "code", "last"),
    [("legacy", "plan", 1, "RED: legacy"), ("remediated", "plan", 0, "GREEN"), ("hardened", "strict", 0, "GREEN")],
)
def test_the_three_runs_have_their_verdicts(
    backend: str, level: str, code: int, last: str, variables: dict[str, str], tmp_path: Path
) -> None:
    """Red before the plan, green after it, and green at strict when hardened; all is judged."""
    ended = _ended(variables, tmp_path, "run", "--backend", backend, "--level", level, "--effort", "0.25")
    assert (ended.returncode, ended.stderr) == (code, ""), ended.stdout[-2000:] + ended.stderr[-2000:]
    assert last in ended.stdout
    assert "Each check was judged in a fresh process: this system cannot fork." in ended.stdout


def test_a_check_with_files_is_judged(variables: dict[str, str], tmp_path: Path) -> None:
    """Findings and history are written, and what the check found is what it finds elsewhere."""
    files = ("--findings", "found.jsonl", "--history", "acts.jsonl")
    ended = _ended(variables, tmp_path, "run", "--backend", "legacy", "--check", "C2@dispatcher", *files)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert '"left-behind"' in (tmp_path / "found.jsonl").read_text("utf-8")
    assert '"act": "release"' in (tmp_path / "acts.jsonl").read_text("utf-8")


def test_a_check_that_hangs_is_ended(variables: dict[str, str], tmp_path: Path) -> None:
    """With all that it started."""
    export = _ended(variables, tmp_path, "export", "hardened", "tree")
    assert export.returncode == 0, export.stderr
    generator = tmp_path / "tree/shared/id_generation/unified_id_generator.py"
    hangs = "UnifiedIdGenerator.generate_user_context_ids = staticmethod(lambda *_, **__: threading.Event().wait())"
    generator.write_text(f"{generator.read_text('utf-8')}\nimport threading\n{hangs}\n", "utf-8")
    ended = _ended(
        {**variables, "ID_ISOLATION_TIME_UNIT": "0.2"}, tmp_path, "run", "--backend", "tree", "--check", "C2@generator"
    )
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "it hangs" in ended.stdout, ended.stdout


def test_prove_says_that_it_takes_forks(variables: dict[str, str], tmp_path: Path) -> None:
    """In one sentence, as wrong usage."""
    ended = _ended(variables, tmp_path, "prove")
    assert (ended.returncode, ended.stdout) == (4, "")
    assert "this system cannot fork" in ended.stderr
