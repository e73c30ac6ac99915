"""Runs every benchmark, each in a process of its own, and writes one Markdown table.

python -m tests.benchmarks [--full]
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .table import HEAD


def main() -> int:
    """Print the table; the last exit code that was not 0, if any."""
    print(f"| file | {' | '.join(HEAD)} |\n|{' --- |' * (len(HEAD) + 1)}")
    code = 0
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        command = [sys.executable, "-m", f"{__package__}.{path.stem}", *sys.argv[1:]]
        ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        code = ended.returncode or code
        rows = [line for line in ended.stdout.splitlines() if line.startswith("| ")][2:]
        for row in rows or [f"| ended with exit code {ended.returncode} |{' |' * (len(HEAD) - 1)}"]:
            print(f"| {path.stem} {' '.join(row.split())}", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
