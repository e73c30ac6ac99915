"""Tests of X4 and X7: IDs that repeat when the clock stands or steps back, or the generator starts anew."""

from __future__ import annotations

import secrets
import time
from collections import Counter
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from id_isolation.backend.protocol import ContextIds
from id_isolation.checks.context import CheckContext
from id_isolation.checks.x4_clock import unique_while_the_clock_stands_or_steps_back
from id_isolation.checks.x7_restart import restart_in_one_millisecond_repeats_nothing
from id_isolation.plan.kinds import Kind
from id_isolation.world.effort import Effort
from id_isolation.world.world import NotApplicable

from ...bare import Bare, context_on, findings_of

FEW = Effort(0.2)
CARRIERS = {"X4": unique_while_the_clock_stands_or_steps_back, "X7": restart_in_one_millisecond_repeats_nothing}


def _now() -> int:
    return int(time.time() * 1000)


class _Minting:
    """Clock, counter and random part; what keeps the IDs apart is for a test to say."""

    def __init__(self, clock: Callable[[], int] = _now, drawn: Callable[[], str] = str) -> None:
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


class _FromZero(_Minting):
    """Its counter is in the memory of the process."""

    def restart(self) -> None:
        self.numbers = count()


class _ThreeDigits(_Minting):
    def number(self, moment: int) -> int:
        return next(self.numbers) % 1000


class _PerTick(_Minting):
    """Counts anew whenever the clock shows another moment."""

    last = 0

    def number(self, moment: int) -> int:
        if moment != self.last:
            self.last, self.numbers = moment, count()
        return next(self.numbers)


class _OfEachMoment(_Minting):
    """Counts each moment apart, and forgets none of them."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[int] = Counter()

    def number(self, moment: int) -> int:
        self.counts[moment] += 1
        return self.counts[moment]


class _NeverBack:
    """A clock that waits for the other where that goes back."""

    last = 0

    def __call__(self) -> int:
        self.last = max(self.last, _now())
        return self.last


class _Contexts(_Minting):
    """Mints contexts alone."""

    def kinds(self) -> list[Kind]:
        return []


def _token() -> str:
    return secrets.token_hex(8)


def _judged(check: str, backend: Bare) -> tuple[CheckContext, set[tuple[str, str]]]:
    """The symptoms that are found, each with the kind of ID."""
    world = context_on(backend, check, effort=FEW)
    found = {(finding.symptom, str(finding.kind)) for finding in findings_of(CARRIERS[check], world)}
    assert world.judged_count > 0
    return world, found


ALL = {("repeated-id", kind) for kind in ("session", "thread", "run", "request")}
SESSIONS = {("repeated-id", "session")}


@pytest.mark.parametrize(
    ("minting", "repeated"),
    [
        (_Minting(), set()),
        (_Minting(drawn=_token), set()),
        (_Minting(clock=lambda: 0), set()),
        (_OfEachMoment(), set()),
        (_PerTick(clock=_NeverBack()), set()),
        (_ThreeDigits(drawn=_token), set()),
        (_Contexts(), set()),
        (_PerTick(), ALL),
        (_ThreeDigits(), SESSIONS),
    ],
    ids=[
        "a counter",
        "a counter and chance",
        "a counter and no clock",
        "a counter for each moment",
        "a clock that never goes back",
        "three digits and chance",
        "contexts alone",
        "a counter for each tick",
        "three digits",
    ],
)
def test_a_clock_that_stands_or_steps_back_repeats_no_id(minting: _Minting, repeated: set[tuple[str, str]]) -> None:
    """Whatever else keeps the IDs apart must do so alone, however many are minted in one millisecond."""
    assert _judged("X4", Bare(minting=minting))[1] == repeated


@pytest.mark.parametrize(
    ("minting", "repeated"),
    [(_Minting(), set()), (_FromZero(drawn=_token), set()), (_FromZero(), ALL)],
    ids=["a kept counter", "a counter from zero and chance", "a counter from zero"],
)
def test_a_restart_in_one_millisecond_repeats_no_id(minting: _Minting, repeated: set[tuple[str, str]]) -> None:
    """A counter that begins anew is not enough."""
    assert _judged("X7", Bare(minting=minting))[1] == repeated


@pytest.mark.parametrize(
    ("drawn", "repeated"), [(_token, set()), (lambda: "0badcafe", ALL)], ids=["chance", "nothing but a counter"]
)
def test_a_second_import_repeats_no_id(drawn: Callable[[], str], repeated: set[tuple[str, str]]) -> None:
    """Though its counter is another one, which no restart has put back."""
    backend: Any = Bare(minting=_Minting(drawn=drawn))
    backend.import_anew = lambda: _Minting(drawn=drawn)
    world, found = _judged("X7", backend)
    assert found == repeated
    # Four IDs of each of four users, minted five times here and once beside.
    assert world.judged_count == 4 * 4 * (5 + 1)


def test_a_generator_that_cannot_be_imported_twice_is_told() -> None:
    """What it mints is judged all the same."""

    def import_anew() -> _Minting:
        raise ImportError("once is enough")

    backend: Any = Bare(minting=_FromZero())
    backend.import_anew = import_anew
    world, found = _judged("X7", backend)
    assert found == ALL
    assert world.notes == ["The generator cannot be imported twice in one process (ImportError: once is enough)."]


@pytest.mark.parametrize("check", CARRIERS)
def test_a_clock_elsewhere_cannot_be_held(check: str) -> None:
    """A backend in another process keeps its own."""
    backend: Any = Bare(minting=_Minting())
    backend.remote = True
    with pytest.raises(NotApplicable, match="clock cannot be held"):
        CARRIERS[check](context_on(backend, check))
