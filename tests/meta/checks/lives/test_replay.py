"""Tests of the program that a finding of the stateful search hands out."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import partial
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from id_isolation.drivers.spec import on_disk, open_backend, resolve
from id_isolation.embedded import compose
from id_isolation.history.finding import Finding
from id_isolation.history.record import RunRecord
from id_isolation.judging.client import Judge
from id_isolation.judging.judge import judge
from id_isolation.plan.kinds import Level, Surface
from id_isolation.power.fault import Fault
from id_isolation.reports.comparison import groups
from id_isolation.reports.html_run import run_page
from id_isolation.timing import units
from id_isolation.world.effort import Effort
from id_isolation.world.processes import forked, values

from ..planted import subject


def _run(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=units(60), check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _plainly(line: str) -> str:
    """A step without its IDs, which are new each time."""
    return " ".join(word for word in line.split(" (")[0].split() if "_" not in word)


def test_the_program_tells_the_story_again() -> None:
    """Copied from the page and run by itself, it prints the same steps and the same kind of end."""
    with on_disk(resolve("remediated")) as target, Judge(target, Level.STRICT, 1, Effort(0.25)) as judge:
        verdict = judge.verdict("C7", Surface.WEBSOCKET)
    finding = groups(verdict.findings)[0].findings[0]
    page = run_page(RunRecord("remediated", Level.STRICT, (verdict,)))
    copied = re.findall(r'class="replay".*?><code>(.*?)</code></pre>', page, re.DOTALL)
    told = _run(next(text for text in map(unescape, copied) if text.startswith("from "))).splitlines()
    assert [_plainly(line) for line in told[:-1]] == [_plainly(line) for line in finding.evidence[:-1]]
    assert told[-1].startswith("Then ")


def _planted(name: str, spec: str, place: Path) -> Finding:
    """What C7 finds on a tree or with a delivery that has this fault."""
    fault = subject(name)
    compose.write(fault.base, place, (fault.layer,) if fault.layer else ())
    assert isinstance(fault, Fault)
    data = values(forked(partial(_first_finding, fault, spec, place), 1, deadline=units(60)))[0]
    return Finding.from_json(data)


def _first_finding(fault: Fault, spec: str, place: Path, index: int) -> dict[str, Any]:
    backend = open_backend(spec, place)
    if fault.delivery is not None:
        backend.delivery = fault.delivery  # type: ignore[attr-defined]
    verdict = judge(backend, "C7", Surface.WEBSOCKET, Level.STRICT, 1, Effort(0.25), place)
    return verdict.findings[0].to_json()


@pytest.mark.parametrize(
    ("name", "spec"),
    [
        pytest.param("anyone-ends-runs", "hardened", marks=pytest.mark.slow),
        pytest.param("second-thread-drops-the-first", "trees/mine", marks=pytest.mark.slow),
    ],
)
def test_the_program_shows_a_planted_fault_again_from_elsewhere(
    name: str, spec: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A delivery that was put into a sound backend, and a checkout that was named from another directory."""
    place, elsewhere = tmp_path.resolve() / "tree", tmp_path / "elsewhere"
    elsewhere.mkdir()
    finding = _planted(name, spec, place)
    monkeypatch.chdir(elsewhere)
    told = _run(finding.replay).splitlines()
    assert [_plainly(line) for line in told[:-1]] == [_plainly(line) for line in finding.evidence[:-1]]
    assert told[-1].startswith("Then ")


def test_a_backend_that_was_mended_agrees() -> None:
    """The same history on `hardened` ends without a disagreement."""
    program = (
        "from id_isolation.checks.parts.lives_search import replay\n"
        "replay('hardened', users=['ana', 'ana:b'], threads=['c', 'b:c'], steps=['store s1 A 1', 'store s2 B 0'])\n"
    )
    assert _run(program).splitlines()[-1] == "The backend and the reference agree."
