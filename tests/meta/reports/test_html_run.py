"""The page of a run says what the run was, what it noted, and what it left out.

What a run did not judge is listed with every reason, and so is what became of the known findings.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from id_isolation.history.finding import Outcome, Verdict
from id_isolation.history.known import KnownFinding, KnownOutcome
from id_isolation.history.record import RunRecord
from id_isolation.plan.kinds import Level, Surface
from id_isolation.reports.html_run import facts, known, run_page, unjudged

from . import samples


def test_facts_that_are_not_known_are_left_out() -> None:
    """A value of nothing says nothing."""
    assert dict(facts(RunRecord("x", Level.PLAN, ()))) == {
        "Backend": "x",
        "Level": "plan",
        "Checks on a surface": "none",
        "Seed": "0",
    }


def test_facts_count_what_there_is_of_each_outcome() -> None:
    """The worst first, and none that did not occur."""
    told = dict(facts(samples.troubled(), "2026-01-02T03:04:05+00:00"))
    assert told["Checks on a surface"].startswith(
        "1 of 53 failed (1 check, 1 finding), 2 could not be carried out, 1 had nothing to judge"
    )
    assert told["Started"] == "2026-01-02T03:04:05+00:00"
    assert told["Suite"] == "0.1.0"


@pytest.mark.parametrize(
    ("left_out", "said"), [(1, "1 strict check on a surface was"), (9, "9 strict checks on a surface were")]
)
def test_strict_checks_that_were_left_out_are_noted(left_out: int, said: str) -> None:
    """With how to run them."""
    text = run_page(replace(samples.remediated(), strict_not_run=left_out))
    assert f"{said} not run; --level strict runs them too." in text


def test_what_checks_noted_is_folded_but_for_what_the_run_says_itself() -> None:
    """Each note stands once."""
    first, *rest = samples.remediated(Level.STRICT).verdicts
    noted = replace(first, notes=("said by the run", "said by the check"))
    text = run_page(replace(samples.remediated(Level.STRICT), verdicts=(noted, *rest), notes=("said by the run",)))
    assert text.count("said by the run") == 1
    assert "<summary>What the checks noted</summary>" in text
    assert "said by the check" in text


def test_a_run_that_judged_everything_has_no_such_list() -> None:
    """No card, and no list of known findings."""
    assert unjudged(samples.remediated()) == known(samples.remediated()) == ""


def test_each_outcome_that_is_no_judgement_has_a_card() -> None:
    """Errors first, each line with check, surface and reason."""
    text = unjudged(samples.troubled())
    heads = ["Could not be carried out", "Inconclusive: had nothing to judge", "Not applicable"]
    assert [text.index(head) for head in heads] == sorted(text.index(head) for head in heads)
    assert "the backend did not answer within 20 s" in text
    assert "the tree&#x27;s generator has no parse_id" in text


def test_checks_that_one_reason_left_out_share_a_line() -> None:
    """The reason stands once, and each check is named with its surface."""
    run, where = samples.remediated(), (("F1", Surface.GENERATOR), ("U1", Surface.AUTH), ("F2", Surface.GENERATOR))
    left = [Verdict(*pair, Outcome.NOT_APPLICABLE, "it has no such port") for pair in where]
    text = unjudged(replace(run, verdicts=tuple(left)))
    assert text.count("it has no such port") == text.count("data-surface") == 1
    assert text.index("generator: ") < text.index("<b>F1</b>") < text.index("<b>F2</b>") < text.index("auth: ")


def test_what_the_backend_printed_is_folded_away() -> None:
    """It may be long, and is needed only where the reason is not enough."""
    text = unjudged(samples.troubled())
    assert "<summary>What the backend printed for A1 on auth</summary>" in text
    assert text.count("<details>") == 1


def test_a_reason_of_several_lines_is_cut_to_the_first_and_kept_whole() -> None:
    """The rest is folded."""
    run = samples.troubled()
    long = tuple(replace(v, reason="it broke\nfirst\nlast") if v.check == "A6" else v for v in run.verdicts)
    text = unjudged(replace(run, verdicts=long))
    assert "<summary>The whole reason of A6 on auth</summary>" in text
    assert "it broke\nfirst\nlast</pre>" in text


def test_errors_of_the_known_list_come_before_what_held() -> None:
    """They make the run red."""
    entry, gone = KnownFinding("U1", Surface.AUTH, "waits"), KnownFinding("F1", Surface.AUTH, "waits")
    text = known(replace(samples.remediated(), known=KnownOutcome(met=(entry,), gone=(gone,))))
    assert (
        text.index("Error: ") < text.index("Known finding F1 on auth is gone") < text.index("Known finding U1 on auth")
    )
