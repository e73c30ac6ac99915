"""Runs on several workers: IDs are held against each other over all of them, and lost work is done again.

Load and IDs that are asked for are split over the workers, and what all of them did is one result.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .runs import run_suite

TOY = Path(__file__).parents[2] / "examples" / "toy"
COUNTER_ALONE = ('return f"{kind}-{number}-{secrets.token_hex(8)}"', 'return f"{kind}-{number}"')

KILLER = """
import os, signal, pytest
from pathlib import Path

@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item):
    if "PYTEST_XDIST_WORKER" in os.environ and item.name == "test_junk_is_not_taken_for_an_id":
        deaths = Path(os.environ["DEATHS"])
        if len(os.listdir(deaths)) < int(os.environ["WANTED"]):
            (deaths / os.environ["PYTEST_XDIST_WORKER"]).touch()
            os.kill(os.getpid(), signal.SIGKILL)
"""

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


@pytest.mark.slow
def test_an_id_that_two_processes_minted_makes_the_run_red(tmp_path: Path) -> None:
    """Each check by itself has seen no repeat: each process counts for itself, and the counter is all there is."""
    for name in ("adapter.py", "chat.py"):
        shutil.copy(TOY / name, tmp_path)
    chat = tmp_path / "chat.py"
    assert COUNTER_ALONE[0] in chat.read_text()
    chat.write_text(chat.read_text().replace(*COUNTER_ALONE))
    options = ("--backend", "adapter:ToyBackend", "--category", "integration", "-k", "threads or tasks")
    ended = run_suite(*options, "--effort", "0.1", "--findings", "f.jsonl", cwd=tmp_path)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    lines = [json.loads(line) for line in (tmp_path / "f.jsonl").read_text().splitlines()]
    assert {line["symptom"] for line in lines if line["type"] == "finding"} == {"repeated-between-workers"}
    assert "IDs were minted twice by processes of this run" in ended.stdout


@pytest.mark.slow
@pytest.mark.parametrize(("deaths", "code"), [(1, 0), (2, 1)])
def test_the_work_of_a_worker_that_died_is_done_again(deaths: int, code: int, tmp_path: Path) -> None:
    """Once, with a sentence; a check that takes two workers with it was not carried out, and the run is red."""
    (tmp_path / "killer.py").write_text(KILLER)
    (tmp_path / "deaths").mkdir()
    options = ("--backend", "hardened", "--category", "unit", "--effort", "0.1", "-n", "2", "-p", "killer")
    variables = {"DEATHS": str(tmp_path / "deaths"), "WANTED": str(deaths), "PYTHONPATH": str(tmp_path)}
    ended = run_suite(*options, cwd=tmp_path, **variables)
    said = " ".join(ended.stdout.split())
    assert ended.returncode == code, ended.stdout + ended.stderr
    assert "crashed at test_junk_is_not_taken_for_an_id; another one did it again." in said
    assert ("every worker that judged it ended before it had a verdict" in said) is (code == 1)
    assert ("GREEN: hardened" in said) is (code == 0)


@pytest.mark.slow
def test_workers_of_another_interpreter_find_the_tests_in_their_own_environment(tmp_path: Path) -> None:
    """As gateways of xdist, which are told by --tx; here both happen to be of this interpreter."""
    gateways = ("--tx", f"popen//python={sys.executable}") * 2
    options = ("--backend", "remediated", "--category", "unit", "--effort", "0.1", *gateways, "--dist", "load", "-v")
    ended = run_suite(*options, cwd=tmp_path)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    # Which of them minted anything hangs on how fast the other was.
    assert set(re.findall(r"^\[(gw\d)\].* PASSED ", ended.stdout, re.MULTILINE)) == {"gw0", "gw1"}


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


@pytest.mark.parametrize(
    ("machine", "bad", "found"),
    [
        pytest.param("", "gw1", {"repeated-between-workers", "shared-id"}, id="faults"),
        pytest.param("{machine}-", "none", set(), id="twin", marks=pytest.mark.slow),
    ],
)
def test_what_two_workers_do_is_held_together(machine: str, bad: str, found: set[str], tmp_path: Path) -> None:
    """A counter for each machine repeats on the next; with the machine's name before it, it does not.

    A fault that shows under the load of one worker makes the run red, whichever has the test; users are summed.
    """
    toy(tmp_path, COUNTED_ON_DISK % machine + ONE_LINE_FOR_ALL)
    (tmp_path / "disks").mkdir()
    asked = ("-k", "processes or own_events", "--ids", "400", "--users", "9")
    ended = run(tmp_path, *asked, DISKS=str(tmp_path / "disks"), BAD=bad)
    said = " ".join(ended.stdout.split())
    assert ended.returncode == bool(found), ended.stdout + ended.stderr
    told = {one["symptom"] for one in findings(tmp_path)}
    assert told >= found
    assert bool(told) is bool(found)
    assert {f"Worker {number}: 200 session IDs" in said for number in (1, 2)} == {True}
    assert "that 2 workers minted" in said
    assert re.search(r"The load of 2 workers together: 9 users: \d+ connections", said)
