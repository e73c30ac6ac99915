"""What it costs to hold ten million IDs against each other, measured against minting them in the same run.

Processor time. Reads the memory of this process and of its children from the kernel; the bound is on the growth over
what they had before the first ID.

    python -m tests.benchmarks.bench_uniqueness [--full]
"""

from __future__ import annotations

import os
import resource
import secrets
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from id_isolation.collisions.evidence import CARRIED, Closed, Ledger, evidence_of
from id_isolation.collisions.uniqueness import compare
from id_isolation.timing import units
from id_isolation.world.processes import forked, values

from .table import Row, run

BATCH = 2_000
_MOST_COST, _MOST_MEMORY_MB = 0.3, 512

_lock = threading.Lock()
_count = 0


def _next() -> int:
    global _count
    with _lock:
        _count += 1
        return _count


def generate_session_id(user_id: str, session_type: str = "web") -> str:
    """An ID in the plan's form, minted as such generators do."""
    if not user_id or not user_id.strip():
        raise ValueError("a user is needed")
    timestamp = int(time.time() * 1000)
    return f"session_{session_type}_{user_id[:8]}_{timestamp}_{_next():03d}_{secrets.token_hex(4)}"


def _batches(count: int, user: str) -> Iterator[list[str]]:
    for start in range(0, count, BATCH):
        yield [generate_session_id(user, "auth") for _ in range(min(BATCH, count - start))]


def _rss() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _fill(folder: str, count: int, index: int) -> tuple[str, float, float, int]:
    """Mint and take `count` IDs: the ledger's path, the seconds of minting and of taking, and the growth in bytes."""
    before, minting, taking = _rss(), 0.0, 0.0
    ledger = Ledger(Path(folder), f"process-{index + 1}")
    clock = time.process_time
    last = clock()
    for batch in _batches(count, f"user{index}"):
        minting += (now := clock()) - last
        ledger.add(batch)
        taking += (last := clock()) - now
    path = ledger.close()
    taking += clock() - last
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return str(path), minting, taking, peak - before


def measure(full: bool) -> Iterator[Row]:
    """Ten million in full, else two million, in two processes."""
    total, processes = (10_000_000 if full else 2_000_000), 2
    before = _rss()
    with tempfile.TemporaryDirectory() as folder:
        filled = values(forked(lambda index: _fill(folder, total // processes, index), processes, deadline=units(600)))
        clock = time.process_time()
        ledgers = [Closed.at(Path(path)) for path, *_ in filled]
        duplicates = compare(ledgers)
        count = evidence_of(ledgers, "", CARRIED).count
        comparing = time.process_time() - clock
        disk = sum(path.stat().st_size for path in Path(folder).iterdir())
    minting, taking = (sum(row[column] for row in filled) for column in (1, 2))
    here = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before
    memory = (sum(row[3] for row in filled) + max(0, here)) / 2**20
    cost = (taking + comparing) / minting
    told = f"taking {taking:.1f} s, comparing {comparing:.1f} s"
    yield Row(f"{count:,} IDs, beside minting them", told, f"{minting:.1f} s", cost, most=_MOST_COST)
    yield Row(
        "memory more than before, all processes",
        f"{memory:.0f} MiB",
        goal=f"at most {_MOST_MEMORY_MB} MiB",
        met=memory <= _MOST_MEMORY_MB,
    )
    yield Row("IDs that came twice", f"{len(duplicates)}", goal="none", met=not duplicates)
    yield Row("disk", f"{disk / 2**20:.0f} MiB")


if __name__ == "__main__":
    sys.exit(run(measure, __doc__))
