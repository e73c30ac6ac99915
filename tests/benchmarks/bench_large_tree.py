"""How long a large, slow, loud tree takes to be judged: at plan level, and at strict without the scan of its files.

The tree is the plan to the letter. Its log-in imports 300 modules, each of which takes 20 ms of the processor, logs
and warns; 9,000 files lie beside it. What an import alone takes stands first: a verdict costs at least that. Beside
each time stands that of all processors together, which does not grow when others use the machine.

python -m tests.benchmarks.bench_large_tree [--full]
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from id_isolation.embedded import compose
from id_isolation.embedded.layer import AUTH, Edit, Layer
from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Level

from ..meta.verdicts.test_checkout_copies import lay_beside
from .table import Row, run

LIMITS = {Level.PLAN: 3.0, Level.STRICT: 10.0}
"""What a run may take, in times of an import alone."""

MODULES = 300
_PART = """\
import logging
import time
import warnings

_end = time.process_time() + 0.02
logging.getLogger(__name__).warning("part {number} starts")
warnings.warn("part {number} uses something old", DeprecationWarning)


def answer_{number}(question: str) -> str:
    return f"{number}: {{question}}"


while time.process_time() < _end:
    pass
"""
_IMPORT = "import hashlib\n"


def large_tree(root: Path) -> Path:
    """Writes the tree into a directory that is not there yet."""
    names = [f"netra_backend/app/parts/part_{number}.py" for number in range(MODULES)]
    parts = {name: _PART.format(number=number) for number, name in enumerate(names)}
    imports = "".join(f"import netra_backend.app.parts.part_{number}\n" for number in range(MODULES))
    added = {"netra_backend/app/parts/__init__.py": "", **parts}
    compose.write("remediated", root, [Layer("large", (Edit(AUTH, _IMPORT, _IMPORT + imports),), added)])
    lay_beside(root)
    return root


def timed(command: list[str], directory: Path) -> tuple[float, float]:
    """Seconds that a command takes, and those of all processors that it and its processes use."""
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=directory, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - began, used


def imported_in(root: Path) -> tuple[float, float]:
    """How long a fresh interpreter takes to import the tree's log-in."""
    module = AUTH.removesuffix(".py").replace("/", ".")
    return timed([sys.executable, "-W", "ignore", "-c", f"import {module}"], root)


def judged(root: Path, level: Level, seed: int) -> tuple[float, float, dict[str, tuple[str, float]]]:
    """How long a whole run takes, and of each check on each surface its outcome and its own seconds."""
    found = root.parent / "found.jsonl"
    command = [sys.executable, "-m", "id_isolation.cli.main", "run", "--backend", str(root), "--level", level]
    command += ["--seed", str(seed), "--findings", str(found)]
    if level is Level.STRICT:
        command += ["-k", "not nothing_else_in_the_tree"]
    seconds, used = timed(command, root.parent)
    lines = [json.loads(line) for line in found.read_text("utf-8").splitlines()]
    verdicts = [line for line in lines if "outcome" in line]
    return seconds, used, {f"{one['check']} {one['surface']}": (one["outcome"], one["seconds"]) for one in verdicts}


def measure(full: bool) -> Iterator[Row]:
    """Each level three times in full, else once; also the three checks that took longest."""
    with TemporaryDirectory() as place:
        root = large_tree(Path(place).resolve() / "tree")
        alone, used_alone = imported_in(root)
        peer = f"import {alone:.1f} s, used {used_alone:.1f} s"
        for level, limit in LIMITS.items():
            seen: set[frozenset[tuple[str, str]]] = set()
            for seed in range(3 if full else 1):
                seconds, used, verdicts = judged(root, level, seed)
                outcomes = frozenset((pair, outcome) for pair, (outcome, _) in verdicts.items())
                seen.add(outcomes)
                red = sum(not Outcome(outcome).is_green for _, outcome in outcomes)
                own = f"{seconds:.1f} s, used {used:.1f} s"
                yield Row(f"{level}, beside an import alone", own, peer, seconds / alone, most=limit)
                told = f"{red} red of {len(verdicts)}, {len(seen)} set(s) of outcomes"
                met = bool(verdicts) and len(seen) == 1 and (level is Level.STRICT or not red)
                yield Row(f"{level}, verdicts", told, goal="the same, and at plan level green", met=met)
                longest = sorted(verdicts.items(), key=lambda item: -item[1][1])[:3]
                yield Row(f"{level}, longest", ", ".join(f"{pair} {took:.1f} s" for pair, (_, took) in longest))


if __name__ == "__main__":
    sys.exit(run(measure, __doc__))
