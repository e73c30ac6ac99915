"""Tests of the program that a finding of the stateful search hands out."""

from __future__ import annotations

import subprocess
import sys

from id_isolation.drivers.spec import on_disk, resolve
from id_isolation.ids.kinds import Level, Surface
from id_isolation.judging.client import Judge
from id_isolation.timing import units


def _run(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=units(60), check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_program_tells_the_story_again() -> None:
    """Run by itself, it prints the same steps and the same kind of end."""
    with on_disk(resolve("remediated")) as target, Judge(target, Level.STRICT, 1) as judge:
        finding = judge.verdict("C7", Surface.WEBSOCKET).findings[0]
    told = _run(finding.replay).splitlines()
    assert told[:-1] == list(finding.evidence[:-1])
    assert told[-1].startswith("Then ")


def test_a_backend_that_was_mended_agrees() -> None:
    """The same history on `hardened` ends without a disagreement."""
    program = (
        "from id_isolation.checks.model.replay import replay\n"
        "replay('hardened', users=['ana', 'ana:b'], threads=['c', 'b:c'], steps=['store s1 A 1', 'store s2 B 0'])\n"
    )
    assert _run(program).splitlines()[-1] == "The backend and the reference agree."
