"""Tests of F4: where the random parts of IDs come from, and how many bits they have."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable
from itertools import count

import pytest

from id_isolation.backend.protocol import ContextIds
from id_isolation.checks.f4_randomness import random_parts_are_random
from id_isolation.checks.parts.randomness import random_part_of
from id_isolation.plan.kinds import Kind
from id_isolation.world.effort import Effort
from id_isolation.world.world import NotApplicable

from ..bare import Bare, context_on

FEW = Effort(0.2)


class _Minting:
    """Context IDs alone, with random parts from a source that a test gives it."""

    def __init__(self, draw: Callable[[], str]) -> None:
        self.draw = draw
        self.numbers = count()

    def kinds(self) -> list[Kind]:
        return []

    def mint_context(self, user: str, operation: str) -> ContextIds:
        tail = f"{operation}_{next(self.numbers)}_{self.draw()}"
        return ContextIds(user, f"thread_{tail}", f"run_{tail}", f"req_{tail}")


def _symptoms(draw: Callable[[], str]) -> set[str]:
    world = context_on(Bare(minting=_Minting(draw)), "F4", effort=FEW)
    random_parts_are_random(world)
    assert world.judged_count > 1000
    return {finding.symptom for finding in world.findings}


class _DrawnAhead:
    """Takes random bytes from the operating system by the hundred, which a fork copies."""

    def __init__(self) -> None:
        self.ahead: list[str] = []

    def __call__(self) -> str:
        if not self.ahead:
            self.ahead = [secrets.token_hex(4) for _ in range(100)]
        return self.ahead.pop()


@pytest.mark.parametrize(
    "draw",
    [
        lambda: secrets.token_hex(4),
        lambda: f"0badcafe{secrets.token_hex(8)}",
        lambda: f"{secrets.randbits(64):016x}",
        lambda: secrets.token_hex(16),
    ],
    ids=["eight digits", "behind a prefix of the process", "sixteen digits", "as many digits as a UUID has"],
)
def test_parts_from_the_operating_system_are_no_finding(draw: Callable[[], str]) -> None:
    """A prefix that stays the same is not counted among them."""
    assert _symptoms(draw) == set()


def test_parts_of_pythons_own_generator_follow_its_seed() -> None:
    """A fork does not copy them, since Python seeds its generator anew in each child."""
    assert _symptoms(lambda: f"{random.getrandbits(32):08x}") == {"follows-a-seed"}


def test_parts_that_are_drawn_ahead_are_copied_by_a_fork() -> None:
    """Though no seed repeats them."""
    assert _symptoms(_DrawnAhead()) == {"copied-by-fork"}


@pytest.mark.parametrize(
    "draw",
    [lambda: f"{secrets.randbits(16):08x}", lambda: f"{secrets.randbits(31) * 2:08x}"],
    ids=["sixteen bits", "a bit that is always zero"],
)
def test_parts_with_fewer_bits_than_digits_are_found(draw: Callable[[], str]) -> None:
    """However few are lacking."""
    assert _symptoms(draw) == {"lacks-bits"}


def test_opaque_ids_are_not_judged() -> None:
    """Nobody can say which part of them is random."""
    world = context_on(Bare(minting=_Minting(lambda: secrets.token_hex(4)), opaque_ids=True), "F4")
    with pytest.raises(NotApplicable, match="opaque"):
        random_parts_are_random(world)


def test_of_a_uuid_of_version_7_only_what_follows_its_clock_is_random() -> None:
    """RFC 9562 section 5.7: clock, version and variant come first."""

    def mint() -> str:
        return f"thread_chat_1_0192f3a4b5c6{'7'}{secrets.token_hex(2)[:3]}8{secrets.token_hex(8)[:15]}"

    text = mint()
    assert random_part_of(Kind.THREAD, mint)(text) == text[-15:]
