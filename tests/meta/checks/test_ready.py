"""A process that is made ready has every check loaded, and Hypothesis has looked around already."""

from __future__ import annotations

import gc
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


def ready(*, folder: Path, **variables: str) -> list[str]:
    """What a new process says of itself."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        timeout=units(60),
        check=False,
        cwd=str(folder),
        env={**variables},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_every_check_is_loaded_and_what_is_there_is_left_alone(tmp_path: Path) -> None:
    """A forked process then imports nothing, and copies no more of its parent than it must."""
    assert ready(folder=tmp_path)[0] == "True True True"
    assert gc.get_freeze_count() == 0


def test_hypothesis_keeps_its_tables_elsewhere_than_where_the_run_is_started(tmp_path: Path) -> None:
    """A checkout under judgement gets no directory of them."""
    assert ready(folder=tmp_path)[1] == "False"
    assert not list(tmp_path.iterdir())
