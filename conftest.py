"""Loads the suite's pytest plug-in for tests that are run from a checkout of the suite."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

if find_spec("id_isolation") is None:
    pytest.exit("The suite is not installed here. Run: python -m pip install -e '.[dev]'", returncode=4)

pytest_plugins = ("id_isolation.pytest_plugin.outputs", "id_isolation.pytest_plugin.plugin")
