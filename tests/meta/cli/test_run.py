"""`id-isolation run` hands pytest the suite's tests, and nothing of anybody else's configuration."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

import pytest

from id_isolation.backend.protocol import UsageError
from id_isolation.cli import run
from id_isolation.pytest_plugin.option_table import Category


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What pytest was called with; it ends with exit code 3."""
    arguments: list[str] = []

    def main(given: Sequence[str], plugins: Sequence[object]) -> int:
        arguments.extend(given)
        return 3

    monkeypatch.setattr(pytest, "main", main)
    monkeypatch.setenv("PYTEST_ADDOPTS", "--maxfail=1")
    # Set here, so that it is put back to what it was.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "")
    return arguments


def ended(*arguments: str) -> int:
    """The exit code of the command with these arguments, of which it leaves to pytest what it does not know."""
    parser = argparse.ArgumentParser()
    run.add_parser(parser.add_subparsers())
    options, rest = parser.parse_known_args(["run", *arguments])
    options.rest = rest
    return int(options.handler(options))


def test_the_exit_code_is_pytests(handed: list[str]) -> None:
    """And what the user's environment adds to every run of pytest does not reach this one."""
    assert ended() == 3
    assert "PYTEST_ADDOPTS" not in os.environ
    assert os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] == "1"


@pytest.mark.parametrize("category", list(Category))
def test_a_category_is_one_directory_and_all_are_all(category: Category, handed: list[str]) -> None:
    """Of the suite's own, wherever the command is started."""
    ended("--category", category)
    wanted = [name for name in Category if name is not Category.ALL] if category is Category.ALL else [category]
    assert handed[: len(wanted)] == [str(run.tests_directory() / name) for name in wanted]
    assert all(os.path.isdir(argument) for argument in handed[: len(wanted)])


def test_options_that_are_not_the_commands_go_to_pytest_last(handed: list[str]) -> None:
    """So that they win over its own; those of the suite have the plug-in's names by then."""
    ended("--backend", "legacy", "--category", "unit", "-k", "S1", "--real-services", "--github")
    assert handed[-5:] == [
        "--isolation-backend=legacy",
        "--isolation-real-services=2",
        "--isolation-github",
        "-k",
        "S1",
    ]
    assert "-q" in handed


@pytest.mark.parametrize("flag", ["-v", "-vv", "--verbose"])
def test_a_verbose_run_is_not_hushed(flag: str, handed: list[str]) -> None:
    """Both would cancel each other."""
    ended(flag)
    assert "-q" not in handed


@pytest.mark.parametrize(("flag", "loaded"), [("-n2", True), ("--dist=load", True), ("--seed=2", False)])
def test_xdist_is_loaded_for_runs_that_are_spread(flag: str, loaded: bool, handed: list[str]) -> None:
    """Plug-ins are not loaded by themselves here."""
    ended(flag)
    assert ("xdist" in handed) is loaded


def test_workers_elsewhere_find_the_tests_by_their_name(handed: list[str]) -> None:
    """No path of this machine is handed to them."""
    ended("--tx", "popen//python=python3.12", "--category", "unit")
    assert handed[:2] == ["--pyargs", "id_isolation.tests.unit"]
    assert not any(str(run.tests_directory()) in argument for argument in handed)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--category", "everything"), "--category everything is no category; there are unit"),
        (("--seed", "x"), "--seed x is not a whole number"),
        (("--users", "0"), "--users 0 is not a whole number above 0"),
        (("--check", "C2", "--check", "C3"), "--check was given twice, as C2 and as C3"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused(given: tuple[str, ...], said: str) -> None:
    """Before pytest is started."""
    with pytest.raises(UsageError, match=said):
        ended(*given)
