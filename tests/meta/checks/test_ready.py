"""A process that is made ready has every check loaded, and Hypothesis has looked around already."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from id_isolation.timing import units

PROGRAM = """
import gc, os, sys
from hypothesis.configuration import storage_directory
from id_isolation.checks.ready import make_ready
make_ready()
before = set(sys.modules)
from id_isolation.checks.check import all_checks, judged_pairs
all_checks()
print(len(judged_pairs()) > 50, set(sys.modules) == before, gc.get_freeze_count() > 1000)
print(os.getcwd() in str(storage_directory()))
"""


def test_every_check_is_loaded_and_what_is_there_is_left_alone(tmp_path: Path) -> None:
    """A forked process then imports nothing, and copies no more of its parent than it must.

    Hypothesis keeps its tables elsewhere than where the run is started: a checkout gets no directory of them.
    """
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        timeout=units(60),
        check=False,
        cwd=tmp_path,
        env={},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["True True True", "False"]
    assert list(tmp_path.iterdir()) == []
