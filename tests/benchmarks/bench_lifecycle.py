"""How long the stateful search takes to find each planted life, and how short its stories are.

    python -m tests.benchmarks.bench_lifecycle [--full]

Searches run two at a time, so leave the machine alone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from statistics import median

from id_isolation.history.finding import Verdict
from id_isolation.plan.kinds import Surface

from ..meta.checks.planted import subject, verdicts
from ..meta.checks.test_c7_whole_lives import EFFORT, IN_EVERY_RUN, PLANTED, steps_of
from .table import Row, run


def story_lengths(told: Sequence[Verdict], symptom: str) -> list[int]:
    """The steps of each story that says what is expected."""
    return [steps_of(finding) for verdict in told for finding in verdict.findings if finding.symptom == symptom]


def measure(full: bool) -> Iterator[Row]:
    """All planted lives with twenty seeds in full, else those that every run must find, with three."""
    names, seeds = (list(PLANTED), range(20)) if full else (list(IN_EVERY_RUN), range(3))
    for name in names:
        told = verdicts(subject(name), [("C7", Surface.WEBSOCKET)], seeds, EFFORT)
        lengths = story_lengths(told, PLANTED[name])
        seconds = [verdict.seconds for verdict in told]
        steps = f", {min(lengths)} to {max(lengths)} steps" if lengths else ""
        own = f"{len(lengths)}/{len(seeds)}, {median(seconds):.1f} s, longest {max(seconds):.1f} s{steps}"
        must = name in IN_EVERY_RUN
        met = len(lengths) >= len(seeds) if must else None
        yield Row(f"{name}: {PLANTED[name]}", own, goal="in every run" if must else "", met=met)


if __name__ == "__main__":
    sys.exit(run(measure, __doc__))
