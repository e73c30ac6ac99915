"""`id-isolation compare`: exit codes, what it prints, the page it writes, and bad input."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from id_isolation.cli import tools
from id_isolation.history.findings_file import FindingsFile
from id_isolation.history.record import RunRecord

from ..reports import samples


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    def write(name: str, record: RunRecord, end: bool = True) -> str:
        path = tmp_path / f"{name}.jsonl"
        with FindingsFile(path, record) as file:
            for verdict in record.verdicts:
                file.add(verdict)
            if end:
                file.end(record)
        return str(path)

    (tmp_path / "junk").write_text("hello\n")
    return {
        "legacy": write("legacy", samples.legacy()),
        "remediated": write("remediated", samples.remediated()),
        "killed": write("killed", samples.legacy(), end=False),
        "junk": str(tmp_path / "junk"),
        "none": str(tmp_path / "none"),
    }


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    tools.add_compare_parser(parser.add_subparsers())
    given = parser.parse_args(["compare", *arguments])
    return int(given.handler(given))


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("legacy", "remediated", 0),
        ("legacy", "legacy", 0),
        ("remediated", "legacy", 1),
        ("legacy", "junk", 2),
        ("none", "legacy", 2),
    ],
)
def test_the_exit_code_is_red_on_what_is_new_and_2_on_bad_input(
    files: dict[str, str], before: str, after: str, code: int
) -> None:
    """0, 1 and 2 are three different things."""
    assert run(files[before], files[after]) == code


def test_bad_input_is_told_in_one_line(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """On standard error, with the file's name."""
    run(files["legacy"], files["junk"])
    out, error = capsys.readouterr()
    assert not out
    assert error.count("\n") == 1
    assert files["junk"] in error


def test_a_run_that_was_broken_off_is_told(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """It is compared as far as it came."""
    assert run(files["killed"], files["remediated"]) == 0
    assert "did not come to its end" in capsys.readouterr().err


def test_the_page_is_written(files: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Side by side, where --html names a file; where it cannot be written, that is bad input."""
    page = tmp_path / "page.html"
    assert run(files["legacy"], files["remediated"], "--html", str(page)) == 0
    assert "legacy to remediated: 20 fixed" in page.read_text(encoding="utf-8")
    assert run(files["legacy"], files["remediated"], "--html", str(tmp_path / "no" / "page.html")) == 2
    assert "cannot write" in capsys.readouterr().err
