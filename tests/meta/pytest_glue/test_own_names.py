"""The suite's tests beside a package called `tests` of somebody else's, from an editable installation too."""

from __future__ import annotations

from pathlib import Path

import pytest

from .runs import run_pytest


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a package `tests` whose folders are called as the suite's."""
    folder = tmp_path / "tests" / "unit" / "id_migration"
    folder.mkdir(parents=True)
    for package in (folder, folder.parent, folder.parent.parent):
        (package / "__init__.py").write_text("OWN = True\n")
    (folder / "test_uuid_violations_detection.py").write_text(
        "import tests.unit\ndef test_own(): assert tests.unit.OWN\n"
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return tmp_path


@pytest.mark.parametrize("mode", ["prepend", "append", "importlib"])
def test_both_packages_are_collected(mode: str, project: Path) -> None:
    """However the project has its tests imported; its own see their own package."""
    chosen = ("--pyargs", "tests", "id_isolation.tests.unit", "-k", "raw or own")
    ended = run_pytest(
        *("-p", "no:cacheprovider", "-p", "id_isolation.pytest_plugin", f"--import-mode={mode}", "-v", *chosen),
        cwd=project,
        PYTEST_DISABLE_PLUGIN_AUTOLOAD="1",
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "::test_own PASSED" in ended.stdout
    assert "::test_token_validation_mints_no_raw_session_id PASSED" in ended.stdout
    assert "GREEN: remediated" in ended.stdout


def test_a_fault_in_a_test_module_is_told_as_ever(project: Path) -> None:
    """Of the project's own modules nothing is taken over."""
    (project / "tests" / "test_broken.py").write_text("import no_such_module\n")
    ended = run_pytest("-p", "id_isolation.pytest_plugin", "-p", "no:cacheprovider", "-q", "tests", cwd=project)
    assert ended.returncode == 2
    assert "ModuleNotFoundError: No module named 'no_such_module'" in ended.stdout
