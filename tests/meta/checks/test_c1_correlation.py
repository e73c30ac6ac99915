"""C1: a token belongs to one thread and its run."""

from __future__ import annotations

import pytest

from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Surface

from ..bare import Bare
from .holding import Dispatcher, Minting, judged, symptoms

CASES = [
    (lambda: Minting(), set()),
    (lambda: Minting(lambda token: f"9{token}"), {"uncorrelated"}),
    (lambda: Minting(tokens=lambda: "1_0badcafe"), {"shared-token"}),
    (lambda: Minting(lambda token: token.replace("_", "-"), lambda: "1_0badcafe"), {"uncorrelated"}),
]


@pytest.mark.parametrize("surface", [Surface.GENERATOR, Surface.DISPATCHER])
@pytest.mark.parametrize(
    ("make", "due"), CASES, ids=["shared by both", "another for the run", "one for all", "joined by a dash"]
)
def test_a_token_belongs_to_one_thread_and_its_run(make, due: set[str], surface: Surface) -> None:  # type: ignore[no-untyped-def]
    """Both have it, and no other context does, whoever mints them."""
    minting = make()
    backend = Bare(minting=minting, contexts=Dispatcher(minting))
    assert symptoms(judged("C1", backend, surface)) == due


def test_the_finding_shows_the_contexts_as_they_were_opened() -> None:
    """Both, with whom they were opened for."""
    (finding,) = judged("C1", minting=Minting(tokens=lambda: "1_0badcafe")).findings
    assert [str(event.act) for event in finding.history] == ["open", "open"]
    assert len({event.user for event in finding.history}) == 2
    assert {shown.text for shown in finding.ids} >= {"thread_chat_1_0badcafe", "run_chat_1_0badcafe"}


def test_opaque_ids_have_no_token_to_compare() -> None:
    """They are not judged by it."""
    verdict = judged("C1", Bare(minting=Minting(), opaque_ids=True))
    assert (verdict.outcome, verdict.findings) == (Outcome.NOT_APPLICABLE, ())
    assert "opaque" in verdict.reason
