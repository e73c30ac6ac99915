"""What a real run writes: every file complete, of one mind, free of secrets, and whole after a kill."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from id_isolation.embedded import compose
from id_isolation.history.finding import Outcome
from id_isolation.history.findings_file import read_findings
from id_isolation.timing import units

from .runs import run_suite

VERDICT_LINE = re.compile(r"::\S+ (PASSED|FAILED|SKIPPED|ERROR)")


def run(*arguments: str, **environment: Any) -> subprocess.CompletedProcess[str]:
    """S1 reads the source of the three places and nothing else: the quickest part of a real run."""
    return run_suite("--check", "S1", "--seed", "7", *arguments, **environment)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """One run on `legacy` with everything that can be asked for."""
    folder = tmp_path_factory.mktemp("written")
    (folder / "scan.sarif").write_text('{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "scan"}}}]}')
    row = {"file": "app/other.py", "line": 3, "what": "uuid.uuid4", "kind": "run"}
    (folder / "scan.json").write_text(json.dumps({"format": "id-isolation-scan", "findings": [row]}))
    ended = run(
        *("--backend", "legacy", "--github"),
        *(
            f"--findings={folder}/f.jsonl",
            f"--report={folder}/r.html",
            f"--junitxml={folder}/j.xml",
        ),
        *(
            f"--sarif={folder}/s.sarif",
            f"--sarif-merge={folder}/scan.sarif",
            f"--scan-json={folder}/scan.json",
        ),
        GITHUB_STEP_SUMMARY=str(folder / "summary.md"),
    )
    return folder, ended


def test_a_red_run_writes_every_file_that_was_asked_for(
    written: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    """Findings, report, SARIF with the scan's run, annotations and step summary name the six raw mints."""
    folder, ended = written
    assert ended.returncode == 1, ended.stdout + ended.stderr
    read = read_findings(folder / "f.jsonl")
    assert read.complete
    lines = {(place.file, place.line) for finding in read.record.findings for place in finding.places}
    assert len(lines) == 6
    page = (folder / "r.html").read_text(encoding="utf-8")
    assert "What to change" in page
    assert "app/other.py" in page
    sarif = json.loads((folder / "s.sarif").read_text())
    assert [entry["tool"]["driver"]["name"] for entry in sarif["runs"]] == ["id-isolation", "scan"]
    assert len(sarif["runs"][0]["results"]) == 6
    assert sum(line.startswith("::error file=") for line in ended.stdout.splitlines()) == 6
    assert "legacy at plan level" in (folder / "summary.md").read_text(encoding="utf-8")


