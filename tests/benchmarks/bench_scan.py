"""How fast the scan is beside ruff, and where both differ, on a tree of real code.

    python tests/benchmarks/bench_scan.py TREE [ROUNDS]

Both run in turn on the same tree, ROUNDS times (default 5), the scan with
its byte code as an installation has it. Printed are, for each, the best wall time and the best
processor time, the ratios to `ruff check --no-cache` with `uuid.uuid4` banned (rule TID251), the scan's peak memory,
and every line that only one of them reports, with the reason. Exit code 1 where a difference has no known reason.
"""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from id_isolation.timing import units

_RULE = 'lint.select = ["TID251"]\nexclude = []\n[lint.flake8-tidy-imports.banned-api]\n"uuid.uuid4".msg = "banned"\n'
_LINE = re.compile(r"(.+?):(\d+):\d+: TID251")
_SCAN = "import sys; from id_isolation.cli.main import main; sys.exit(main())"


def _installed(folder: str) -> dict[str, str]:
    """The environment with byte code kept in the folder: an installed package has it, a checkout may be told not to."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": f"{folder}/bytecode"}


def _timed(command: list[str], environment: dict[str, str] | None = None) -> tuple[float, float, int, str]:
    """Wall seconds, processor seconds, exit code and output of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, timeout=units(600), check=False, env=environment)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, used, done.returncode, done.stdout


def _best(runs: list[tuple[float, float, int, str]]) -> tuple[float, float]:
    return min(run[0] for run in runs), min(run[1] for run in runs)


def main(tree: Path, rounds: int) -> int:
    """Measure, compare and print."""
    ruff = shutil.which("ruff") or str(Path(sys.executable).with_name("ruff"))
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "ruff.toml"
        config.write_text(_RULE)
        check = [ruff, "check", "--no-cache", "--config", str(config), "--output-format", "concise", "-q", str(tree)]
        scan = [sys.executable, "-c", _SCAN, "scan", str(tree), "--format", "json", "--cache-dir", f"{folder}/cache"]
        environment = _installed(folder)
        _timed([*scan, "--no-cache"], environment)
        peer, cold, warm = [], [], []
        for _ in range(rounds):
            peer.append(_timed(check))
            shutil.rmtree(f"{folder}/cache", ignore_errors=True)
            cold.append(_timed(scan, environment))
            warm.append(_timed(scan, environment))
    report = json.loads(cold[-1][3])
    print(f"{report['files']} files, {len(report['findings'])} findings, {len(report['unread'])} unread")
    base = _best(peer)
    for name, runs in (("ruff", peer), ("scan, cold", cold), ("scan, warm", warm)):
        wall, used = _best(runs)
        print(
            f"{name:<11} {wall:6.2f} s wall ({wall / base[0]:.2f} of ruff), {used:6.2f} s used ({used / base[1]:.2f})"
        )
    print(f"peak memory of any child: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MB")
    return _differences(tree, report, peer[-1][3])


def _differences(tree: Path, report: dict[str, list[dict[str, str]]], text: str) -> int:
    theirs = {(m[1], int(m[2])) for m in map(_LINE.match, text.splitlines()) if m}
    ours = {(str(tree / f["file"]), int(f["line"])) for f in report["findings"] if f["what"].endswith(".uuid4")}
    unread = {str(tree / item["file"]) for item in report["unread"]}
    unexplained = 0
    counts: dict[str, int] = {}
    for place in sorted(theirs ^ ours):
        reason = _reason(place, place in theirs, unread)
        counts[reason or "UNEXPLAINED"] = counts.get(reason or "UNEXPLAINED", 0) + 1
        if not reason:
            unexplained += 1
            print(f"unexplained: {place[0]}:{place[1]} only by {'ruff' if place in theirs else 'the scan'}")
    print(f"both: {len(theirs & ours)}, only ruff: {len(theirs - ours)}, only the scan: {len(ours - theirs)}")
    for reason, count in sorted(counts.items()):
        print(f"  {count:5} {reason}")
    return 1 if unexplained else 0


def _reason(place: tuple[str, int], only_ruff: bool, unread: set[str]) -> str:
    source = Path(place[0]).read_text(encoding="utf-8", errors="replace")
    line = source.splitlines()[place[1] - 1]
    if place[0] in unread:
        return "ruff's: the file does not parse in this Python"
    imported = re.search(r"from (\S+) import [^\n]*\buuid4\b|from (\S+) import \([^)]*\buuid4\b", source)
    if only_ruff:
        return "ruff's: it reports the import, the scan each use" if "import" in line or imported else ""
    if imported and "uuid." not in line:
        return "the scan's: ruff reports the import only, not the use"
    if re.search(r"from (?!uuid\b)\S+ import [^\n]*uuid|import fastuuid|import uuid as|getattr|__import__", source):
        return "the scan's: the module came by another one of the tree, which ruff does not follow"
    return ""


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 5))
