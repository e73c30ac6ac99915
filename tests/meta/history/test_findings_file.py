"""The findings file: written line by line, valid by its schema, read back whole, and clear about what it is not."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from id_isolation.history.findings_file import FindingsFile, FindingsFileError, read_findings
from id_isolation.history.record import RunRecord
from id_isolation.history.redaction import remember
from id_isolation.plan.kinds import Level, Surface
from id_isolation.timing import units

from ..reports import samples

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is in the dev extra")


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = json.loads(resources.files("id_isolation.history").joinpath("schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def write(path: Path, record: RunRecord, end: bool = True) -> Path:
    with FindingsFile(path, record, started="2026-01-02T03:04:05Z") as file:
        for verdict in record.verdicts:
            file.add(verdict)
        if end:
            file.end(record)
    return path


@pytest.mark.parametrize("make", [samples.legacy, samples.troubled, lambda: samples.remediated(Level.STRICT)])
def test_every_line_is_valid_by_the_schema(tmp_path: Path, validator: Any, make: Any) -> None:
    """Run, finding, verdict and end lines each validate."""
    lines = write(tmp_path / "f.jsonl", make()).read_text().splitlines()
    for line in lines:
        validator.validate(json.loads(line))
    assert {json.loads(line)["type"] for line in lines} >= {"run", "finding", "verdict", "end"}


def test_the_schema_refuses_a_line_with_something_missing(tmp_path: Path, validator: Any) -> None:
    """A validator that accepts everything would prove nothing."""
    for text in write(tmp_path / "f.jsonl", samples.legacy()).read_text().splitlines():
        line = json.loads(text)
        for name in line:
            assert not validator.is_valid({key: value for key, value in line.items() if key != name}), name


@pytest.mark.parametrize("make", [samples.legacy, samples.troubled, lambda: samples.remediated(Level.STRICT)])
def test_what_was_written_is_read_back(tmp_path: Path, make: Any) -> None:
    """The record comes back equal, verdicts and findings in order."""
    record = make()
    read = read_findings(write(tmp_path / "f.jsonl", record))
    assert read.record == record
    assert read.complete
    assert read.started == "2026-01-02T03:04:05Z"
    assert not read.warnings


def test_each_line_is_in_the_file_when_the_call_returns(tmp_path: Path) -> None:
    """No buffer stands between a finding and the file."""
    record = samples.legacy()
    path = tmp_path / "f.jsonl"
    with FindingsFile(path, record) as file:
        for number, verdict in enumerate(record.verdicts, 1):
            file.add(verdict)
            assert len(read_findings(path).record.verdicts) == number


def test_a_run_without_its_end_says_so(tmp_path: Path) -> None:
    """A run that was broken off keeps its findings and is told from a whole one."""
    record = samples.legacy()
    read = read_findings(write(tmp_path / "f.jsonl", record, end=False))
    assert not read.complete
    assert "did not come to its end" in read.warnings[0]
    assert read.record.findings == record.findings


def test_a_torn_last_line_is_told_and_costs_nothing_else(tmp_path: Path) -> None:
    """Cut anywhere in the last line, the file gives everything before it."""
    path = write(tmp_path / "f.jsonl", samples.legacy(), end=False)
    whole = path.read_bytes()
    kept = whole[: whole.rstrip(b"\n").rfind(b"\n") + 1]
    for cut in (len(kept) + 1, len(kept) + 40, len(whole) - 1):
        path.write_bytes(whole[:cut])
        read = read_findings(path)
        assert "torn" in read.warnings[0]
        assert read.record.findings == samples.legacy().findings


def test_findings_whose_verdict_was_never_written_are_kept(tmp_path: Path) -> None:
    """A kill between a finding and its verdict loses no finding."""
    path = write(tmp_path / "f.jsonl", samples.legacy())
    lines = path.read_text().splitlines(keepends=True)
    last = max(number for number, line in enumerate(lines) if json.loads(line)["type"] == "finding")
    path.write_text("".join(lines[: last + 1]))
    assert read_findings(path).record.findings == samples.legacy().findings


KILLED = """
import sys
from dataclasses import replace
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from tests.meta.reports import samples
from id_isolation.history.findings_file import FindingsFile
run = samples.legacy()
failed = next(v for v in run.verdicts if v.findings)
with FindingsFile(Path(sys.argv[1]), run) as file:
    for number in range(100_000):
        finding = replace(failed.findings[0], symptom=f"s{number}")
        file.add(replace(failed, findings=(finding,)))
        print(finding.symptom, flush=True)
