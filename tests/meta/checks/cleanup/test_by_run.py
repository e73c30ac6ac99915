"""Tests of C1 to C3 on a registry of a few lines, which releases by what a test says."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from itertools import count

import pytest

from id_isolation.backend.protocol import ContextIds
from id_isolation.checks.c1_correlation import thread_and_run_share_a_token
from id_isolation.checks.c2_cleanup_by_run import cleanup_by_run_finds_what_thread_registered
from id_isolation.checks.c3_cleanup_spares_others import cleanup_takes_nothing_of_others
from id_isolation.checks.context import CheckContext
from id_isolation.world.effort import Effort
from id_isolation.world.world import NotApplicable

from ...bare import Bare, context_on, findings_of

FEW = Effort(0.2)
Fits = Callable[[ContextIds, str, str], bool]


def _by_run(context: ContextIds, user: str, run: str) -> bool:
    return (context.user, context.run) == (user, run)


class _Minting:
    """Contexts whose three IDs share a token, unless `runs` makes another for the run."""

    def __init__(self, runs: Callable[[str], str] = str, tokens: Callable[[], str] | None = None) -> None:
        numbers = count()
        self.runs = runs
        self.tokens = tokens or (lambda: f"{next(numbers)}_{secrets.token_hex(4)}")

    def mint_context(self, user: str, operation: str) -> ContextIds:
        token = self.tokens()
        return ContextIds(user, f"thread_chat_{token}", f"run_chat_{self.runs(token)}", f"req_chat_{token}")


class _Registry:
    def __init__(self, fits: Fits, *, at_most: int = 1000) -> None:
        self.fits = fits
        self.at_most = at_most
        self.kept: dict[str, ContextIds] = {}

    async def register(self, context: ContextIds, resource: str) -> None:
        self.kept[resource] = context

    async def release(self, user: str, run: str) -> Collection[str]:
        gone = [name for name, context in self.kept.items() if self.fits(context, user, run)][: self.at_most]
        for name in gone:
            del self.kept[name]
        return gone

    async def held(self) -> Mapping[str, ContextIds]:
        return dict(self.kept)


def _symptoms(carry_out: Callable[[CheckContext], None], check: str, backend: Bare) -> set[str]:
    world = context_on(backend, check, effort=FEW)
    symptoms = {finding.symptom for finding in findings_of(carry_out, world)}
    assert world.judged_count > 0
    return symptoms


@pytest.mark.parametrize(
    ("minting", "symptoms"),
    [
        (_Minting(), set()),
        (_Minting(lambda token: f"9{token}"), {"uncorrelated"}),
        (_Minting(tokens=lambda: "1_0badcafe"), {"shared-token"}),
        (_Minting(lambda token: token.replace("_", "-"), lambda: "1_0badcafe"), {"uncorrelated"}),
    ],
    ids=["shared by both", "another for the run", "one for all", "joined by a dash"],
)
def test_a_token_belongs_to_one_thread_and_its_run(minting: _Minting, symptoms: set[str]) -> None:
    """Both have it, and no other context does."""
    assert _symptoms(thread_and_run_share_a_token, "C1", Bare(minting=minting)) == symptoms


def test_opaque_ids_have_no_token_to_compare() -> None:
    """They are not judged by it."""
    with pytest.raises(NotApplicable, match="opaque"):
        thread_and_run_share_a_token(context_on(Bare(minting=_Minting(), opaque_ids=True), "C1"))


@pytest.mark.parametrize(
    ("registry", "symptoms"),
    [
        (_Registry(_by_run), set()),
        (_Registry(lambda context, user, run: context.thread == run), {"left-behind"}),
        (_Registry(_by_run, at_most=1), {"left-behind"}),
    ],
    ids=["all that the run's thread has", "what is called like the run", "the first of it"],
)
def test_a_run_releases_all_that_its_thread_registered(registry: _Registry, symptoms: set[str]) -> None:
    """However many resources those are."""
    backend = Bare(minting=_Minting(), cleanup=registry)
    assert _symptoms(cleanup_by_run_finds_what_thread_registered, "C2", backend) == symptoms


@pytest.mark.parametrize(
    ("registry", "symptoms"),
    [
        (_Registry(_by_run), set()),
        (_Registry(lambda context, user, run: False), set()),
        (_Registry(lambda context, user, run: context.user == user), {"taken-from-another"}),
        (_Registry(lambda context, user, run: context.run[:10] == run[:10]), {"taken-from-another"}),
        (_Registry(lambda context, user, run: True), {"taken-from-another"}),
    ],
    ids=["its own", "nothing", "all of its user", "what begins alike", "everything"],
)
def test_a_run_releases_nothing_of_others(registry: _Registry, symptoms: set[str]) -> None:
    """Nor of another run of its own user; what it leaves behind is for C2 to say."""
    backend = Bare(minting=_Minting(), cleanup=registry)
    assert _symptoms(cleanup_takes_nothing_of_others, "C3", backend) == symptoms
