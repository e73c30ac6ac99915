"""How long the stateful search takes to find each planted life, and how short its stories are.

Run it as `python -m tests.benchmarks.bench_lifecycle [NAME …]`. Searches run two at a time, so leave the machine alone.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from statistics import median

from id_isolation.history.finding import Verdict
from id_isolation.plan.kinds import Surface

from ..meta.checks.model.test_lifecycle import EFFORT, PLANTED, steps_of
from ..meta.checks.planted import subject, verdicts

SEEDS = 20


def story_lengths(told: Sequence[Verdict], symptom: str) -> list[int]:
    """The steps of each story that says what is expected."""
    return [steps_of(finding) for verdict in told for finding in verdict.findings if finding.symptom == symptom]


def main(names: Sequence[str]) -> None:
    """Print the table."""
    print(f"{'planted life':34}{'what is said':>24}{'found':>9}{'median':>9}{'longest':>9}{'steps':>8}")
    for name in names or PLANTED:
        told = verdicts(subject(name), [("C7", Surface.WEBSOCKET)], range(SEEDS), EFFORT)
        lengths = story_lengths(told, PLANTED[name])
        seconds = [verdict.seconds for verdict in told]
        line = f"{name:34}{PLANTED[name]:>24}{f'{len(lengths)}/{SEEDS}':>9}"
        steps = f"{min(lengths)}-{max(lengths)}" if lengths else ""
        print(f"{line}{median(seconds):>7.1f} s{max(seconds):>7.1f} s{steps:>8}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
