"""Whatever a check or a backend does, there is a verdict, and none is a pass but one that judged something."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from id_isolation.backend.protocol import BackendBroke, BackendRefused
from id_isolation.checks.context import CheckContext, Violation
from id_isolation.history.finding import Outcome, Verdict
from id_isolation.judging import judge as judging
from id_isolation.plan.kinds import Level, Surface
from id_isolation.world.world import Inconclusive, NotApplicable

from ..bare import Bare

Carrier = Callable[[CheckContext], None]


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> Callable[[Carrier], Verdict]:
    """The verdict of a check that is carried out by a given function."""

    def run(carrier: Carrier) -> Verdict:
        monkeypatch.setattr(judging, "carrier_of", lambda check, surface: carrier)
        return judging.judge(Bare(), "X1", Surface.GENERATOR, Level.PLAN, 5)

    return run


def _raising(error: BaseException, *, find: bool = False, count: int = 1) -> Carrier:
    def carrier(world: CheckContext) -> None:
        world.judged(count)
        if find:
            world.find(world.finding("repeated-id", "Wrong."))
        raise error

    return carrier


Judged = Callable[[Carrier], Verdict]


def test_a_check_that_judged_something_and_found_nothing_passes(judged: Judged) -> None:
    """With the count, the seed and its notes."""

    def carrier(world: CheckContext) -> None:
        world.judged(3)
        world.note("seen")

    verdict = judged(carrier)
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

    def carrier(world: CheckContext) -> None:
        raise Violation(world.finding("repeated-id", "Wrong."))

    verdict = judged(carrier)
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

    def carrier(world: CheckContext) -> None:
        probes.append(world)
        world.run(work())

    assert judged(carrier).outcome is Outcome.ERRORED
    (world,) = probes
    assert world._loop is not None
    assert world._loop.is_closed()
