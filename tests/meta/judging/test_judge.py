"""Whatever a check or a backend does, there is a verdict, and none is a pass but one that judged something."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from id_isolation.adapters import ServerProcess, free_port
from id_isolation.backend.protocol import BackendBroke, BackendRefused
from id_isolation.checks.check import check_of
from id_isolation.checks.context import CheckContext, Violation
from id_isolation.history.finding import Outcome, Verdict
from id_isolation.judging import judge as judging
from id_isolation.plan.kinds import Level, Surface
from id_isolation.world.world import Inconclusive, NotApplicable

from ..bare import Bare

Workload = Callable[[CheckContext], None]


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> Callable[[Workload], Verdict]:
    """The verdict of a check that is carried out by a given function."""

    def run(workload: Workload) -> Verdict:
        monkeypatch.setitem(check_of("X1").workloads, Surface.GENERATOR, workload)
        return judging.judge(Bare(), "X1", Surface.GENERATOR, Level.PLAN, 5)

    return run


def _raising(error: BaseException, *, find: bool = False, count: int = 1) -> Workload:
    def workload(world: CheckContext) -> None:
        world.judged(count)
        if find:
            world.find(world.finding("repeated-id", "Wrong."))
        raise error

    return workload


Judged = Callable[[Workload], Verdict]


def test_a_check_that_judged_something_and_found_nothing_passes(judged: Judged) -> None:
    """With the count, the seed and its notes."""

    def workload(world: CheckContext) -> None:
        world.judged(3)
        world.note("seen")

    verdict = judged(workload)
    assert (verdict.outcome, verdict.judged, verdict.seed, verdict.notes) == (Outcome.PASSED, 3, 5, ("seen",))
    assert verdict.reason == ""


def test_a_check_that_judged_nothing_does_not_pass(judged: Judged) -> None:
    """It is inconclusive, and says so."""
    verdict = judged(lambda world: None)
    assert (verdict.outcome, verdict.reason) == (Outcome.INCONCLUSIVE, "the check met nothing to judge")


@pytest.mark.parametrize(
    ("error", "outcome", "reason"),
    [
        (NotApplicable("no sockets"), Outcome.NOT_APPLICABLE, "no sockets"),
        (Inconclusive("no two runs"), Outcome.INCONCLUSIVE, "no two runs"),
        (BackendBroke("mint hung"), Outcome.ERRORED, "mint hung"),
        (BackendRefused("no"), Outcome.ERRORED, "the backend refused what it has to accept: no"),
        (KeyError("x"), Outcome.ERRORED, "the check itself stopped at KeyError: 'x'"),
        (ExceptionGroup("g", [BackendBroke("mint hung")]), Outcome.ERRORED, "mint hung"),
        (ExceptionGroup("g", [BackendRefused("no")]), Outcome.ERRORED, "no"),
        (ExceptionGroup("g", [NotApplicable("no sockets")]), Outcome.NOT_APPLICABLE, "no sockets"),
        (ExceptionGroup("g", [ExceptionGroup("h", [OSError("x")])]), Outcome.ERRORED, "stopped at OSError: x"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else None,
)
def test_every_way_of_stopping_has_its_outcome_and_reason(
    error: BaseException, outcome: Outcome, reason: str, judged: Judged
) -> None:
    """None of them is a pass, though something had been judged."""
    verdict = judged(_raising(error))
    assert verdict.outcome is outcome
    assert reason in verdict.reason


def test_an_unexpected_error_shows_where_it_was_raised(judged: Judged) -> None:
    """With the file of the check."""
    assert "test_judge.py" in judged(_raising(ZeroDivisionError("x"))).reason


@pytest.mark.parametrize(
    "error", [NotApplicable("late"), Inconclusive("late"), BackendBroke("late"), ValueError("late")]
)
def test_what_was_found_before_something_broke_is_a_failure(error: Exception, judged: Judged) -> None:
    """The break is its reason."""
    verdict = judged(_raising(error, find=True))
    assert verdict.outcome is Outcome.FAILED
    assert "late" in verdict.reason
    assert [finding.symptom for finding in verdict.findings] == ["repeated-id"]


def test_a_violation_that_gets_out_is_a_finding(judged: Judged) -> None:
    """Even where nothing was counted as judged."""

    def workload(world: CheckContext) -> None:
        raise Violation(world.finding("repeated-id", "Wrong."))

    verdict = judged(workload)
    assert (verdict.outcome, verdict.judged) == (Outcome.FAILED, 0)
    assert [finding.problem for finding in verdict.findings] == ["Wrong."]


def test_the_wish_to_stop_the_program_is_not_turned_into_a_verdict(judged: Judged) -> None:
    """An interrupt goes through."""
    with pytest.raises(KeyboardInterrupt):
        judged(_raising(KeyboardInterrupt()))


def test_the_event_loop_is_closed_whatever_happened(judged: Judged) -> None:
    """And what still ran on it is cancelled."""
    probes: list[CheckContext] = []

    async def work() -> None:
        raise BackendBroke("mint hung")

    def workload(world: CheckContext) -> None:
        probes.append(world)
        world.run(work())

    assert judged(workload).outcome is Outcome.ERRORED
    (world,) = probes
    assert world._loop is not None
    assert world._loop.is_closed()


SERVER = """
import socket, sys, traceback
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    with listener.accept()[0] as line:
        try:
            if said := line.recv(100).decode():
                raise RuntimeError(f"no room for {said}")
        except RuntimeError:
            traceback.print_exc()
"""


@pytest.mark.parametrize("find", [True, False])
def test_what_the_server_printed_meanwhile_is_told(judged: Judged, tmp_path: Path, find: bool) -> None:
    """The exception of a traceback and its place, without secrets: it may well be the cause."""
    (tmp_path / "application.py").write_text(SERVER)
    port = free_port()
    with closing(ServerProcess.listening([sys.executable, "application.py", str(port)], port, cwd=tmp_path)):

        def workload(world: CheckContext) -> None:
            for said in (b"canary.0123456789abcdef.0", b"somebody else"):
                with socket.create_connection(("127.0.0.1", port)) as line:
                    line.sendall(said)
                    assert line.recv(1) == b""
            _raising(BackendBroke("an answer never came"), find=find)(world)

        verdict, calm = judged(workload), judged(_raising(BackendBroke("an answer never came"), find=find))
    told = "Meanwhile the server printed: RuntimeError: no room for [token] (application.py:8), 2 times."
    if find:
        assert [one.evidence[-1] for one in verdict.findings] == [told]
    assert verdict.reason == f"an answer never came. {told}"
    assert "Meanwhile" not in str(calm)
