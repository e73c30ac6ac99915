"""C2: a run releases all that its thread registered, at once or by a sweep."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from id_isolation.history.finding import Outcome

from .holding import Registry, Swept, by_run, judged, symptoms


@pytest.fixture(autouse=True)
def _short_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left behind is waited for."""
    monkeypatch.setenv("ID_ISOLATION_TIME_UNIT", "0.05")


@pytest.mark.parametrize(
    ("make", "due"),
    [
        (Registry, set()),
        (Swept, set()),
        (lambda: Registry(lambda context, user, run: context.thread == run), {"left-behind"}),
        (lambda: Registry(by_run, at_most=1), {"left-behind"}),
    ],
    ids=["all that the run's thread has", "by a sweep", "what is called like the run", "the first of it"],
)
def test_a_run_releases_all_that_its_thread_registered(make: Callable[[], Registry], due: set[str]) -> None:
    """However many resources those are."""
    assert symptoms(judged("C2", cleanup=make())) == due


def test_the_finding_is_the_shortest_story_that_shows_it() -> None:
    """A context is opened, something registered and shown, released, and shown again."""
    (finding,) = judged("C2", cleanup=Registry(lambda context, user, run: False)).findings
    acts = [str(event.act) for event in finding.history]
    assert acts == ["open", "register", "look", "release", "look"]
    assert [event.leak for event in finding.history] == [False] * 4 + [True]
    assert {shown.user for shown in finding.ids} == {finding.history[0].user}


def test_the_search_shrinks_what_is_left_behind() -> None:
    """A registry that releases one resource at a time is shown with two of them."""
    (finding,) = judged("C2", cleanup=Registry(by_run, at_most=1), effort=1.0).findings
    assert finding.evidence[0].split()[0].endswith("/1")


class _Stands(Registry):
    simulated = "clean-up"


def test_a_stand_in_is_named_beside_what_it_showed() -> None:
    """In the verdict, red or green, and in the sentence of a finding."""
    assert judged("C2", cleanup=_Stands()).simulated == ("clean-up",)
    verdict = judged("C2", cleanup=_Stands(lambda context, user, run: False))
    assert verdict.simulated == verdict.findings[0].simulated == ("clean-up",)
    assert any("suite's own" in sentence for sentence in verdict.findings[0].evidence)
    own = judged("C2", cleanup=Registry(lambda context, user, run: False))
    assert own.simulated == own.findings[0].simulated == ()


@pytest.mark.parametrize("check", ["C2", "C3", "C4", "C5"])
def test_what_never_shows_is_not_said_to_be_gone(check: str) -> None:
    """Where nothing that is registered can be looked up, nothing is judged, and that is no pass."""
    verdict = judged(check, cleanup=Registry(shows=False))
    assert verdict.outcome is Outcome.INCONCLUSIVE
    assert "shows in what is held" in verdict.reason
