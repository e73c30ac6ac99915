"""Tests of F3: what timestamps and ages show while the clock is held, moved and ticking."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

import freezegun.api
import pytest

from id_isolation.backend.protocol import ContextIds, ParsedId
from id_isolation.checks.context import CheckContext
from id_isolation.checks.f3_timestamps import timestamp_is_the_clocks
from id_isolation.plan.kinds import Kind, Level
from id_isolation.world.world import NotApplicable

from ..bare import Bare, context_on, findings_of

HOUR = 3_600_000
Clock = Callable[[], int]


def _now() -> int:
    return int(time.time() * 1000)


class _SlewsBack:
    """Makes up for a clock that went on a little by going back."""

    last = 0

    def __call__(self) -> int:
        now = _now()
        self.last = self.last - 1 if 0 < now - self.last < 5000 else now
        return self.last


class _Minting:
    """Session IDs with a timestamp, and contexts with a counter alone."""

    def __init__(self, clock: Clock = _now) -> None:
        self.clock = clock
        self.numbers = count(1)

    def kinds(self) -> list[Kind]:
        return [Kind.SESSION]

    def of_moment(self, user: str, milliseconds: int) -> str:
        return f"session_auth_{user}_{milliseconds}_{next(self.numbers)}_0badcafe"

    def mint(self, kind: Kind, user: str) -> str:
        return self.of_moment(user, self.clock())

    def mint_context(self, user: str, operation: str) -> ContextIds:
        tail = f"{operation}_{next(self.numbers)}_0badcafe"
        return ContextIds(user, f"thread_{tail}", f"run_{tail}", f"req_{tail}")


class _Timed(_Minting):
    """Mints for a moment that it is given, or for what `shown` makes of it; None where that is nothing."""

    def __init__(self, shown: Callable[[float], int | None]) -> None:
        super().__init__()
        self.shown = shown

    def mint_at(self, kind: Kind, user: str, seconds: float) -> str | None:
        moment = self.shown(seconds)
        return None if moment is None else self.of_moment(user, moment)


class _Untimed(_Timed):
    """Its IDs show no time at all."""

    def of_moment(self, user: str, milliseconds: int) -> str:
        return f"session_auth_{user}_{next(self.numbers)}_0badcafe"


class _Reading:
    """Reads session IDs; `late` is added to an age, and what is older than `lifetime` is not valid."""

    def __init__(self, late: int = 0, lifetime: int = 25 * HOUR, *, ages: bool = True, parses: bool = True) -> None:
        self.late = late
        self.lifetime = lifetime
        self.ages = ages
        self.parses = parses

    def parse(self, text: str) -> ParsedId | None:
        prefix, timestamp, number, random = text.rsplit("_", 3)
        return ParsedId(prefix, int(timestamp), int(number), random, text) if self.parses else None

    def age_ms(self, text: str) -> int | None:
        return _now() - int(text.split("_")[3]) + self.late if self.ages else None

    def is_valid(self, text: str) -> bool:
        return _now() - int(text.split("_")[3]) <= self.lifetime


def _judged(level: Level = Level.PLAN, **ports: object) -> tuple[CheckContext, set[str]]:
    world = context_on(Bare(**{"minting": _Minting(), **ports}), "F3", level=level)  # type: ignore[arg-type]
    return world, {finding.symptom for finding in findings_of(timestamp_is_the_clocks, world)}


@pytest.mark.parametrize(
    ("clock", "symptoms"),
    [
        (_now, set()),
        (lambda: round(time.time() * 1000 + 0.4), set()),
        (lambda: int(time.time()) * 1000, {"wrong-timestamp"}),
        (lambda: _now() + 2, {"wrong-timestamp"}),
        (lambda: _now() - 1, {"wrong-timestamp"}),
        (_SlewsBack(), {"timestamp-goes-back"}),
    ],
    ids=["rounded down", "rounded up", "whole seconds", "ahead", "behind", "goes back for a while"],
)
def test_a_timestamp_is_the_clocks_to_the_millisecond(clock: Clock, symptoms: set[str]) -> None:
    """However it is rounded; and it goes forward with the clock."""
    world, found = _judged(minting=_Minting(clock))
    assert found == symptoms
    assert world.judged_count == 3 + 1


class _LetsTimePass(freezegun.api.TickingDateTimeFactory):
    """A clock that has ticked on for as long as a mint says that it took."""

    passed = timedelta()

    def __call__(self) -> datetime:
        return super().__call__() + self.passed

    def move_to(self, target_datetime: datetime) -> None:  # type: ignore[override]
        self.passed = timedelta()
        super().move_to(target_datetime)


def test_a_slow_mint_is_no_clock_that_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock is put ahead of where it has ticked to meanwhile."""
    stalls: list[_LetsTimePass] = []

    def stalled() -> int:
        clock = freezegun.api.freeze_factories[-1]
        if isinstance(clock, _LetsTimePass) and not stalls:
            stalls.append(clock)
            clock.passed = timedelta(seconds=3)
        return _now()

    monkeypatch.setattr(freezegun.api, "TickingDateTimeFactory", _LetsTimePass)
    assert _judged(minting=_Minting(stalled))[1] == set()
    assert len(stalls) == 1


