"""`id-isolation prove` on a single fault: its text, its file and its exit code."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

import pytest

from id_isolation.backend.errors import UsageError
from id_isolation.cli import prove
from id_isolation.power.rooms import all_twins


def _run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    prove.add_parser(parser.add_subparsers())
    options = parser.parse_args(["prove", *arguments])
    return int(options.handler(options))


def test_a_fault_that_is_caught_is_told_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The exit code is 0, the text names the checks, and the file holds the same."""
    file = tmp_path / "certificate.json"
    assert _run("--only", "context-dropped", "--effort", "0.1", "--seed", "1", "--json", str(file)) == prove.GREEN
    printed = " ".join(capsys.readouterr().out.split())
    assert re.search(r"caught context-dropped, by .*U3 on dispatcher in (\d+\.\d|under 0\.1) s", printed)
    data = json.loads(file.read_text("utf-8"))
    assert data["green"]
    assert "U3" in [told["check"] for told in data["faults"][0]["by"]]


def test_the_faults_and_twins_can_be_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """Each fault is listed with its mechanism, each twin with its design and what makes it right."""
    assert _run("--list") == prove.GREEN
    printed = capsys.readouterr().out
    assert "fault  context-dropped: the context that a caller brings is ignored" in printed
    listed = {line.partition(": ")[0]: line for line in printed.splitlines()}
    for twin in all_twins():
        assert listed[f"twin   {twin.name}"].endswith(f"{twin.design}; {twin.why}" if twin.why else twin.design)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--only", "no-such"),
        ("--effort", "0"),
        ("--jobs", "-1"),
        ("--mutants", "--sample", "0"),
        ("--json", "/no/such/place/x"),
    ],
    ids=["name", "effort", "jobs", "sample", "file"],
)
def test_bad_input_is_refused_in_a_sentence(arguments: tuple[str, ...]) -> None:
    """Nothing is tried, and the sentence names the option."""
    with pytest.raises(UsageError, match=r"--(only|effort|jobs|json)"):
        _run(*arguments)
