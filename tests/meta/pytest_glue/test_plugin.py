"""Runs as a user starts them: exit codes, selection by level, and what is printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from .runs import run_pytest, run_suite

MINTED_FOR = ["was", "minted", "for"]
VIOLATIONS = "tests/unit/id_migration/test_uuid_violations_detection.py"


def test_the_backend_comes_from_the_environment_too() -> None:
    """ID_ISOLATION_BACKEND names what is judged where --backend does not."""
    given = run_pytest(VIOLATIONS, "-q", ID_ISOLATION_BACKEND="legacy")
    assert given.returncode == 1
    assert "RED: legacy at plan level" in given.stdout
    assert run_pytest(VIOLATIONS, "-q", "--backend", "remediated", ID_ISOLATION_BACKEND="legacy").returncode == 0


def test_the_red_run_names_all_six_lines() -> None:
    """The failing run before the remediation says file and line of every raw mint."""
    given = run_pytest(VIOLATIONS, "-v", "--backend", "legacy")
    for text in ("session_id = str(uuid.uuid4())", "request_id = f", "connection_id = preliminary_connection_id or"):
        assert text in given.stdout
    assert "6 lines" in given.stdout


def test_a_plan_level_run_says_how_many_strict_checks_it_left_out() -> None:
    """And how to run them."""
    given = run_suite("--category", "integration")
    assert given.returncode == 0
    assert "strict checks were not run; --level strict runs them too." in given.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--backend", "nowhere/at/all"], "there is no such directory"),
        (["--backend", "legacy+nothing"], "there is no phase 'nothing'"),
        (["--backend", "no_such_module:make"], "the adapter cannot be made"),
        (["--effort", "0"], "--effort must be more than 0"),
        (["--fleet", "many"], "--fleet: 'many' says nothing about a fleet"),
        (["--users", "none"], "--users none is not a whole number"),
        (["--ids", "0"], "--ids 0 is not a whole number"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_4(arguments: list[str], said: str) -> None:
    """Nothing is judged by an option that cannot be meant."""
    given = run_suite("--category", "unit", *arguments)
    assert given.returncode == 4
    assert said in given.stdout + given.stderr
    assert "Traceback" not in given.stdout + given.stderr


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


def test_workers_give_the_same_verdicts(tmp_path: Path) -> None:
    """With pytest-xdist the controller prints the whole table, and what was left out."""
    alone = run_suite("--category", "integration", "--backend", "legacy", "--seed", "3")
    spread = run_suite("--category", "integration", "--backend", "legacy", "--seed", "3", "-n", "2")
    assert alone.returncode == spread.returncode == 1
    assert table(alone.stdout) == table(spread.stdout) != []
    assert "strict checks were not run" in spread.stdout


def table(output: str) -> list[str]:
    """The lines of the summary's table."""
    marks = (" ok", " FAIL", " ERROR")
    return [
        line.rstrip() for line in output.splitlines() if any(mark in line for mark in marks) and "GREEN" not in line
    ]


def test_a_run_from_elsewhere_leaves_nothing_behind(tmp_path: Path) -> None:
    """A green run writes no file into the directory that it is started in."""
    assert run_suite("--category", "unit", cwd=tmp_path).returncode == 0
    assert list(tmp_path.iterdir()) == []
