"""C3: a run releases nothing of others, and the end of one user's stored sessions none of another's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from id_isolation.history.finding import Outcome
from id_isolation.plan.grammar import correlation_token

from .holding import Fits, Minting, Registry, Stored, Swept, by_run, judged, symptoms


@pytest.fixture(autouse=True)
def _short_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left behind is waited for."""
    monkeypatch.setenv("ID_ISOLATION_TIME_UNIT", "0.05")


TAKES = {
    "its own": (by_run, set()),
    "nothing": (lambda context, user, run: False, set()),
    "all of its user": (lambda context, user, run: context.user == user, {"taken-from-another"}),
    "what begins alike": (lambda context, user, run: context.run[:10] == run[:10], {"taken-from-another"}),
    "everything": (lambda context, user, run: True, {"taken-from-another"}),
}


@pytest.mark.parametrize("make", [Registry, Swept], ids=["at once", "by a sweep"])
@pytest.mark.parametrize(("fits", "due"), TAKES.values(), ids=TAKES)
def test_a_run_releases_nothing_of_others(fits: Fits, due: set[str], make: Callable[[Fits], Registry]) -> None:
    """Nor of another run of its own user; what it leaves behind is for C2 to say."""
    assert symptoms(judged("C3", cleanup=make(fits))) == due


def test_two_operations_of_one_user_do_not_share_a_token() -> None:
    """A release by token takes both where they do."""

    class OneForEachUser(Minting):
        def mint_context(self, user, operation):  # type: ignore[no-untyped-def]
            made = super().mint_context(user, operation)
            token = f"{len(user)}_0badcafe"
            return type(made)(user, f"thread_{operation}_{token}", f"run_{operation}_{token}", made.request)

    def by_token(context, user, run):  # type: ignore[no-untyped-def]
        return context.user == user and correlation_token(context.run) == correlation_token(run)

    assert symptoms(judged("C3", cleanup=Registry(by_token), minting=OneForEachUser())) == {"taken-from-another"}


def test_the_finding_shows_who_took_what_from_whom() -> None:
    """Whose context was ended, what the other held, and the look in which it is gone."""
    (finding,) = judged("C3", cleanup=Registry(lambda context, user, run: True)).findings
    acts = [str(event.act) for event in finding.history]
    assert acts.count("open") == 2
    assert {"register", "look", "release"} <= set(acts)
    assert finding.history[-1].leak


@pytest.mark.parametrize(
    ("stored", "due"),
    [
        (Stored(), set()),
        (Stored(refuses=True), set()),
        (Stored(lambda known, asked: True), {"taken-from-another"}),
        (Stored(sweeps=True), {"taken-from-another"}),
    ],
    ids=["as real generators keep them", "refuses who has none", "everybody's end together", "the young are swept"],
)
def test_stored_sessions_are_looked_up_by_the_thread_that_their_user_named(stored: Stored, due: set[str]) -> None:
    """The thread that a backend answers with is an internal one, and leads to nothing: that is no loss."""
    verdict = judged("C3", cleanup=Registry(), stored=stored)
    assert symptoms(verdict) == due
    for finding in verdict.findings:
        acts = [str(event.act) for event in finding.history]
        assert acts == ["store", "find", "expire" if stored.sweeps else "invalidate", "find"]


class _NotFound(Stored):
    async def find(self, user: str, thread: str) -> str | None:
        return None


def test_stored_sessions_that_are_never_found_are_not_said_to_be_gone() -> None:
    """The rest is judged all the same."""
    verdict = judged("C3", cleanup=Registry(), stored=_NotFound(lambda known, asked: True))
    assert verdict.outcome is Outcome.PASSED
