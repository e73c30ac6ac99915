"""Contexts whose IDs share a token, and registries and stored sessions of a few lines that go by what a test says."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from itertools import count

from id_isolation.backend.protocol import BackendRefused, ContextIds
from id_isolation.checks.check import check_of
from id_isolation.history.finding import Verdict
from id_isolation.judging.judge import judge
from id_isolation.plan.kinds import Level, Surface
from id_isolation.world.effort import Effort

from ..bare import Bare

Fits = Callable[[ContextIds, str, str], bool]
"""Whether what is held for a context goes where this user asks for clean-up by this text."""


def by_run(context: ContextIds, user: str, run: str) -> bool:
    """As it should be."""
    return (context.user, context.run) == (user, run)


class Minting:
    """Contexts whose three IDs share a token, unless `runs` makes another for the run."""

    def __init__(self, runs: Callable[[str], str] = str, tokens: Callable[[], str] | None = None) -> None:
        numbers = count(1000)
        self.runs = runs
        self.tokens = tokens or (lambda: f"{next(numbers)}_{secrets.token_hex(4)}")

    def mint_context(self, user: str, operation: str) -> ContextIds:
        token = self.tokens()
        return ContextIds(user, f"thread_chat_{token}", f"run_chat_{self.runs(token)}", f"req_chat_{token}")


class Dispatcher:
    """A dispatcher all of whose contexts are one anonymous user's."""

    def __init__(self, minting: Minting) -> None:
        self.minting = minting

    async def open_anonymous(self) -> ContextIds:
        return self.minting.mint_context("nobody", "dispatcher")


class Registry:
    """Holds contexts by a name and releases what fits, `at_most` so much at a time; `shows` is what a look tells of."""

    def __init__(self, fits: Fits = by_run, *, at_most: int = 1000, shows: bool = True, refuses: bool = False) -> None:
        self.fits = fits
        self.at_most = at_most
        self.shows = shows
        self.refuses = refuses
        self.kept: dict[str, ContextIds] = {}
        self.asked: list[str] = []

    async def register(self, context: ContextIds, resource: str) -> None:
        self.kept[resource] = context

    async def release(self, user: str, run: str) -> Collection[str]:
        self.asked.append(run)
        gone = [name for name, context in self.kept.items() if self.fits(context, user, run)][: self.at_most]
        if self.refuses and not gone:
            raise BackendRefused("nothing to release")
        for name in gone:
            del self.kept[name]
        return gone

    async def held(self) -> Mapping[str, ContextIds]:
        return dict(self.kept) if self.shows else {}


class Swept(Registry):
    """Releases nothing at once: what fits goes after so many looks."""

    def __init__(self, fits: Fits = by_run, looks: int = 3) -> None:
        super().__init__(fits)
        self.looks = looks
        self.due: dict[str, int] = {}

    async def release(self, user: str, run: str) -> Collection[str]:
        self.due |= {name: self.looks for name, context in self.kept.items() if self.fits(context, user, run)}
        return []

    async def held(self) -> Mapping[str, ContextIds]:
        for name in list(self.due):
            self.due[name] -= 1
            if self.due[name] < 0:
                del self.due[name]
                self.kept.pop(name, None)
        return dict(self.kept)


class Stored:
    """Sessions as real generators keep them.

    The key is the user and the thread that the caller names, or one default key where it names none; what is given back
    as the thread is an internal one, by which nothing is found. `ends` says whose sessions an ending takes, `sweeps`
    whether a sweep takes the young too, and `fold` is what becomes of a user's name.
    """

    def __init__(
        self,
        ends: Callable[[str, str], bool] = str.__eq__,
        *,
        sweeps: bool = False,
        fold: Callable[[str], str] = str,
        refuses: bool = False,
    ) -> None:
        self.ends = ends
        self.sweeps = sweeps
        self.fold = fold
        self.refuses = refuses
        self.runs: dict[tuple[str, str], str] = {}
        self.numbers = count()

    async def store(self, user: str, thread: str | None = None) -> ContextIds:
        key = (self.fold(user), thread or "default")
        run = self.runs.setdefault(key, f"run_session_{next(self.numbers)}")
        return ContextIds(user, f"thread_session_internal_{run}", run, f"req_session_{next(self.numbers)}")

    async def find(self, user: str, thread: str) -> str | None:
        return self.runs.get((self.fold(user), thread))

    async def invalidate(self, user: str) -> int:
        gone = [key for key in self.runs if self.ends(key[0], self.fold(user))]
        if self.refuses and not gone:
            raise BackendRefused("no such user")
        for key in gone:
            del self.runs[key]
        return len(gone)

    async def expire(self, older_than_hours: float) -> int:
        gone = list(self.runs) if self.sweeps else []
        self.runs = {} if self.sweeps else self.runs
        return len(gone)


def judged(
    check: str,
    backend: Bare | None = None,
    surface: Surface = Surface.GENERATOR,
    effort: float = 0.2,
    **ports: object,
) -> Verdict:
    """The verdict of a check on a backend, or on one of these ports alone."""
    subject = backend or Bare(**{"minting": Minting(), **ports})  # type: ignore[arg-type]
    return judge(subject, check, surface, check_of(check).level, 1, Effort(effort), None)


def strictly(check: str, backend: Bare, surface: Surface = Surface.GENERATOR) -> Verdict:
    """The same at strict level."""
    return judge(backend, check, surface, Level.STRICT, 1, Effort(0.2), None)


def symptoms(verdict: Verdict) -> set[str]:
    """What its findings are called; it must have judged something."""
    assert verdict.judged > 0, verdict.reason
    return {finding.symptom for finding in verdict.findings}
