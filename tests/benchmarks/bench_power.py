"""How long the check that is meant for a planted generator takes to find it.

python -m tests.benchmarks.bench_power [--full]
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from statistics import median

from id_isolation.history.finding import Outcome

from ..meta.checks.planted import subject, verdicts
from ..meta.checks.test_collision_power import CAUGHT_BY
from .table import Row, run

LIMIT = 5.0
"""Seconds in which each is to be found."""


def measure(full: bool) -> Iterator[Row]:
    """Each generator with five seeds in full, else with one."""
    seeds = range(5 if full else 1)
    for name, check in CAUGHT_BY.items():
        fault = subject(name)
        given = verdicts(fault, [(check, fault.checks[0][1])], seeds)
        found = sum(verdict.outcome is Outcome.FAILED for verdict in given)
        seconds = [verdict.seconds for verdict in given]
        told = f"{found}/{len(seeds)} by {check}, {median(seconds):.2f} s, longest {max(seconds):.2f} s"
        met = found == len(seeds) and max(seconds) <= LIMIT
        yield Row(name, told, goal=f"all, within {LIMIT:g} s", met=met)


if __name__ == "__main__":
    sys.exit(run(measure, __doc__))
