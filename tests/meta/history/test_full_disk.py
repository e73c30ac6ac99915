"""A disk that fills up midway costs evidence and says so; what was whole stays whole."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from id_isolation.audit.judging import read
from id_isolation.cli.main import main
from id_isolation.history.events import Act
from id_isolation.history.findings_file import FindingsFile, read_findings
from id_isolation.history.history_file import write_history
from id_isolation.history.record import State
from id_isolation.history.recorder import History
from id_isolation.plan.kinds import Level, Surface
from id_isolation.reports.text import write_page

from ..audit.service import Service, write
from ..reports import samples


@contextmanager
def room(size: int) -> Iterator[None]:
    """No file may grow beyond so many bytes; what a write has room for is written, as on a disk that fills up."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def log(tmp_path: Path) -> str:
    """More traces than the room of these tests holds."""
    return str(write(tmp_path / "log", Service().events(3_000)))


def test_a_findings_file_keeps_what_it_took_and_is_incomplete(tmp_path: Path) -> None:
    """The writing ends, and not the run."""
    run, path = samples.legacy(), tmp_path / "f.jsonl"
    file = FindingsFile(path, run)
    with room(5_000):
        for verdict in run.verdicts:
            file.add(verdict)
        file.end(run)
    assert file.trouble.startswith(f"the findings file {path} cannot be written: ")
    given = read_findings(path)
    assert given.record.state in (State.INCOMPLETE, State.RED)
    assert 0 < len(given.record.verdicts) < len(run.verdicts)
    assert not given.complete


def test_a_history_that_does_not_fit_leaves_the_file_whole(tmp_path: Path) -> None:
    """It is taken back, and a later one may fit again."""
    path, history = tmp_path / "h.jsonl", History()
    for number in range(40):
        history.add(Act.MINT, "ana", f"id{number}")
    few = list(history)[:2]
    write_history(path, few, "X1", Surface.GENERATOR, Level.PLAN, 1)
    before = path.read_bytes()
    with room(len(before) + 1_000):
        with pytest.raises(OSError, match="large"):
            write_history(path, history, "X1", Surface.GENERATOR, Level.PLAN, 1)
        assert path.read_bytes() == before
        write_history(path, few, "X1", Surface.GENERATOR, Level.PLAN, 1)
    assert path.read_bytes() == before * 2


def test_a_page_that_does_not_fit_takes_no_ones_place(tmp_path: Path) -> None:
    """What stood there stays, and nothing half stays beside it."""
    path = tmp_path / "page.html"
    path.write_text("the page before")
    with room(1_000), pytest.raises(OSError, match="large"):
        write_page(path, "x" * 5_000)
    assert path.read_text() == "the page before"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["part", "part.gz"])
def test_a_partial_digest_is_whole_or_not_there(
    name: str, log: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A half would be judged as if it were all."""
    path = tmp_path / name
    with room(10_000):
        assert main(["audit", log, "--partial", str(path)]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"ERROR: cannot write {path}: ")
    assert said.count("\n") == 1
    assert sorted(file.name for file in tmp_path.iterdir()) == ["log"]


def test_an_audit_says_what_it_found_though_its_files_do_not_fit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each file that cannot be written is one sentence; a log without an anomaly is not green then."""
    log = str(write(tmp_path / "log", Service().events(300)))
    with room(100):
        code = main(["audit", log, "--loss", "100", "--json", f"{tmp_path}/j", "--html", f"{tmp_path}/h"])
    told = capsys.readouterr()
    assert "GREEN" in told.out
    assert [line[:19] for line in told.err.splitlines()] == ["ERROR: cannot write"] * 2
    assert code == 2


def test_traces_that_do_not_fit_end_an_audit_in_one_sentence(
    log: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says what to do, and is not green."""
    monkeypatch.setattr("id_isolation.cli.audit.read", partial(read, in_memory=100))
    with room(500):
        assert main(["audit", log]) == 2
    said = capsys.readouterr().err
    assert "set TMPDIR" in said
    assert said.count("\n") == 1