def test_junit_cases_carry_the_check_as_properties(written: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    """Id, surface and outcome of each."""
    cases = ElementTree.parse(written[0] / "j.xml").iter("testcase")
    told = [{entry.attrib["name"]: entry.attrib["value"] for entry in case.iter("property")} for case in cases]
    judged = [entry for entry in told if entry.get("check") == "S1"]
    assert {entry["surface"] for entry in judged} == {"auth", "dispatcher", "websocket"}
    assert {entry["outcome"] for entry in judged} == {"failed"}


def known_list(path: Path, *surfaces: str, expired: str = "") -> str:
    until = {expired: "expires = 2020-01-01\n"}
    entries = (
        f'[[known]]\ncheck = "S1"\nsurface = "{name}"\nreason = "phase to come"\n{until.get(name, "")}'
        for name in surfaces
    )
    path.write_text("".join(entries))
    return f"--known={path}"


def test_known_findings_leave_a_run_green(tmp_path: Path) -> None:
    """The three places are known, so the run on `legacy` passes and tells why."""
    option = known_list(tmp_path / "known.toml", "auth", "dispatcher", "websocket")
    ended = run("--backend", "legacy", option, f"--findings={tmp_path}/f.jsonl")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "S1 known" in ended.stdout
    assert "phase to come" in ended.stdout
    record = read_findings(tmp_path / "f.jsonl").record
    assert record.counts[Outcome.KNOWN] == 3
    assert len(record.known.met) == 3


def test_an_entry_that_is_gone_or_has_expired_makes_the_run_red(tmp_path: Path) -> None:
    """With one phase carried out its entry must go too; where one has expired, the finding fails its check again."""
    option = known_list(tmp_path / "known.toml", "auth", "dispatcher", "websocket", expired="dispatcher")
    ended = run("--backend", "legacy+auth", option)
    said = " ".join(ended.stdout.split())
    assert ended.returncode == 1
    assert "Known finding S1 on auth is gone" in said
    assert "expired on 2020-01-01" in said
    assert "dispatcher S1 FAIL" in said
    assert "websocket S1 known" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--known=none.toml"], "cannot read the list of known findings"),
        pytest.param(["--sarif-merge=x.sarif"], "cannot read the SARIF file", marks=pytest.mark.slow),
    ],
)
def test_what_cannot_be_read_or_written_is_told_before_anything_is_judged(arguments: list[str], said: str) -> None:
    """One sentence, and pytest's exit code for wrong usage."""
    ended = run(*arguments)
    assert ended.returncode == 4
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.slow
def test_under_xdist_every_verdict_is_written_once(tmp_path: Path) -> None:
    """Workers write nothing; the controller has all of it, known findings included."""
    pytest.importorskip("xdist", reason="pytest-xdist is in the extra `distributed`")
    option = known_list(tmp_path / "known.toml", "auth", "dispatcher", "websocket")
    ended = run(
        "--backend",
        "legacy",
        "-n",
        "2",
        option,
        f"--findings={tmp_path}/f.jsonl",
        f"--report={tmp_path}/r.html",
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    read = read_findings(tmp_path / "f.jsonl")
    pairs = [(verdict.check, verdict.surface) for verdict in read.record.verdicts]
    assert read.complete
    assert len(pairs) == len(set(pairs)) >= 3


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_a_killed_run_keeps_all_that_the_terminal_told(tmp_path: Path, seed: int) -> None:
    """Kill -9 after some line of the terminal: no line but the last is torn, and no verdict is missing."""
    path = tmp_path / "f.jsonl"
    chosen = ("--backend", "legacy", "-k", "uuid_violations or auth_flow", f"--findings={path}")
    arguments = [sys.executable, "-m", "id_isolation.cli.main", "run", "-v", *chosen]
    told = 0
    unbuffered = {**os.environ, "PYTHONUNBUFFERED": "1"}
    pipe = subprocess.PIPE
    with subprocess.Popen(arguments, stdout=pipe, text=True, env=unbuffered) as process:
        assert process.stdout is not None
        wanted = random.Random(seed).randint(1, 8)
        for line in process.stdout:
            told += bool(VERDICT_LINE.search(line))
            if told >= wanted:
                break
        process.kill()
        told += len(VERDICT_LINE.findall(process.stdout.read()))
        process.wait(timeout=units(10))
    assert told >= wanted
    assert len(read_findings(path).record.verdicts) >= told


@pytest.mark.slow
def test_the_diff_of_a_run_mends_what_it_named(tmp_path: Path) -> None:
    """Applied to the tree before the remediation it gives one that is green at plan level."""
    tree, diff = compose.write("legacy", tmp_path / "tree"), tmp_path / "change.diff"
    quick = ("--effort", "0.3", "--backend", str(tree))
    assert run_suite(*quick, "--category", "unit", "--diff", str(diff)).returncode == 1
    subprocess.run(["git", "init", "-q"], cwd=tree, check=True)
    subprocess.run(["git", "apply", str(diff)], cwd=tree, check=True)
    again = run_suite(*quick, "--diff", str(diff))
    assert again.returncode == 0, again.stdout
    assert diff.read_text("utf-8") == ""


def test_what_has_no_source_has_no_diff(tmp_path: Path) -> None:
    """One sentence says so, and no file is written."""
    diff = tmp_path / "change.diff"
    told = run_suite("--backend", "tests.examples.toy.adapter:backend", "--category", "unit", "--diff", str(diff))
    assert "only a source tree" in told.stdout
    assert not diff.exists()
