"""A host outlives nobody, and what it prints when it dies holds no secret.

A forked child answers with its verdict, or is reported with how it ended and where it stood.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from id_isolation.backend.protocol import UsageError
from id_isolation.drivers.spec import Target, TargetKind
from id_isolation.history.finding import Outcome, Verdict
from id_isolation.judging import host as children
from id_isolation.judging.client import Judge
from id_isolation.judging.messages import Request
from id_isolation.plan.kinds import Level, Surface
from id_isolation.timing import units
from id_isolation.world.effort import Effort

from ..bare import Bare

CODE = """
import sys
from id_isolation.drivers.spec import on_disk, resolve
from id_isolation.plan.kinds import Level
from id_isolation.judging.client import Judge
from id_isolation.timing import units
with on_disk(resolve("remediated")) as target, Judge(target, Level.PLAN, 1) as judge:
    print(target.root, judge._process.pid, flush=True)
    sys.stdin.read()
"""

_REQUEST = Request(3, "X1", Surface.GENERATOR, Level.PLAN, 5, Effort(0.1))
Start = Callable[[Callable[[], Verdict]], "children.Child"]


def test_a_killed_client_leaves_no_process_and_no_directory(tmp_path: Path) -> None:
    """After kill -9 of the client the host ends by itself and removes the embedded backend's directory."""
    client = subprocess.Popen([sys.executable, "-c", CODE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert client.stdout is not None
    root, host = client.stdout.readline().split()
    assert Path(root).is_dir()
    client.send_signal(signal.SIGKILL)
    client.communicate()
    ended = subprocess.run(["tail", f"--pid={host}", "-f", "/dev/null"], timeout=units(30), check=False)
    assert ended.returncode == 0
    assert not Path(root).exists()


def test_a_host_that_dies_while_it_opens_the_backend_gives_no_secret_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the host has heard of the secret; who reads what it printed is told it, and takes it out."""
    (tmp_path / "dying.py").write_text(
        "import os, sys\nfrom id_isolation.history import redaction\n"
        "def backend():\n"
        "    print('the key is', redaction.remember('9f81-ana-silva', 'key'), file=sys.stderr, flush=True)\n"
        "    os._exit(3)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    judge = Judge(Target("dying:backend", TargetKind.ADAPTER, None), Level.PLAN, 1)
    with pytest.raises(UsageError) as told, judge:
        pass
    assert "the key is [key]" in str(told.value)
    assert "9f81" not in str(told.value)


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Start:
    """Forks a child that gets its verdict from a given function."""

    def forked(work: Callable[[], Verdict], root: Path | None = None) -> children.Child:
        monkeypatch.setattr(children, "judge", lambda *_: work())
        return children.Child(_REQUEST, Bare(), root, 0.0)

    return forked


def _finished(child: children.Child) -> Verdict:
    while not child.read():
        pass
    return child.verdict()


def _verdict(**changes: object) -> Verdict:
    parts = {"outcome": Outcome.PASSED, "judged": 4, "seed": 5, **changes}
    return Verdict("X1", Surface.GENERATOR, **parts)  # type: ignore[arg-type]


def test_a_childs_verdict_comes_back_as_it_was(start: Start) -> None:
    """What it printed is left out where nothing went wrong."""

    def work() -> Verdict:
        print("chatter", flush=True)
        return _verdict(notes=("x" * 100_000,))

    assert _finished(start(work)) == _verdict(notes=("x" * 100_000,))


def test_an_error_comes_with_the_last_lines_that_were_printed(start: Start) -> None:
    """Fifteen of them, from either stream."""

    def work() -> Verdict:
        os.write(1, b"".join(b"line %d\n" % n for n in range(20)))
        os.write(2, b"the last\n")
        return _verdict(outcome=Outcome.ERRORED, reason="it broke")

    verdict = _finished(start(work))
    assert (verdict.outcome, verdict.reason) == (Outcome.ERRORED, "it broke")
    assert verdict.noise.splitlines() == [*(f"line {n}" for n in range(6, 20)), "the last"]


def test_a_token_does_not_leave_the_child(start: Start) -> None:
    """Neither in the verdict nor in what was printed."""

    def work() -> Verdict:
        os.write(2, b"Authorization: Bearer abcdefghijkl\n")
        return _verdict(outcome=Outcome.ERRORED, reason="refused tok.abcdefghijkl")

    verdict = _finished(start(work))
    assert "abcdefghijkl" not in verdict.reason + verdict.noise
    assert "[token]" in verdict.reason
    assert "[token]" in verdict.noise


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (lambda: os._exit(7), "exit code 7"),
        (lambda: os._exit(0), "exit code 0"),
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "signal SIGKILL"),
    ],
    ids=["code", "silent", "killed"],
)
def test_a_backend_that_ends_the_process_is_an_error_that_says_how(
    end: Callable[[], object], words: str, start: Start
) -> None:
    """Even where it left with the code of success."""

    def work() -> Verdict:
        os.write(2, b"last words\n")
        end()
        raise AssertionError

    verdict = _finished(start(work))
    assert verdict.outcome is Outcome.ERRORED
    assert verdict.reason == f"the backend ended the process that judged it ({words})"
    assert verdict.noise == "last words"
    assert (verdict.check, verdict.surface, verdict.seed) == ("X1", Surface.GENERATOR, 5)


def test_an_answer_that_was_cut_off_is_no_verdict(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that died while it wrote is an error."""
    child = start(lambda: _verdict())
    while not child.read():
        pass
    child._answer = child._answer[:-5]
    verdict = child.verdict()
    assert verdict.outcome is Outcome.ERRORED
    assert "exit code 0" in verdict.reason


def _hang(report: int) -> Verdict:
    os.close(report)
    signal.pause()
    raise AssertionError


def _hanging(start: Callable[..., children.Child], root: Path | None = None) -> children.Child:
    """A child that has come to its endless wait, or very near it."""
    ready, report = os.pipe()
    child = start(lambda: _hang(report), root)
    os.close(report)
    assert os.read(ready, 1) == b""
    os.close(ready)
    return child


def test_a_child_that_hangs_is_ended_and_reported_with_its_place(start: Callable[..., children.Child]) -> None:
    """The first line of the backend's own source is named, or else the innermost one."""
    child = _hanging(start, Path(__file__).parent)
    verdict = child.overdue(12.4)
    assert verdict.outcome is Outcome.ERRORED
    assert verdict.reason.startswith("the backend did not come to an end within 12 s; it hangs at ")
    assert f"{Path(__file__).name}:" in verdict.reason
    assert verdict.reason.endswith("in _hang")
    with pytest.raises(ProcessLookupError):
        os.kill(child.pid, 0)


def _patient_deadline(monkeypatch: pytest.MonkeyPatch) -> float:
    """The deadline of a child that tries three times as hard."""
    monkeypatch.setattr(children, "judge", lambda *_: _verdict())
    child = children.Child(replace(_REQUEST, effort=Effort(3.0)), Bare(), None, 0.0)
    _finished(child)
    return child.deadline


def test_a_child_is_overdue_at_its_deadline_and_not_before(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """The deadline is the declaration's, stretched by the effort, and by none below one."""
    monkeypatch.setattr(children.Idleness, "seconds", lambda self, now: 0.0)
    child = _hanging(start)
    try:
        assert child.deadline == children.units(children.check_of("X1").deadline)
        assert _patient_deadline(monkeypatch) == 3 * child.deadline
        assert not child.is_overdue(child.deadline - 0.001)
        assert child.is_overdue(child.deadline)
    finally:
        child.overdue(child.deadline)


def test_a_child_that_stands_still_is_overdue_before_its_deadline(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At so many units without processor time, not just below."""
    still = 0.0
    monkeypatch.setattr(children.Idleness, "seconds", lambda self, now: still)
    child = _hanging(start)
    try:
        still = children.units(children.STANDSTILL) - 0.001
        assert not child.is_overdue(1.0)
        still = children.units(children.STANDSTILL)
        assert child.is_overdue(1.0)
    finally:
        child.overdue(1.0)
