"""The verdict on a run, and on each check, is one sentence that claims no more than what was judged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from id_isolation.checks.check import all_checks, check_of
from id_isolation.history.finding import Outcome, Verdict
from id_isolation.history.record import RunRecord
from id_isolation.plan.kinds import Level, Surface
from id_isolation.reports.text import explain, verdict_sentence

from . import samples

G, A = Surface.GENERATOR, Surface.AUTH


def _verdict(outcome: Outcome, check: str = "X1", surface: Surface = G, **more: object) -> Verdict:
    return Verdict(check, surface, outcome, **more)  # type: ignore[arg-type]


def _run(*outcomes: Outcome) -> RunRecord:
    return RunRecord("legacy", Level.PLAN, tuple(_verdict(outcome) for outcome in outcomes))


P, F, K = Outcome.PASSED, Outcome.FAILED, Outcome.KNOWN
N, NONE, E = Outcome.NOT_APPLICABLE, Outcome.INCONCLUSIVE, Outcome.ERRORED


@pytest.mark.parametrize(
    ("outcomes", "sentence"),
    [
        ((), "RED: legacy at plan level: no check was carried out, so nothing is proved."),
        ((P,), "GREEN: legacy at plan level: 1 verdict passed."),
        ((P, P, N), "GREEN: legacy at plan level: 2 verdicts passed, 1 not applicable."),
        ((P, K, K, N), "GREEN: legacy at plan level: 1 verdict passed, 2 failed as known, 1 not applicable."),
        ((N, N), "RED: legacy at plan level: no check applied, so nothing is proved; 0 of 2 verdicts passed."),
        ((F, P), "RED: legacy at plan level: 1 check failed on generator; 1 of 2 verdicts passed."),
        ((E, P), "RED: legacy at plan level: 1 could not be carried out; 1 of 2 verdicts passed."),
        ((NONE, NONE), "RED: legacy at plan level: 2 had nothing to judge; 0 of 2 verdicts passed."),
        (
            (F, E, NONE, P),
            "RED: legacy at plan level: 1 check failed on generator, 1 could not be carried out and 1 had nothing to"
            " judge; 1 of 4 verdicts passed.",
        ),
    ],
)
def test_a_run_is_told_by_its_worst_and_its_counts(outcomes: tuple[Outcome, ...], sentence: str) -> None:
    """A run that judged nothing is red, and says so."""
    assert verdict_sentence(_run(*outcomes)) == sentence


def test_failed_checks_are_counted_once_and_their_surfaces_listed_in_order() -> None:
    """However many verdicts they have."""
    failed = [_verdict(F, "X1", A), _verdict(F, "X1", G), _verdict(F, "X2", A)]
    sentence = verdict_sentence(RunRecord("x", Level.STRICT, tuple(failed)))
    assert sentence == "RED: x at strict level: 2 checks failed on generator and auth; 0 of 3 verdicts passed."


def test_a_backends_name_cannot_steer_the_terminal() -> None:
    """It is what the user typed, or what a file said."""
    assert "a\\x1b[31m at plan" in verdict_sentence(replace(_run(P), backend="a\x1b[31m"))


CLAIM = check_of("X1").proves


@pytest.mark.parametrize(
    ("verdict", "sentence"),
    [
        (_verdict(P, judged=1), f"X1 on generator passed: {CLAIM} (1 thing judged)."),
        (_verdict(P, judged=7), f"X1 on generator passed: {CLAIM} (7 things judged)."),
        (_verdict(N, reason="it mints nothing."), "X1 on generator is not applicable, because it mints nothing."),
        (_verdict(N), "X1 on generator is not applicable, because no reason was given."),
        (
            _verdict(NONE, reason="it met no pair"),
            f"X1 on generator is inconclusive, so it is not known whether {CLAIM}: it met no pair.",
        ),
        (
            _verdict(E, reason="mint hung.\nFile x, line 3"),
            f"X1 on generator could not be carried out, so it is not known whether {CLAIM}: mint hung.",
        ),
        (
            _verdict(K, reason="known: until the spring"),
            f"X1 on generator failed as known: it does not hold that {CLAIM} (until the spring).",
        ),
    ],
    ids=lambda value: str(value.outcome) if isinstance(value, Verdict) else None,
)
def test_each_outcome_claims_what_it_knows(verdict: Verdict, sentence: str) -> None:
    """An open check claims nothing; only the first line of a reason is told."""
    assert explain(verdict) == sentence


def test_a_failure_names_its_findings_or_its_reason() -> None:
    """Titles without their full stops."""
    one = samples.raw_mint(A)
    two = replace(one, title="Another.")
    failed = explain(_verdict(F, "S1", A, findings=(one, two)))
    assert failed.startswith(f"S1 on auth failed: it does not hold that {check_of('S1').proves}: ")
    assert failed.endswith(f"{one.title.rstrip('.')} and Another.")
    assert explain(_verdict(F, reason="it stopped")).endswith(f"{CLAIM}: it stopped.")


def test_the_strict_half_of_a_claim_is_told_only_at_strict_level() -> None:
    """Where the check has one."""
    check = next(said for said in all_checks().values() if said.strict_proves)
    verdict = _verdict(P, check.id, check.surfaces[0])
    assert check.strict_proves not in explain(verdict)
    assert f"{check.proves}; and {check.strict_proves}." in explain(verdict, Level.STRICT)
    plain = next(said for said in all_checks().values() if not said.strict_proves)
    whole = _verdict(P, plain.id, plain.surfaces[0])
    assert explain(whole, Level.STRICT) == explain(whole)


def test_a_check_of_another_version_is_told_without_its_claim() -> None:
    """A file may hold checks that this version does not know."""
    assert explain(_verdict(P, "Z9")) == "Z9 on generator passed: what this check is about holds."
