"""How fast the audit is beside a bare loop of `json.loads` over the same file, how much memory it takes, and whether
the time for each event stays flat.

    python tests/benchmarks/bench_audit.py [MILLIONS] [FOLDER]

Measured are 1 million events and MILLIONS (default 10; about 350 bytes each), of which about three in ten bring a new
ID. Printed are processor seconds, as another process may share the core, microseconds for each event, the ratio, and
peak memory. Exit code 1 where the audit is slower than a tenth of the loop, takes more than 600 MB, or needs more than
a third longer for each event of the large file than of the small one.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from id_isolation.tests.meta.audit.service import Service, write
from id_isolation.timing import units

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
        "code = subprocess.run([sys.executable, '-c', *sys.argv[1:]], stdout=2).returncode\n"
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


def main(millions: int, folder: Path) -> int:
    """Measure and print."""
    small, large = folder / "small.jsonl", folder / "large.jsonl"
    write(small, Service().events(_MILLION))
    _multiplied(small, large, millions)
    good = True
    times = []
    for path, count in ((small, _MILLION), (large, millions * _MILLION)):
        loop, _ = _measured(_LOOP, path)
        audit, megabytes = _measured(_AUDIT, path)
        times.append(audit / count)
        good = good and loop / audit >= _LEAST_SHARE and megabytes <= _MOST_MEGABYTES
        print(
            f"{count:>12,} events, {path.stat().st_size / 1e9:.2f} GB: json.loads {loop:.1f} s,"
            f" audit {audit:.1f} s ({audit / count * 1e6:.1f} us each), {loop / audit:.0%} of its speed,"
            f" {megabytes} MB",
            flush=True,
        )
    print(f"each event of the large file takes {times[1] / times[0]:.2f} of the time of one of the small")
    print(f"peak memory of any child: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MB")
    return 0 if good and times[1] / times[0] <= _FLAT else 1


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        where = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(temporary)
        sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10, where))
