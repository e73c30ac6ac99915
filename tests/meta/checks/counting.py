"""Generators of a few lines whose IDs are kept apart by clock, counter and random part, in ways that a test chooses."""

from __future__ import annotations

import secrets
import time
from collections import Counter
from collections.abc import Callable
from itertools import count

from id_isolation.backend.protocol import ContextIds
from id_isolation.checks.check import check_of
from id_isolation.checks.context import CheckContext
from id_isolation.plan.kinds import Kind, Surface
from id_isolation.world.effort import Effort

from ..bare import Bare, context_on, findings_of

ALL = {("repeated-id", kind) for kind in ("session", "thread", "run", "request")}


def now() -> int:
    return int(time.time() * 1000)


class Minting:
    """Clock, counter and random part; what keeps the IDs apart is for a test to say."""

    def __init__(self, clock: Callable[[], int] = now, drawn: Callable[[], str] = str) -> None:
        self.clock = clock
        self.drawn = drawn
        self.numbers = count()

    def kinds(self) -> list[Kind]:
        return [Kind.SESSION]

    def number(self, moment: int) -> int:
        return next(self.numbers)

    def tail(self) -> str:
        moment = self.clock()
        return f"{moment}_{self.number(moment)}_{self.drawn()}"

    def mint(self, kind: Kind, user: str) -> str:
        return f"{kind}_{self.tail()}"

    def mint_context(self, user: str, operation: str) -> ContextIds:
        tail = self.tail()
        return ContextIds(user, f"thread_{tail}", f"run_{tail}", f"req_{tail}")

    def restart(self) -> None:
        """The counter is kept where a restart does not reach it."""


class FromZero(Minting):
    """Its counter is in the memory of the process."""

    def restart(self) -> None:
        self.numbers = count()


class ThreeDigits(Minting):
    def number(self, moment: int) -> int:
        return next(self.numbers) % 1000


class PerTick(Minting):
    """Counts anew whenever the clock shows another moment."""

    last = 0

    def number(self, moment: int) -> int:
        if moment != self.last:
            self.last, self.numbers = moment, count()
        return next(self.numbers)


class OfEachMoment(Minting):
    """Counts each moment apart, and forgets none of them."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[int] = Counter()

    def number(self, moment: int) -> int:
        self.counts[moment] += 1
        return self.counts[moment]


class NeverBack:
    """A clock that waits for the other where that goes back."""

    last = 0

    def __call__(self) -> int:
        self.last = max(self.last, now())
        return self.last


class Contexts(Minting):
    """Mints contexts alone."""

    def kinds(self) -> list[Kind]:
        return []


def token() -> str:
    return secrets.token_hex(8)


def judged(check: str, backend: Bare) -> tuple[CheckContext, set[tuple[str, str]]]:
    """The symptoms that a check of the generator finds, each with the kind of ID."""
    world = context_on(backend, check, effort=Effort(0.2))
    workload = check_of(check).workload(Surface.GENERATOR)
    found = {(finding.symptom, str(finding.kind)) for finding in findings_of(workload, world)}
    assert world.judged_count > 0
    return world, found
