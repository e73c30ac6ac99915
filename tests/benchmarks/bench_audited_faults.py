"""Which planted faults an audit of the recorded histories sees, and which only an attack does.

    python -m tests.benchmarks.bench_audited_faults [--full]

For each fault the checks that must catch it are carried out once, with their histories written down as `run --history`
does it; these are audited.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from id_isolation.audit.judging import read
from id_isolation.history.finding import Finding
from id_isolation.power.certificate import trial_of
from id_isolation.power.fault import all_faults
from id_isolation.power.trial import try_all
from id_isolation.world.effort import Effort

from .table import Row, run

_EFFORT = 0.25
_SEED = 1


def measure(full: bool) -> Iterator[Row]:
    """Every fault that ends by itself in full, else one of thirty."""
    faults = [fault for fault in all_faults() if not fault.hangs][:: 1 if full else 30]
    seen = 0
    with tempfile.TemporaryDirectory() as folder:
        for fault in faults:
            history = Path(folder) / "history.jsonl"
            history.write_bytes(b"")
            effort = Effort(_EFFORT, (("history", str(history)),))
            (result,) = try_all([trial_of(fault, whole=False, seed=_SEED)], jobs=1, seed=_SEED, effort=effort)
            red = sorted({told.check for told in result.red})
            digest = read([str(history)], "", Path(folder) / "spilled") if history.stat().st_size else None
            found = map(Finding.from_json, digest.findings if digest else ())
            audited = sorted({f"{finding.check} {finding.symptom}" for finding in found})
            seen += bool(audited)
            if full:
                yield Row(fault.name, ", ".join(audited) or "nothing", ", ".join(red))
    yield Row("faults of which an audit sees something", f"{seen}", f"{len(faults)} by attack", seen / len(faults))


if __name__ == "__main__":
    sys.exit(run(measure, __doc__))