@pytest.mark.parametrize(
    ("reading", "symptoms"),
    [
        (_Reading(), set()),
        (_Reading(late=1), set()),
        (_Reading(late=2), {"wrong-age"}),
        (_Reading(ages=False), {"wrong-age"}),
        (_Reading(ages=False, parses=False), set()),
    ],
    ids=["exact", "rounded", "late", "none", "reads none of the IDs"],
)
def test_an_age_follows_from_the_timestamp(reading: _Reading, symptoms: set[str]) -> None:
    """Within a millisecond, for whatever the backend can read."""
    world, found = _judged(reading=reading)
    assert found == symptoms
    assert world.judged_count == 4 + (15 if reading.parses else 0)


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize(
    ("hours", "strict"), [(25, set()), (24, set()), (12, {"invalid-while-live"})], ids=["longer", "a day", "half a day"]
)
def test_an_id_is_valid_for_a_day(hours: int, strict: set[str], level: Level) -> None:
    """At strict level, for as long as the sessions live that hold it; afterwards it need not be."""
    _, found = _judged(level, reading=_Reading(lifetime=hours * HOUR))
    assert found == (strict if level is Level.STRICT else set())


@pytest.mark.parametrize(
    ("minting", "symptoms"),
    [
        (_Timed(lambda seconds: int(seconds * 1000)), set()),
        (_Timed(lambda seconds: int(seconds * 1000) + 1), set()),
        (_Timed(lambda seconds: None), set()),
        (_Untimed(lambda seconds: 0), set()),
        (_Timed(lambda seconds: _now()), {"wrong-given-moment"}),
        (_Timed(lambda seconds: int(seconds)), {"wrong-given-moment"}),
    ],
    ids=["rounded down", "rounded up", "takes none", "shows no time", "now", "in seconds"],
)
def test_an_id_for_a_given_moment_shows_that_moment(minting: _Timed, symptoms: set[str]) -> None:
    """At strict level, where the generator takes one and its IDs show the time."""
    assert _judged(Level.STRICT, minting=minting)[1] == symptoms
    assert _judged(minting=minting)[1] == set()


def test_ids_that_show_no_time_are_not_judged() -> None:
    """Nor is their age."""
    world, found = _judged(Level.STRICT, minting=_Untimed(lambda seconds: 0), reading=_Reading())
    assert (world.judged_count, found) == (0, set())


@pytest.mark.parametrize(("attribute", "reason"), [("opaque_ids", "opaque"), ("remote", "clock cannot be held")])
def test_there_must_be_a_time_to_read_and_a_clock_to_hold(attribute: str, reason: str) -> None:
    """Opaque IDs show none, and a backend elsewhere keeps its own."""
    backend = Bare(minting=_Minting())
    setattr(backend, attribute, True)
    with pytest.raises(NotApplicable, match=reason):
        timestamp_is_the_clocks(context_on(backend, "F3"))
