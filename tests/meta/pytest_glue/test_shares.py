"""Load and IDs that are asked for are split over the workers, and what all of them did is one result."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from .runs import run_suite

TOY = Path(__file__).parents[2] / "examples" / "toy"

# Every worker stands for a machine with a disk of its own, on which all processes of the machine count together.
COUNTED_ON_DISK = """
    def new_id(self, kind):
        import fcntl, os, pathlib
        machine = os.environ["PYTEST_XDIST_WORKER"]
        with pathlib.Path(os.environ["DISKS"], machine).open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(b".")
            file.flush()
            number = file.tell()
        return f"{kind}-%s{number}"
"""
ONE_LINE_FOR_ALL = """
    async def connect(self, token):
        import os
        user = (await self.log_in(token))["user"]
        bad = os.environ["PYTEST_XDIST_WORKER"] == os.environ["BAD"]
        return "line-0" if bad else self.new_id("line"), user
"""


def toy(folder: Path, method: str) -> None:
    """A copy of the toy's adapter in the folder, with one method of the system put in the place of its own."""
    for name in ("adapter.py", "chat.py"):
        shutil.copy(TOY / name, folder)
    with (folder / "chat.py").open("a") as file:
        file.write(method)


def findings(folder: Path) -> list[dict[str, str]]:
    lines = [json.loads(line) for line in (folder / "f.jsonl").read_text().splitlines()]
    return [line for line in lines if line["type"] == "finding"]


def run(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    options = ("--backend", "adapter:ToyBackend", "--effort", "0.1", "--findings", "f.jsonl", "-n", "2")
    return run_suite(*options, *arguments, cwd=folder, **variables)


@pytest.mark.parametrize(("machine", "code"), [("", 1), ("{machine}-", 0)], ids=["fault", "twin"])
def test_what_two_workers_minted_is_found_where_each_by_itself_repeats_nothing(
    machine: str, code: int, tmp_path: Path
) -> None:
    """A counter for each machine repeats on the next; with the machine's name before it, it does not."""
    toy(tmp_path, COUNTED_ON_DISK % machine)
    (tmp_path / "disks").mkdir()
    ended = run(tmp_path, "--category", "unit", "-k", "processes", "--ids", "400", DISKS=str(tmp_path / "disks"))
    said = " ".join(ended.stdout.split())
    assert ended.returncode == code, ended.stdout + ended.stderr
    assert {found["symptom"] for found in findings(tmp_path)} == ({"repeated-between-workers"} if code else set())
    assert {f"Worker {number}: 200 session IDs" in said for number in (1, 2)} == {True}
    assert "that 2 workers minted" in said


@pytest.mark.parametrize("bad", ["gw0", "gw1", "none"])
def test_the_load_of_each_worker_counts(bad: str, tmp_path: Path) -> None:
    """A fault that shows at one worker makes the run red, whichever worker has the test; the users are summed."""
    toy(tmp_path, ONE_LINE_FOR_ALL)
    ended = run(tmp_path, "--category", "e2e", "-k", "own_events", "--users", "9", BAD=bad)
    assert ended.returncode == (bad != "none"), ended.stdout + ended.stderr
    assert ("shared-id" in {found["symptom"] for found in findings(tmp_path)}) is (bad != "none")
    assert re.search(r"The load of 2 workers together: 9 users: \d+ connections", " ".join(ended.stdout.split()))


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_a_backend_that_cannot_be_used_ends_the_run_with_one_sentence(workers: tuple[str, ...], tmp_path: Path) -> None:
    """On several workers as on one: exit code 4, no traceback, and a findings file that came to its end."""
    options = ("--category", "unit", "--backend", "no_such_module:make", "--ids", "10", "--findings", "f.jsonl")
    ended = run_suite(*options, *workers, cwd=tmp_path)
    assert ended.returncode == 4, ended.stdout + ended.stderr
    assert "the adapter cannot be made" in ended.stdout
    assert "Traceback" not in ended.stdout + ended.stderr
    assert json.loads((tmp_path / "f.jsonl").read_text().splitlines()[-1])["type"] == "end"
