"""A file or directory that may not be read is one sentence, whichever command and option names it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from id_isolation.embedded import compose
from id_isolation.timing import units

# Root may read everything; without these two rights it is a user as any other.
_AS_A_USER = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()

pytestmark = pytest.mark.skipif(
    bool(_AS_A_USER) and shutil.which("setpriv") is None, reason="root may read everything, and there is no setpriv"
)


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """A directory that nobody may enter."""
    folder = tmp_path / "closed"
    folder.mkdir()
    (folder / "app.toml").write_text("")
    folder.chmod(0)
    yield folder
    folder.chmod(0o700)


def told(*arguments: str) -> tuple[int, str]:
    """Exit code and output of a command."""
    command = [*_AS_A_USER, sys.executable, "-m", "id_isolation.cli.main", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=units(120), check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param("run --backend {closed}", marks=pytest.mark.slow),
        "run --backend {closed}/app.toml",
        "run --check S1 --plan {closed}/plan.toml",
        "run --check S1 --known {closed}/known.toml",
        "run --check S1 --findings {closed}/f.jsonl",
        pytest.param("run --check S1 --history {closed}/h.jsonl", marks=pytest.mark.slow),
        "compare {closed}/a {closed}/b",
        "audit {closed}/events.jsonl",
        "audit --merge {closed}/part",
        "scan {closed}",
        "export legacy {closed}/tree",
    ],
)
def test_what_may_not_be_read_or_written_is_told_in_one_sentence(arguments: str, closed: Path) -> None:
    """And nothing is green."""
    code, said = told(*arguments.format(closed=closed).split())
    assert code in (2, 4), said
    assert len(said.strip().splitlines()) == 1
    assert str(closed) in said
    assert "ermission denied" in said


def test_a_page_that_may_not_be_written_leaves_a_run_incomplete(closed: Path) -> None:
    """Every check is judged before."""
    code, said = told("run", "--check", "S1", "--report", f"{closed}/page.html")
    assert code == 2, said
    assert "3 of 3 judged" in said
    assert "Traceback" not in said


def test_a_directory_in_a_tree_that_may_not_be_read_leaves_a_scan_incomplete(tmp_path: Path) -> None:
    """What it holds is not known."""
    root = compose.write("hardened", tmp_path / "tree")
    (root / "other").mkdir(mode=0)
    code, said = told("scan", str(root))
    assert (code, "other: permission denied" in said) == (3, True), said
    (root / "netra_backend/app/auth_integration/auth.py").chmod(0)
    code, said = told("run", "--backend", str(root), "--check", "S1")
    assert code == 1, said
    assert "auth.py could not be read: permission denied" in " ".join(said.split())
