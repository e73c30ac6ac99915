"""A worker that cannot be started is told in one sentence, and in time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from id_isolation.pytest_plugin.plugin import trouble_with
from id_isolation.timing import units

from .runs import run_suite

pytest.importorskip("xdist", reason="pytest-xdist is in the extra `distributed`")


def program(folder: Path, text: str) -> str:
    path = folder / "python"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return f"popen//python={path}"


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_an_interpreter_that_has_everything_is_no_trouble() -> None:
    """The one that the tests run in."""
    assert trouble_with([f"execmodel=main_thread_only//popen//python={sys.executable}"]) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("exit 0", "is no Python, or ended at once", id="ends"),
        pytest.param(
            f'exec {sys.executable} -S -E "$@"',
            "No module named 'pytest'; install id-isolation-suite[distributed] there",
            id="lacks",
        ),
    ],
)
def test_the_reason_is_told(text: str, said: str, tmp_path: Path) -> None:
    """With the gateway as the user gave it."""
    spec = program(tmp_path, text)
    (trouble,) = trouble_with([f"execmodel=main_thread_only//{spec}"])
    assert trouble.startswith(f"--tx {spec}: no worker can be started there: ")
    assert said in trouble


@pytest.mark.slow
def test_one_that_never_answers_is_given_up_and_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """xdist would wait for ever; nothing of it is left behind."""
    monkeypatch.setenv("ID_ISOLATION_TIME_UNIT", "0.3")
    spec = program(tmp_path, f"echo $$ > {tmp_path}/pid; exec sleep 1000")
    (trouble,) = trouble_with([spec])
    assert "it did not answer within 9 s" in trouble
    pid = int((tmp_path / "pid").read_text())
    subprocess.run(["tail", f"--pid={pid}", "-f", "/dev/null"], timeout=units(30), check=False)
    assert not alive(pid)


def test_a_run_ends_before_it_begins(tmp_path: Path) -> None:
    """Exit code 4, and no traceback."""
    missing = f"popen//python={tmp_path}/none"
    ended = run_suite("--tx", missing, "--dist", "load", "--category", "unit", cwd=tmp_path)
    assert ended.returncode == 4, ended.stdout + ended.stderr
    assert f"--tx {missing}: no worker can be started there" in ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr
    assert os.listdir(tmp_path) == []
