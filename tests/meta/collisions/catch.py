"""What each planted generator is caught by: a function that says whether it was caught, given a seed."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from unittest import mock

from id_isolation.collisions.bound import Fleet, bound
from id_isolation.collisions.entropy import Anatomy, assess, measure
from id_isolation.world.clock import frozen as held
from id_isolation.world.processes import fork_after, forked, values

from ..schedules.samples import itertools_count, locked, per_process_prefix, random_128, uuid7
from .planted import (
    biased,
    constant_position,
    millisecond_only,
    pid_as_node,
    reset_on_rollback,
    scrambled_counter,
    seeded_random,
    sixteen_bits,
    state_copied_by_fork,
    truncated_uuid,
    worker_before_fork,
)

Mint = Callable[[], object]

ACCEPTED = 1e-6
FLEET = Fleet.parse("workers=40,rate=200,years=5")


def repeats(ids: Sequence[object]) -> bool:
    return len(set(ids)) < len(ids)


def frozen(mint: Mint, seed: int) -> bool:
    """Mints while the clock stands still."""
    with held(_moment(seed)):
        return repeats([mint() for _ in range(10)])


def stepping_back(mint: Mint, seed: int) -> bool:
    """Mints, steps the clock back 5 ms, mints, and lets it come to where it was."""
    with held(_moment(seed)) as clock:
        ids = []
        for step in (0, -5, 0, -3_600_000, 0):
            clock.move_to(_moment(seed) + timedelta(milliseconds=step))
            ids += [mint() for _ in range(3)]
        return repeats(ids)


def reseeded(mint: Mint, seed: int) -> bool:
    """Seeds `random` between two samples."""
    state = random.getstate()
    try:
        ids = []
        for _ in range(2):
            random.seed(seed)
            ids += [mint() for _ in range(10)]
        return repeats(ids)
    finally:
        random.setstate(state)


def fork(mint: Mint, seed: int) -> bool:
    """Mints in two forked children."""
    return repeats([text for ids in values(forked(lambda _: [mint() for _ in range(5)], 2)) for text in ids])


def fork_of_used(mint: Mint, seed: int) -> bool:
    """Mints in a process and in two forks of it."""
    first, children = fork_after(lambda: [mint() for _ in range(1 + seed)], lambda _: [mint() for _ in range(5)], 2)
    return repeats([*first, *(text for ids in values(children) for text in ids)])


def equal_pids(mint: Mint, seed: int) -> bool:
    """Mints in two forked children that have the same process id, as containers do."""

    def child(_: int) -> list[object]:
        with mock.patch.object(os, "getpid", return_value=1):
            return [mint() for _ in range(5)]

    return repeats([text for ids in values(forked(child, 2)) for text in ids])


def random_part(mint: Mint, seed: int) -> bool:
    """Tests the random part."""
    return bool(assess([str(mint()).rpartition("_")[2] for _ in range(4_000)]).faults)


def fleet_bound(mint: Mint, seed: int) -> bool:
    """Bounds the collisions of a fleet."""

    def anatomy(text: str) -> Anatomy:
        return Anatomy(random=text.rpartition("_")[2])

    return bound(measure(lambda: str(mint()), anatomy), FLEET).probability > ACCEPTED


def _moment(seed: int) -> datetime:
    return datetime.fromtimestamp(1_700_000_000 + seed, UTC)


PLANTED: dict[str, tuple[Mint, Callable[[Mint, int], bool]]] = {
    "millisecond only": (millisecond_only.mint, frozen),
    "sequence reset on rollback": (reset_on_rollback.mint, stepping_back),
    "seeded random": (seeded_random.mint, reseeded),
    "state copied by fork": (state_copied_by_fork.mint, fork),
    "process id as node": (pid_as_node.mint, equal_pids),
    "worker id fixed before the fork": (worker_before_fork.mint, fork_of_used),
    "truncated UUID": (truncated_uuid.mint, fleet_bound),
    "16 random bits": (sixteen_bits.mint, random_part),
    "scrambled counter": (scrambled_counter.mint, random_part),
    "biased alphabet": (biased.mint, random_part),
    "constant position": (constant_position.mint, random_part),
}
HOLD_EVERYWHERE = (frozen, stepping_back, reseeded, fork, fork_of_used, equal_pids)
TWINS: dict[str, tuple[Mint, tuple[Callable[[Mint, int], bool], ...]]] = {
    "lock": (locked.mint, (frozen, stepping_back, reseeded)),
    "itertools.count": (itertools_count.mint, (frozen, stepping_back, reseeded)),
    "prefix for each process": (
        per_process_prefix.mint,
        (frozen, stepping_back, reseeded, fork, fork_of_used, equal_pids),
    ),
    "UUIDv7": (uuid7.mint, (frozen, stepping_back, reseeded, fork, fork_of_used, equal_pids)),
    "128 random bits": (random_128.mint, (*HOLD_EVERYWHERE, random_part, fleet_bound)),
}