"""


@pytest.mark.parametrize("seed", range(3))
def test_a_killed_run_leaves_every_finding_that_it_told(tmp_path: Path, validator: Any, seed: int) -> None:
    """Kill -9 at some moment: each whole line is valid, and what stood on the terminal is in the file."""
    path = tmp_path / "f.jsonl"
    root = str(Path(samples.__file__).parents[3])
    command = [sys.executable, "-c", KILLED, str(path), root]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline().strip() for _ in range(random.Random(seed).randint(1, 200))]
        process.kill()
        told += process.stdout.read().split()
        process.wait(timeout=units(10))
    for line in path.read_bytes().split(b"\n")[:-1]:
        validator.validate(json.loads(line))
    kept = {finding.symptom for finding in read_findings(path).record.findings}
    # A word of stdout that the kill tore is no line that was told.
    assert set(told[:-1]) <= kept
    assert told


def test_secrets_never_reach_the_file(tmp_path: Path) -> None:
    """A remembered secret is replaced by its label wherever it stands."""
    remember(samples.SECRET, "canary of amelia")
    leak = samples.finding("E1", Surface.WEBSOCKET, "foreign", "event", evidence=(f"bruno received {samples.SECRET}",))
    text = write(tmp_path / "f.jsonl", samples.run("legacy", Level.PLAN, [leak])).read_text()
    assert samples.SECRET not in text
    assert "bruno received [canary of amelia]" in text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "has no whole line"),
        (b"\x89PNG\r\n\x1a\n\x00\n", "line 1 is no JSON"),
        (b"[]\n", "no JSON object"),
        (b'{"type":"finding"}\n', "first line is not that of a run"),
        (b'{"type":"run","suite":"id-isolation","schema":99}\n', "has schema 99; this version reads 1"),
        (b'{"type":"run","suite":"id-isolation","schema":1}\n', "does not follow the schema"),
    ],
)
def test_what_is_no_findings_file_is_refused_in_a_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    """The error says what is wrong with the file, in one line."""
    path = tmp_path / "f.jsonl"
    path.write_bytes(content)
    with pytest.raises(FindingsFileError, match=said) as caught:
        read_findings(path)
    assert "\n" not in str(caught.value)


def test_a_broken_line_in_the_middle_is_refused(tmp_path: Path) -> None:
    """Only the last line can be torn by a kill; any other is damage."""
    path = write(tmp_path / "f.jsonl", samples.legacy())
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines[:3], '{"type":"find\n', *lines[3:]]))
    with pytest.raises(FindingsFileError, match="line 4 is no JSON"):
        read_findings(path)


def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    """Writing to a folder, or reading what is not there, gives a sentence."""
    with pytest.raises(FindingsFileError, match="cannot write the findings file"):
        FindingsFile(tmp_path, samples.legacy())
    with pytest.raises(FindingsFileError, match="cannot read the findings file"):
        read_findings(tmp_path / "none.jsonl")


def test_names_outside_unicode_are_written(tmp_path: Path) -> None:
    """A lone surrogate in a hostile name breaks neither writer nor reader."""
    leak = samples.finding("F5", Surface.AUTH, "x", "odd", evidence=("name \ud800 and \u2028",))
    record = samples.run("legacy", Level.STRICT, [leak])
    assert read_findings(write(tmp_path / "f.jsonl", record)).record == record
