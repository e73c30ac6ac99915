"""Runs as a user starts them: exit codes, selection by level, and what is printed.

A worker that cannot be started is told in one sentence, and in time. The suite's tests beside a package called `tests`
of somebody else's, from an editable installation too.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from id_isolation.cli.main import main
from id_isolation.pytest_plugin.plugin import trouble_with
from id_isolation.timing import units

from .runs import run_pytest, run_suite

MINTED_FOR = ["was", "minted", "for"]
VIOLATIONS = "tests/unit/id_migration/test_uuid_violations_detection.py"


def test_the_backend_comes_from_the_environment_too() -> None:
    """ID_ISOLATION_BACKEND names what is judged where --isolation-backend does not; file and line of each raw mint."""
    given = run_pytest(VIOLATIONS, "-v", ID_ISOLATION_BACKEND="legacy")
    assert given.returncode == 1
    assert "RED for test_uuid_violations_detection.py: 3 of 53, legacy at plan level" in " ".join(given.stdout.split())
    for text in ("session_id = str(uuid.uuid4())", "request_id = f", "connection_id = preliminary_connection_id or"):
        assert text in given.stdout
    assert "6 lines" in given.stdout


def test_bad_input_is_one_sentence_and_exit_code_4() -> None:
    """Nothing is judged by an option that cannot be meant."""
    given = run_suite("--category", "unit", "--bakend", "x")
    assert given.returncode == 4
    assert "ERROR: There is no option --bakend; did you mean --backend?" in given.stdout + given.stderr
    for noise in ("Traceback", "usage:", "inifile:", "_pytest.outcomes"):
        assert noise not in given.stdout + given.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--level", "strct"], "ERROR: --level strct is no level; did you mean strict?"),
        (["--level"], "ERROR: argument --level: expected one argument"),
        (["--check", "C8@auth"], "C8 is judged on generator"),
    ],
)
def test_a_value_that_cannot_be_meant_is_told_before_pytest_is_loaded(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one sentence, by the command itself."""
    assert main(["run", *arguments]) == 4
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err


def test_an_option_of_the_plug_in_that_there_is_not_is_one_sentence_too(tmp_path: Path) -> None:
    """In somebody's own run of pytest."""
    given = run_pytest("-p", "id_isolation.pytest_plugin", "--isolation-bakend", "x", cwd=tmp_path)
    assert given.returncode == 4
    assert "ERROR: There is no option --isolation-bakend; did you mean --isolation-backend?" in given.stderr
    assert "usage:" not in given.stderr


@pytest.mark.slow
def test_a_seed_makes_a_run_repeatable() -> None:
    """Two runs with one seed name the same users in their evidence."""

    def users(output: str) -> list[str]:
        words = output.split()
        named = [words[place + 3] for place, word in enumerate(words[:-3]) if words[place : place + 3] == MINTED_FOR]
        return [user for user in named if not user.startswith("migration_compat_")]

    first, second = (
        run_suite("--category", "integration", "--backend", "legacy", "--seed", "7").stdout for _ in range(2)
    )
    assert users(first) == users(second) != []


@pytest.mark.slow
def test_workers_give_the_same_verdicts(tmp_path: Path) -> None:
    """With pytest-xdist the controller prints the whole table, and what was left out."""
    alone = run_suite("--category", "integration", "--backend", "legacy", "--seed", "3")
    spread = run_suite("--category", "integration", "--backend", "legacy", "--seed", "3", "-n", "2")
    assert alone.returncode == spread.returncode == 1
    assert table(alone.stdout) == table(spread.stdout) != []
    assert "strict checks on a surface were not run" in spread.stdout


def table(output: str) -> list[str]:
    """The lines of the summary's table."""
    marks = (" ok", " FAIL", " ERROR")
    return [
        line.rstrip() for line in output.splitlines() if any(mark in line for mark in marks) and "GREEN" not in line
    ]


def test_a_green_run_leaves_nothing_behind_and_says_what_it_left_out(tmp_path: Path) -> None:
    """No file where it is started, and how to run the strict checks. The option goes before the variable."""
    chosen = ("--category", "unit", "-k", "mints or grammar", "--backend", "remediated")
    given = run_suite(*chosen, "--effort", "0.1", cwd=tmp_path, ID_ISOLATION_BACKEND="legacy")
    assert given.returncode == 0, given.stdout
    assert "was not run; --level strict runs" in " ".join(given.stdout.split())
    assert list(tmp_path.iterdir()) == []


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


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a package `tests` whose folders are called as the suite's."""
    folder = tmp_path / "tests" / "unit" / "id_migration"
    folder.mkdir(parents=True)
    for package in (folder, folder.parent, folder.parent.parent):
        (package / "__init__.py").write_text("OWN = True\n")
    (folder / "test_uuid_violations_detection.py").write_text(
        "import tests.unit\ndef test_own(): assert tests.unit.OWN\n"
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return tmp_path


@pytest.mark.parametrize("mode", ["prepend", pytest.param("importlib", marks=pytest.mark.slow)])
def test_both_packages_are_collected(mode: str, project: Path) -> None:
    """However the project has its tests imported; its own see their own package."""
    chosen = ("--pyargs", "tests", "id_isolation.tests.unit", "-k", "raw or own")
    ended = run_pytest(
        *("-p", "no:cacheprovider", "-p", "id_isolation.pytest_plugin", f"--import-mode={mode}", "-v", *chosen),
        cwd=project,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "::test_own PASSED" in ended.stdout
    assert "::test_token_validation_mints_no_raw_session_id PASSED" in ended.stdout
    assert "GREEN for" in ended.stdout


def test_a_fault_in_a_test_module_is_told_as_ever(project: Path) -> None:
    """Of the project's own modules nothing is taken over."""
    (project / "tests" / "test_broken.py").write_text("import no_such_module\n")
    ended = run_pytest("-p", "id_isolation.pytest_plugin", "-p", "no:cacheprovider", "-q", "tests", cwd=project)
    assert ended.returncode == 2
    assert "ModuleNotFoundError: No module named 'no_such_module'" in ended.stdout
