"""Tests of the programs that are interleaved on a surface: which there are, and what their results may be."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

import pytest

from id_isolation.backend.protocol import ContextIds
from id_isolation.checks.parts.program import Program
from id_isolation.checks.parts.programs import programs_of
from id_isolation.plan.kinds import Kind, Level, Surface

from ..bare import Bare, context_on
from .small import Small, Stored


class _Minting:
    """IDs of the plan's shape, with a new counter value each time; `kinds_` are those that it mints."""

    def __init__(self, *kinds: Kind, batch: int = 0) -> None:
        self.kinds_ = kinds
        self.batch = batch
        self.turned: int | None = None
        self.restart()

    def restart(self) -> None:
        self.numbers = count()

    def number(self) -> int:
        return next(self.numbers)

    def kinds(self) -> Sequence[Kind]:
        return self.kinds_

    def mint(self, kind: Kind, user: str) -> str:
        return f"{kind}_auth_{user}_1700000000000_{self.number()}_0badcafe"

    def mint_context(self, user: str, operation: str) -> ContextIds:
        token = f"{operation}_{self.number()}_0badcafe"
        return ContextIds(user, f"thread_{token}", f"run_{token}", f"req_{token}")

    def mint_batch(self, prefix: str, size: int, with_random: bool) -> list[str] | None:
        return [f"{prefix}_1700000000000_{self.number()}_0badcafe" for _ in range(size)] if self.batch else None


class _InPairs(_Minting):
    """Every counter value comes twice."""

    def number(self) -> int:
        return super().number() // 2


class _Opaque(_Minting):
    def mint(self, kind: Kind, user: str) -> str:
        return f"{kind}-{self.number()}"


class _OpaqueInPairs(_Opaque, _InPairs):
    pass


def _programs(backend: Any, surface: Surface, level: Level = Level.STRICT) -> list[Program]:
    world = context_on(backend, "X5", surface, level)
    try:
        return programs_of(world)
    finally:
        world.close()


def _told(program: Program) -> str | None:
    """What is wrong with the results where each lane does its work after the other."""
    if program.before is not None:
        program.before()
    return program.violated([work() for work in program.work])


def test_the_counter_is_tried_by_every_kind_and_by_the_deepest_first() -> None:
    """Two lanes before three; kinds that hardly have a counter of their own by two only, and less often."""
    minting = _Minting(Kind.MESSAGE, Kind.SESSION, Kind.BATCH, Kind.BASE, batch=1)
    found = _programs(Bare(minting=minting), Surface.GENERATOR)
    assert [(program.name.removeprefix("the counter of "), program.lanes) for program in found] == [
        ("session IDs", 2),
        ("base IDs", 2),
        ("contexts", 2),
        ("message IDs", 2),
        ("batches of IDs", 2),
        ("session IDs", 3),
        ("base IDs", 3),
        ("contexts", 3),
    ]
    assert [program.share for program in found if program.name == "the counter of session IDs"] == [1.0, 1.0]
    assert {program.share for program in found if program.name == "the counter of message IDs"} == {0.2}
    assert {program.of for program in found} == {"threads"}


@pytest.mark.parametrize("batch", [0, 1], ids=["none", "some"])
def test_batches_are_tried_where_the_generator_gives_any(batch: int) -> None:
    """One that cannot says so by giving none."""
    found = _programs(Bare(minting=_Minting(Kind.SESSION, batch=batch)), Surface.GENERATOR)
    assert [program.lanes for program in found if "batches" in program.name] == [2] * batch


@pytest.mark.parametrize(
    ("minting", "twice"),
    [(_Minting, None), (_Opaque, None), (_InPairs, "The counter value "), (_OpaqueInPairs, "The ID session-")],
)
def test_nothing_that_was_minted_comes_twice(minting: type[_Minting], twice: str | None) -> None:
    """No counter value, whatever else is in the ID; where an ID shows none, no ID."""
    found = _programs(Bare(minting=minting(Kind.SESSION)), Surface.GENERATOR)
    session = next(program for program in found if program.kind is Kind.SESSION and program.lanes == 3)
    told = _told(session)
    assert (told is None) if twice is None else (told or "").startswith(twice)


def test_an_id_that_shows_no_counter_is_compared_with_the_others_whole() -> None:
    """One of them is enough, since counter values alone would tell nothing of it."""
    (program, *_) = _programs(Bare(minting=_Minting(Kind.SESSION)), Surface.GENERATOR)
    first, second = (f"session_auth_{user}_1700000000000_7_0badcafe" for user in ("ana", "ben"))
    assert program.violated([[first], [second]]) is not None
    assert program.violated([[first], [second], ["opaque"]]) is None
    assert program.violated([[first], [first], ["opaque"]]) is not None
    assert program.violated([[], []]) is None


class _Turning(_Minting):
    """Goes another way at every fiftieth ID."""

    def number(self) -> int:
        number = super().number()
        if number % 50 == 49:
            self.turned = number
        return number


def test_a_generator_that_seldom_goes_another_way_is_tried_from_there_too() -> None:
    """Where the backend tells its own files; the first program once more, and brought to the turn each time."""
    backend: Any = Bare(minting=_Turning(Kind.SESSION))
    backend.owns = lambda name: name == __file__
    found = [program for program in _programs(backend, Surface.GENERATOR) if "rare turn" in program.name]
    assert [(program.name, program.lanes) for program in found] == [
        ("the counter of session IDs at a rare turn", lanes) for lanes in (2, 3)
    ]
    for program in found:
        backend.minting.turned = None
        assert _told(program) is None
        assert backend.minting.turned == 49
    backend.owns = lambda name: False
    assert not any("rare turn" in program.name for program in _programs(backend, Surface.GENERATOR))


@pytest.mark.parametrize("level", list(Level))
def test_what_only_strict_level_tries_is_left_out_at_plan_level(level: Level) -> None:
    """Stored sessions are such; the counter is not."""
    found = _programs(Bare(minting=_Minting(Kind.SESSION), stored=Stored()), Surface.GENERATOR, level)
    assert any(program.strict for program in found) == (level is Level.STRICT)
    assert any(not program.strict for program in found)
    assert [program.lanes for program in found] == sorted(program.lanes for program in found)


@pytest.mark.parametrize("surface", [Surface.AUTH, Surface.WEBSOCKET])
def test_log_in_and_connecting_are_tried_by_tasks_before_threads(surface: Surface) -> None:
    """What threads with a loop each do to an asyncio lock stays with it; done in turn, nothing is wrong."""
    found = _programs(Small(), surface, Level.PLAN)
    assert [program.of for program in found] == sorted(program.of for program in found)
    assert {(program.of, program.lanes) for program in found} >= {
        (of, lanes) for of in ("tasks", "threads") for lanes in (2, 3)
    }
    assert {program.kind for program in found} == {Kind.SESSION if surface is Surface.AUTH else Kind.CONNECTION}
