"""How fast the scan is beside ruff, how its time grows with the tree, and where both differ.

    python -m tests.benchmarks.bench_scan [--full]             generated trees of 1,000 and 4,000 modules; also 16,000
    python -m tests.benchmarks.bench_scan TREE [--whole]       a tree of real code

Both run in turn on the same tree, ROUNDS times, the scan with its byte code as an installation has it. Printed are, for
each, the median of the wall times and of the processor times, the ratios to `ruff check --no-cache` with `uuid.uuid4`
banned (rule TID251), the peak memory, the slope between the generated sizes (by processor time, which other work on the
machine disturbs least), and for a real tree every line that only one of both reports, with the reason. Exit code 1
where a difference has no known reason, the slope from one size to four times as many modules is above 4.6, or a tree of
4,000 files or more takes more than 4 times as long as ruff.

A generated tree has what is hard in real ones: modules that star-import each other in groups of 50, chains of
re-exports 100 deep, names that refer to themselves; and bodies of 500 lines (17 kB) with one mint, as a real tree of
9,400 files has.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from .table import Row, lines, run

ROUNDS = 3
SIZES = (1000, 4000)
SLOPE = 4.6
RATIO = 4.0
_RULE = 'lint.select = ["TID251"]\nexclude = []\n[lint.flake8-tidy-imports.banned-api]\n"uuid.uuid4".msg = "banned"\n'
_LINE = re.compile(r"(.+?):(\d+):\d+: TID251")
_SCAN = "import sys; from id_isolation.cli.main import main; sys.exit(main())"
_BODY = '''

class Service{n}:
    """Keeps what one user asked for; "quotes" and # signs stand in texts, too."""

    def __init__(self, store, clock=None):
        self.store = store
        self.limit = 100

    async def handle_{k}(self, user_id, payload):
        """Answers one request."""
        if not payload:
            raise ValueError("nothing to do")
        items = [item for item in payload if item.get("state") != "done"]
        for item in items:
            result = await self.store.save(
                item,
                owner=user_id,
            )
            self.count = len(result)
        return {{"items": items, "taken": len(items)}}
