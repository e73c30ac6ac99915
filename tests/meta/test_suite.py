"""Somebody else's suite gets one test for each check and surface by one import, and the surfaces along with them."""

from __future__ import annotations

from pathlib import Path

from id_isolation import suite
from id_isolation.checks.check import judged_pairs

from .pytest_plugin.runs import run_pytest

OWN_CONFTEST = """
import pytest
pytest_plugins = ["id_isolation.pytest_plugin"]

def pytest_addoption(parser):
    for name in ("--backend", "--level", "--seed", "--users", "--report"):
        parser.addoption(name, default="theirs")

@pytest.fixture
def auth(request):
    return request.config.getoption("--backend")

@pytest.fixture
def generator():
    return "their generator"

@pytest.fixture(autouse=True)
def judge():
    return "their judge"
"""
OWN_TESTS = """
def test_own(auth, generator):
    assert (auth, generator) == ("theirs", "their generator")
"""


def test_there_is_a_test_for_everything_that_is_carried_out() -> None:
    """Named by check and surface; the star brings them and the surfaces, and nothing else."""
    tests = {f"test_{check.lower()}_on_{surface}" for check, surface in judged_pairs()}
    assert set(suite.__all__) == tests | {str(surface) for _, surface in judged_pairs()}
    assert all(hasattr(suite, name) for name in suite.__all__)


def test_fixtures_and_options_of_the_same_names_stay_each_ones_own(tmp_path: Path) -> None:
    """Theirs are in their conftest.py; ours are used by the imported tests and by the suite's own modules."""
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\n")
    (tmp_path / "conftest.py").write_text(OWN_CONFTEST)
    (tmp_path / "test_own.py").write_text(OWN_TESTS)
    (tmp_path / "test_ids.py").write_text("from id_isolation.suite import *\n")
    chosen = (".", "--pyargs", "id_isolation.tests.unit", "-k", "own or s2_on_auth or session_method")
    options = ("-p", "no:cacheprovider", "-p", "no:randomly", "--isolation-backend", "remediated", "-v")
    ended = run_pytest(*options, *chosen, cwd=tmp_path)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    for name in ("test_own", "test_s2_on_auth", "test_token_validation_calls_the_session_method"):
        assert f"::{name} PASSED" in ended.stdout
    assert "2 of 53, remediated at plan level: 2 passed." in " ".join(ended.stdout.split())
