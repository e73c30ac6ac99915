"""How fast the audit is beside a bare loop of `json.loads` over the same file, how much memory it takes, and whether
the time for each event stays flat.

    python -m tests.benchmarks.bench_audit [--full]

About 350 bytes an event, of which about three in ten bring a new ID. Measured are processor seconds, as another process
may share the core. The audit may take ten times as long as the loop, 600 MB, and for each event of a large file a third
more than for one of a small.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from id_isolation.tests.meta.audit.service import Service, write
from id_isolation.timing import units

from .table import Row, run

_MILLION = 1_000_000
_LOOP = "import json, sys\nfor line in open(sys.argv[1], 'rb'): json.loads(line)"
_AUDIT = "import sys; from id_isolation.cli.main import main; sys.exit(main(['audit', sys.argv[1]]))"
_MOST_MEGABYTES = 600
_LEAST_SHARE = 0.1
_FLAT = 4 / 3


def _measured(code: str, path: Path) -> tuple[float, int]:
    """Processor seconds and peak megabytes of a program of its own."""
    wrapper = (
        "import resource, subprocess, sys\n"
        "code = subprocess.run([sys.executable, '-c', *sys.argv[1:]], stdout=subprocess.DEVNULL).returncode\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(code, used.ru_utime + used.ru_stime, used.ru_maxrss)"
    )
    command = [sys.executable, "-c", wrapper, code, str(path)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=units(7200), check=True)
    returned, seconds, kilobytes = done.stdout.split()
    if int(returned):
        raise SystemExit(f"the program ended with {returned}")
    return float(seconds), int(kilobytes) // 1024


def _multiplied(small: Path, large: Path, times: int) -> None:
    """The same million again and again, each time eleven days later: times and IDs change alike."""
    with large.open("wb") as file:
        for number in range(times):
            with small.open("rb") as source:
                while piece := source.readlines(1 << 24):
                    later = b"%d" % (1764 + number)
                    file.write(b"".join(piece).replace(b"_1764", b"_" + later).replace(b": 1764", b": " + later))


def measure(full: bool) -> Iterator[Row]:
    """One million events and ten in full, else 100,000 and 400,000."""
    fewest, times = (_MILLION, 10) if full else (_MILLION // 10, 4)
    each = []
    with tempfile.TemporaryDirectory() as temporary:
        small, large = Path(temporary) / "small.jsonl", Path(temporary) / "large.jsonl"
        write(small, Service().events(fewest))
        _multiplied(small, large, times)
        for path, count in ((small, fewest), (large, times * fewest)):
            loop, _ = _measured(_LOOP, path)
            audit, megabytes = _measured(_AUDIT, path)
            each.append(audit / count)
            told = f"{audit:.1f} s, {audit / count * 1e6:.1f} us each"
            yield Row(f"{count:,} events, beside json.loads", told, f"{loop:.1f} s", loop / audit, least=_LEAST_SHARE)
            yield Row(
                f"{count:,} events, memory",
                f"{megabytes} MB",
                goal=f"at most {_MOST_MEGABYTES} MB",
                met=megabytes <= _MOST_MEGABYTES,
            )
    yield Row(
        "one event of the large file, beside one of the small",
        f"{each[1] * 1e6:.1f} us",
        f"{each[0] * 1e6:.1f} us",
        each[1] / each[0],
        most=round(_FLAT, 2),
    )


if __name__ == "__main__":
    sys.exit(run(measure, __doc__))