'''
_MINT = """
    def start_{n}(self, user_id):
        session_id = str(uuid.uuid4())
        return session_id
"""


class Run(NamedTuple):
    """One run of a program: seconds of wall clock and processor, peak memory in MB, and what it printed."""

    wall: float
    used: float
    memory: int
    output: str


def generate(folder: Path, modules: int) -> Path:
    """Write a tree with that many modules."""
    for number in range(modules):
        group, place = divmod(number, 200)
        package = folder / f"pkg{group}"
        package.mkdir(exist_ok=True)
        (package / f"m{place}.py").write_text(_module(group, place))
    for package in folder.iterdir():
        (package / "__init__.py").write_text("")
    return folder


def _module(group: int, place: int) -> str:
    """The first 50 of each 200 star-import each other, the next 100 are a chain, the rest refer to themselves."""
    here = f"pkg{group}"
    if place < 50:
        head = "".join(f"from {here}.m{n} import *\n" for n in range(50) if n != place)
        head += "from uuid import uuid4 as fresh\n" if place == 0 else ""
    elif place < 150:
        head = f"from {here}.m{place - 1} import *\nid_{place} = fresh\n"
    else:
        other = 150 + (place + 1 - 150) % 50
        head = f"from {here}.m{other} import name_{other} as name_{place}\nname = name_{place}\n"
    body = "".join(_BODY.format(n=n, k=n) + (_MINT.format(n=n) if n == 7 else "") for n in range(24))
    return f'"""One module of many."""\n\nimport time\nimport uuid\n{head}{body}'


def measured(command: list[str], environment: dict[str, str] | None = None) -> Run:
    """One run, with the operating system's own accounting."""
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL, env=environment)
        _, _, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = 0
        output.seek(0)
        text = output.read().decode("utf-8", "replace")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024, text)


def compared(tree: Path, *options: str) -> tuple[Run, Run, Any, str]:
    """The median runs of ruff and the scan on one tree, in turn; the scan's report and ruff's lines."""
    ruff = shutil.which("ruff") or str(Path(sys.executable).with_name("ruff"))
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "ruff.toml"
        config.write_text(_RULE)
        check = [ruff, "check", "--no-cache", "--config", str(config), "--output-format", "concise", "-q", str(tree)]
        scan = [sys.executable, "-c", _SCAN, "scan", str(tree), "--format", "json", *options]
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment = {**kept, "PYTHONPYCACHEPREFIX": f"{folder}/bytecode"}
        measured(check)
        measured(scan, environment)
        pairs = [(measured(check), measured(scan, environment)) for _ in range(ROUNDS)]
    ratios = sorted(mine.wall / theirs.wall for theirs, mine in pairs)
    theirs, mine = _median([pair[0] for pair in pairs]), _median([pair[1] for pair in pairs])
    report = json.loads(mine.output)
    return theirs, mine._replace(output=f"{statistics.median(ratios)}"), report, theirs.output


def _median(runs: list[Run]) -> Run:
    last = runs[-1]
    wall, used = statistics.median(run.wall for run in runs), statistics.median(run.used for run in runs)
    return Run(wall, used, max(run.memory for run in runs), last.output)


def measure(full: bool) -> Iterator[Row]:
    """Generated trees of several sizes: beside ruff, and how the processor time grows from one to the next."""
    before: tuple[int, float] | None = None
    for size in (*SIZES, 16_000) if full else SIZES:
        with tempfile.TemporaryDirectory() as folder:
            theirs, mine, _, _ = compared(generate(Path(folder), size))
        told = f"{mine.wall:.2f} s, used {mine.used:.2f} s, {mine.memory} MB a process"
        peer = f"{theirs.wall:.2f} s, used {theirs.used:.2f} s, {theirs.memory} MB"
        # Below that, starting takes more of the time than reading.
        most = RATIO if size >= 9_000 else None
        yield Row(f"{size:,} modules, beside ruff (wall time)", told, peer, float(mine.output), most=most)
        if before is not None:
            what, allowed = f"{size:,} modules, beside {before[0]:,} (used)", SLOPE * size / before[0] / 4
            yield Row(what, f"{mine.used:.2f} s", f"{before[1]:.2f} s", mine.used / before[1], most=allowed)
        before = (size, mine.used)


def real(tree: Path, *options: str) -> int:
    """Measure a real tree, and explain each line that only one of both reports."""
    theirs_run, mine, report, text = compared(tree, *options)
    mints = f"{len(report['findings'])} mints, {len(report['unread'])} unread, {len(report['read_in_part'])} in part"
    told, peer = (f"{one.wall:.2f} s, {one.memory} MB" for one in (mine, theirs_run))
    print("\n".join(lines([Row(f"{report['files']} files, {mints}", told, peer, float(mine.output), most=RATIO)])))
    theirs = {(m[1], int(m[2])) for m in map(_LINE.match, text.splitlines()) if m}
    ours = {(str(tree / f["file"]), int(f["line"])) for f in report["findings"] if f["what"].endswith(".uuid4")}
    partly = {str(tree / item["file"]) for item in (*report["unread"], *report["read_in_part"])}
    counts: Counter[str] = Counter()
    for place in sorted(theirs ^ ours):
        reason = _reason(tree, place, place in theirs, partly)
        counts[reason or "UNEXPLAINED"] += 1
        if not reason:
            print(f"unexplained: {place[0]}:{place[1]} only by {'ruff' if place in theirs else 'the scan'}")
    print(f"  both: {len(theirs & ours)}, only ruff: {len(theirs - ours)}, only the scan: {len(ours - theirs)}")
    for reason, count in sorted(counts.items()):
        print(f"  {count:5} {reason}")
    return int(counts["UNEXPLAINED"] > 0)


def _reason(root: Path, place: tuple[str, int], only_ruff: bool, partly: set[str]) -> str:
    source = Path(place[0]).read_text(encoding="utf-8", errors="replace")
    line = source.split("\n")[place[1] - 1]
    imported = re.search(r"from (\S+) import [^\n]*\buuid4\b|from (\S+) import \([^)]*\buuid4\b", source)
    if only_ruff:
        if "import" in line or (imported and re.match(r"\s*uuid4( as \w+)?,?\s*$", line)):
            return "ruff's: it reports the import, the scan each use"
        if (root / "uuid.py").is_file():
            return "ruff's: the tree has a module `uuid` of its own"
        if re.search(r"uuid4 = |patch|mock|== *uuid|is uuid|isinstance|id-isolation: allow", line):
            return "ruff's: the function is named there and makes no ID"
        if re.search(r"shared/id_generation/", place[0]):
            return "ruff's: the approved generator itself may mint"
        return (
            "ruff's: a name bound to the function; the scan reports its uses"
            if re.search(r"= *uuid\.uuid4\b(?!\()", line)
            else ""
        )
    if place[0] in partly:
        return "the scan's: the file does not parse"
    if imported and "uuid.uuid4" not in line:
        return "the scan's: ruff reports the import only, not the use"
    if re.search(r"from (?!uuid\b)\S+ import [^\n]*uuid|import fastuuid|import uuid as|getattr|__import__", source):
        return "the scan's: the module came by another one of the tree, or under another name"
    return ""


def main() -> int:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", nargs="?", type=Path, help="a directory of real code")
    parser.add_argument("--whole", action="store_true", help="let the scan parse every file in full")
    given, _ = parser.parse_known_args()
    if given.tree is not None:
        return real(given.tree, *(["--whole"] if given.whole else []))
    return run(measure, __doc__)


if __name__ == "__main__":
    sys.exit(main())
