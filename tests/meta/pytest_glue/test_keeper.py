"""At the end of a run its record is written and printed, and makes it red where no single test could."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from id_isolation.history.finding import Outcome, Verdict
from id_isolation.history.record import RunRecord
from id_isolation.plan.kinds import Level, Surface
from id_isolation.pytest_plugin import outputs, results
from id_isolation.pytest_plugin.results import LedgerKeeper

PASSED = Verdict("C2", Surface.GENERATOR, Outcome.PASSED, judged=3)
LATE = Verdict("X3", Surface.GENERATOR, Outcome.ERRORED, reason="a worker was lost")


class Book:
    """A ledger with these verdicts, and those that only the end of the run has."""

    def __init__(self, *verdicts: Verdict, late: tuple[Verdict, ...] = ()) -> None:
        self.verdicts = list(verdicts)
        self.late = list(late)

    def verdicts_on_the_run(self) -> list[Verdict]:
        return self.late

    def record(self) -> RunRecord:
        return RunRecord("hardened", Level.PLAN, tuple(self.verdicts))


@pytest.fixture(autouse=True)
def _no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was asked for but a sentence on what was written."""
    monkeypatch.setattr(outputs, "asked_for", lambda config: False)
    monkeypatch.setattr(outputs, "late_verdict", lambda config, verdict: verdict)
    monkeypatch.setattr(outputs, "finish", lambda config, record: (record, ["Wrote a file."]))


def ended(book: Book, status: int = 0, verbosity: int = 0) -> tuple[int, str]:
    """The exit status of a run with this ledger, and what it printed."""
    config: Any = SimpleNamespace(get_verbosity=lambda: verbosity)
    session: Any = SimpleNamespace(exitstatus=pytest.ExitCode(status))
    said: list[str] = []
    writer: Any = SimpleNamespace(write_line=said.append, _tw=SimpleNamespace(fullwidth=80, hasmarkup=False))
    plugin = LedgerKeeper(config, book)  # type: ignore[arg-type]
    plugin.pytest_sessionfinish(session)
    plugin.pytest_terminal_summary(writer)
    return int(session.exitstatus), "\n".join(said)


def test_a_green_run_stays_green_and_ends_in_what_was_written() -> None:
    """Below the verdict."""
    status, text = ended(Book(PASSED))
    assert status == 0
    assert text.splitlines()[-2:] == ["GREEN: hardened at plan level: 1 verdict passed.", "Wrote a file."]


def test_what_no_test_could_say_makes_the_run_red() -> None:
    """The tests were green, each by itself."""
    status, text = ended(Book(PASSED, late=(LATE,)))
    assert status == pytest.ExitCode.TESTS_FAILED
    assert "a worker was lost" in text
    assert "RED" in text


@pytest.mark.parametrize("status", [1, 2, 4])
def test_an_exit_code_that_is_red_already_is_kept(status: int) -> None:
    """It says more than that something failed."""
    assert ended(Book(LATE), status)[0] == status


def test_a_run_of_the_machinery_alone_prints_nothing() -> None:
    """It judged no backend, and no file was asked for."""
    assert ended(Book()) == (0, "")


def test_a_run_that_was_to_write_files_is_told_without_a_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    """And is red: whoever asked for a report expected that something is judged."""
    monkeypatch.setattr(outputs, "asked_for", lambda config: True)
    status, text = ended(Book())
    assert status == pytest.ExitCode.TESTS_FAILED
    assert "no check was carried out" in text


def test_a_verbose_run_explains_each_verdict() -> None:
    """A quiet one does not."""
    assert "What was judged" in ended(Book(PASSED), verbosity=1)[1]
    assert "What was judged" not in ended(Book(PASSED))[1]


def test_reports_go_into_the_ledger(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those that came from workers."""
    taken: list[object] = []
    book: Any = SimpleNamespace(take=taken.append)
    report: Any = object()
    results.LedgerKeeper(SimpleNamespace(), book).pytest_runtest_logreport(report)  # type: ignore[arg-type]
    assert taken == [report]
