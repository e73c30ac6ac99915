"""Which planted faults an audit of the recorded histories sees, and which only an attack does.

    python tests/benchmarks/faults_audited.py [OUT] [NAME ...]

For each fault the checks that must catch it are carried out once, with their histories written down as `run --history`
does it; these are audited. Written are lines of a table: the fault, the checks that were red, and what the audit found.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from id_isolation.audit.judging import read
from id_isolation.history.finding import Finding
from id_isolation.power.certificate import trial_of
from id_isolation.power.fault import all_faults
from id_isolation.power.trial import try_all
from id_isolation.world.effort import Effort

_EFFORT = 0.25
_SEED = 1


def main(out: Path, names: list[str]) -> int:
    """Carry out, audit and write."""
    seen = tried = 0
    with out.open("w", encoding="utf-8") as table, tempfile.TemporaryDirectory() as folder:
        for fault in all_faults():
            if fault.hangs or (names and fault.name not in names):
                continue
            history = Path(folder) / "history.jsonl"
            history.write_bytes(b"")
            effort = Effort(_EFFORT, (("history", str(history)),))
            (result,) = try_all([trial_of(fault, whole=False, seed=_SEED)], jobs=1, seed=_SEED, effort=effort)
            red = sorted({told.check for told in result.red})
            digest = read([str(history)], "", Path(folder) / "spilled") if history.stat().st_size else None
            found = map(Finding.from_json, digest.findings if digest else ())
            audited = sorted({f"{finding.check} {finding.symptom}" for finding in found})
            tried, seen = tried + 1, seen + bool(audited)
            print(f"| {fault.name} | {', '.join(red)} | {', '.join(audited) or '-'} |", file=table, flush=True)
        print(f"\nAn audit sees {seen} of {tried}; the others only an attack does.", file=table)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "/dev/stdout"), sys.argv[2:]))
