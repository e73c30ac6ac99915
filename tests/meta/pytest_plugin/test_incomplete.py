"""A run that did not judge all that was due is never green: in no output, format, exit code or comparison."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from id_isolation.history.finding import Outcome, Verdict
from id_isolation.history.findings_file import FindingsFile, FindingsFileError, read_findings
from id_isolation.history.record import RunRecord, State
from id_isolation.plan.kinds import Level, Surface
from id_isolation.reports.comparison import compare

from .runs import run_suite

# Ends the run from within, after the second test, as a key press or a supervisor would.
KILLER = """
import os, signal, pytest
SEEN = []

@pytest.hookimpl(trylast=True)
def pytest_runtest_logfinish(nodeid):
    SEEN.append(nodeid)
    if len(SEEN) == 2:
        os.kill(os.getpid(), getattr(signal, os.environ["WITH"]))
"""
INTERNAL = """
import pytest

def pytest_runtest_logfinish(nodeid):
    if "websocket" in nodeid:
        # The last of the three has been judged by then.
        raise RuntimeError("a plug-in broke")
"""
FILES = ("--findings", "f.jsonl", "--report", "r.html", "--sarif", "s.sarif", "--junitxml", "j.xml", "--github")
RUN = ("--category", "unit", "-k", "mints_no_raw", *FILES)


def ended_early(folder: Path, plugin: str, backend: str, **variables: str) -> subprocess.CompletedProcess[str]:
    (folder / "killer.py").write_text(plugin)
    return run_suite(*RUN, "--backend", backend, "-p", "killer", cwd=folder, PYTHONPATH=str(folder), **variables)


@pytest.mark.parametrize(
    ("plugin", "backend", "code", "variables"),
    [
        pytest.param(KILLER, "remediated", 2, {"WITH": "SIGINT"}, id="interrupted", marks=pytest.mark.slow),
        pytest.param(KILLER, "legacy", 1, {"WITH": "SIGTERM"}, id="terminated"),
        pytest.param(KILLER, "legacy", 1, {"WITH": "SIGHUP"}, id="hung-up", marks=pytest.mark.slow),
        pytest.param(INTERNAL, "remediated", 2, {}, id="internal-error"),
    ],
)
def test_a_run_that_was_ended_says_how_many_were_judged(
    plugin: str, backend: str, code: int, variables: dict[str, str], tmp_path: Path
) -> None:
    """On the terminal, in the page, the findings file, SARIF, JUnit's file and the annotations alike."""
    ended = ended_early(tmp_path, plugin, backend, **variables)
    assert ended.returncode == code, ended.stdout + ended.stderr
    said = " ".join(ended.stdout.split())
    judged = len(read_findings(tmp_path / "f.jsonl").record.verdicts)
    assert judged in (2, 3)
    assert f"{judged} of 3 judged" in said or judged == 3
    assert "INCOMPLETE for unit" in said
    assert "GREEN" not in said
    assert "::error title=Incomplete::" in ended.stdout
    assert 'class="stamp warn">INCOMPLETE' in (tmp_path / "r.html").read_text("utf-8")
    last = json.loads((tmp_path / "f.jsonl").read_text().splitlines()[-1])
    assert (last["type"], last["green"], last["state"]) == ("end", False, "incomplete")
    assert json.loads((tmp_path / "s.sarif").read_text())["runs"][0]["invocations"] == [{"executionSuccessful": False}]
    suite = ElementTree.parse(tmp_path / "j.xml").getroot().find("testsuite")
    assert suite is not None
    assert int(suite.attrib["errors"]) >= 1
    record = read_findings(tmp_path / "f.jsonl").record
    assert compare(record, record).state is State.INCOMPLETE


def test_a_run_that_stops_at_its_first_failure_is_incomplete(tmp_path: Path) -> None:
    """It has findings, so it exits with 1."""
    ended = run_suite("--category", "unit", "-k", "mints_no_raw", "--backend", "legacy", "-x", cwd=tmp_path)
    assert ended.returncode == 1
    assert "INCOMPLETE for unit -k 'mints_no_raw': 1 of 3 judged" in " ".join(ended.stdout.split())


def test_a_findings_file_that_was_cut_is_an_incomplete_run(tmp_path: Path) -> None:
    """Whatever its verdicts say."""
    path = tmp_path / "f.jsonl"
    given = Verdict("S1", Surface.AUTH, Outcome.PASSED, judged=1)
    with FindingsFile(path, RunRecord("hardened", Level.PLAN, (), due=1)) as file:
        file.add(given)
        file.end(RunRecord("hardened", Level.PLAN, (given,), due=1))
    assert read_findings(path).record.state is State.GREEN
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))
    cut = read_findings(path).record
    assert (cut.state, cut.due, len(cut.verdicts)) == (State.INCOMPLETE, 1, 1)
    assert not compare(cut, cut).is_green


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize(
    "options",
    [
        pytest.param(("--findings", "--report", "--sarif"), id="three files"),
        pytest.param(("--history",), marks=pytest.mark.slow, id="history"),
    ],
)
def test_a_full_disk_is_one_sentence_and_the_run_goes_on(options: tuple[str, ...], tmp_path: Path) -> None:
    """Every check is judged; without its evidence the run is incomplete."""
    full = [word for option in options for word in (option, "/dev/full")]
    ended = run_suite("--category", "unit", "-k", "mints_no_raw", *full, cwd=tmp_path)
    said = " ".join((ended.stdout + ended.stderr).split())
    assert ended.returncode == 2, said
    assert "INCOMPLETE for unit -k 'mints_no_raw': 3 of 3 judged" in said
    assert said.count("cannot be written") >= len(options)
    assert "Traceback" not in said
    assert Path("/dev/full").is_char_device()


def test_two_runs_on_one_findings_file_are_one_too_many(tmp_path: Path) -> None:
    """The second gets one sentence, and the first loses nothing."""
    path = tmp_path / "f.jsonl"
    record = RunRecord("hardened", Level.PLAN, ())
    with FindingsFile(path, record) as file:
        before = path.read_text()
        with pytest.raises(FindingsFileError, match="another run is writing"):
            FindingsFile(path, record)
        assert path.read_text() == before
        file.end(record)
    FindingsFile(path, record).close()
