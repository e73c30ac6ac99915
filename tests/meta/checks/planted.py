"""Judges planted faults and benign twins in processes of their own, and hands back whole verdicts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from id_isolation.checks.check import judged_pairs
from id_isolation.history.finding import Verdict
from id_isolation.judging.judge import judge
from id_isolation.plan.kinds import Level, Surface
from id_isolation.power.certificate import Preparing
from id_isolation.power.fault import Fault, Twin, all_faults, all_twins
from id_isolation.timing import units
from id_isolation.world.effort import Effort
from id_isolation.world.processes import forked, values

_AT_ONCE = 2


def subject(name: str) -> Fault | Twin:
    """The fault or twin of this name."""
    everything: list[Fault | Twin] = [*all_faults(), *all_twins()]
    return next(one for one in everything if one.name == name)


def verdicts(
    one: Fault | Twin, pairs: Sequence[tuple[str, Surface]], seeds: Iterable[int], scale: float = 1.0
) -> list[Verdict]:
    """The verdicts of some checks on a fault or twin, with each of these seeds."""
    wanted = list(seeds)
    # Imported here, once: what a check takes is not to hold the import of all the others.
    judged_pairs()
    found: list[Verdict] = []
    for first in range(0, len(wanted), _AT_ONCE):
        batch = wanted[first : first + _AT_ONCE]
        work = partial(_judged_with, one, pairs, batch, scale)
        told = forked(work, len(batch), deadline=units(120))
        found += [Verdict.from_json(data) for part in values(told) for data in part]
    return found


def _alone(told: Callable[[int], dict[str, Any]], number: int) -> Callable[[int], dict[str, Any]]:
    return lambda _: told(number)


def _judged_with(
    one: Fault | Twin, pairs: Sequence[tuple[str, Surface]], seeds: Sequence[int], scale: float, index: int
) -> list[dict[str, Any]]:
    """In a forked process, which imports the backend for itself: the verdicts with one of the seeds."""
    with TemporaryDirectory(prefix="id-isolation-") as place:
        backend, root = Preparing(one)(Path(place).resolve())

        def told(number: int) -> dict[str, Any]:
            return judge(backend, *pairs[number], Level.STRICT, seeds[index], Effort(scale), root).to_json()

        # As in a run, each check has a process of its own: what one leaves behind is not the next one's.
        return [values(forked(_alone(told, number), 1, deadline=units(60)))[0] for number in range(len(pairs))]
