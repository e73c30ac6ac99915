"""What a run did not judge is listed with every reason, and so is what became of the known findings."""

from __future__ import annotations

from dataclasses import replace

from id_isolation.history.known import KnownFinding, KnownOutcome
from id_isolation.plan.kinds import Surface
from id_isolation.reports.html_run import known, unjudged

from .. import samples


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
