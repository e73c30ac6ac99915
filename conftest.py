"""Loads the suite's pytest plug-in for tests that are run from a checkout of the suite."""

from __future__ import annotations

import compileall
import os
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

if find_spec("id_isolation") is None:
    pytest.exit("The suite is not installed here. Run: python -m pip install -e '.[dev]'", returncode=4)

if "PYTEST_XDIST_WORKER" not in os.environ:
    # The tests start the command hundreds of times. Where Python keeps no byte code, each would compile it all again.
    compileall.compile_dir(Path(__file__).with_name("fixtures"), quiet=2)
# Nor is every assertion of the tests to be rewritten anew in each process of each run.
sys.dont_write_bytecode = False

pytest_plugins = ("id_isolation.pytest_plugin.outputs", "id_isolation.pytest_plugin.plugin")
