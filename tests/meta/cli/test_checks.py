"""`id-isolation checks`: the catalogue, one check in full, and an id that there is not."""

from __future__ import annotations

import argparse

import pytest

from id_isolation.checks.check import all_checks
from id_isolation.cli import tools
from id_isolation.power.fault import faults_of


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    tools.add_checks_parser(parser.add_subparsers())
    given = parser.parse_args(["checks", *arguments])
    return int(given.handler(given))


def test_every_check_is_listed_with_its_level(capsys: pytest.CaptureFixture[str]) -> None:
    """In the catalogue's order, within the width of the terminal."""
    assert run() == 0
    lines = capsys.readouterr().out.splitlines()
    listed = [tuple(line.split()[:2]) for line in lines if line.startswith("  ") and line.split()[0] in all_checks()]
    assert listed == [(check.id, str(check.level)) for check in all_checks().values()]


@pytest.mark.parametrize("check", ["F2", "f2"])
def test_one_check_is_told_in_full(check: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What it proves, at which level, where, how, whom a failure hurts, what mends it, and its source."""
    assert run(check) == 0
    text = " ".join(capsys.readouterr().out.split())
    declared = all_checks()["F2"]
    for part in (declared.proves, declared.strict_proves, declared.attack, declared.harm, declared.remedy):
        assert part in text
    assert declared.source in text
    assert "Symptoms does-not-parse, bare-does-not-parse, own-id-not-valid" in text


def test_an_id_that_there_is_not_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """With the ids that there are, and exit code 2."""
    assert run("Z9") == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "there is no check 'Z9'" in error
    assert "C2" in error


def test_the_planted_faults_that_a_check_catches_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    """By name and mechanism."""
    assert run("E2") == 0
    text = " ".join(capsys.readouterr().out.split())
    told = faults_of("E2")
    assert told
    assert all(fault.name in text for fault in told)
