"""How long the check that is meant for a planted generator takes to find it.

Run it as `python -m tests.benchmarks.bench_power [SEEDS]`. Exits with 1 where one took longer than five seconds, or was
not found.
"""

from __future__ import annotations

import sys
from statistics import median

from id_isolation.history.finding import Outcome

from ..meta.checks.planted import subject, verdicts
from ..meta.checks.test_collision_power import CAUGHT_BY

LIMIT = 5.0
"""Seconds in which each is to be found."""


def main() -> int:
    """Print a line for each; 0 where all were found in time."""
    seeds = range(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
    late = 0
    print(f"{'planted generator':46}{'check':>7}{'found':>9}{'median':>10}{'longest':>10}")
    for name, check in CAUGHT_BY.items():
        fault = subject(name)
        given = verdicts(fault, [(check, fault.checks[0][1])], seeds)
        found = sum(verdict.outcome is Outcome.FAILED for verdict in given)
        seconds = [verdict.seconds for verdict in given]
        late += found < len(seeds) or max(seconds) > LIMIT
        times = f"{median(seconds):>8.2f} s{max(seconds):>8.2f} s"
        print(f"{name:46}{check:>7}{f'{found}/{len(seeds)}':>9}{times}", flush=True)
    print(f"{late} of {len(CAUGHT_BY)} were not found, or not within {LIMIT:g} s.")
    return 1 if late else 0


if __name__ == "__main__":
    raise SystemExit(main())
