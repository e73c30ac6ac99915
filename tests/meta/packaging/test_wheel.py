"""The built wheel does the main job in an environment and a directory that have nothing else of the suite."""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .installed import ROOT, Environment, build

pytestmark = pytest.mark.slow

QUICK = ("--effort", "0.1")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="module")
def environment(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    made = Environment(tmp_path_factory.mktemp("environment") / "venv")
    made.pip("install", "--no-deps", "--no-index", *map(str, built.glob("*.whl")))
    return made


def test_the_wheel_is_one_typed_package_without_the_suites_own_tests(built: Path) -> None:
    """It has the machinery, the checks' tests and the package data, and nothing at the top but `id_isolation`."""
    names = zipfile.ZipFile(next(built.glob("*.whl"))).namelist()
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"id_isolation", "id_isolation_suite"}
    assert not [name for name in names if "/tests/meta/" in name or "/tests/benchmarks/" in name or "examples" in name]
    wanted = {"py.typed", "suite.py", "drivers/skeleton.txt", "history/schema.json", "reports/assets/report.css"}
    assert {f"id_isolation/{name}" for name in wanted} <= set(names)
    committed = {str(path.relative_to(ROOT / "fixtures")) for path in (ROOT / "fixtures").rglob("*.py")}
    assert {f"id_isolation/{name}" for name in committed} <= set(names)


def test_the_sdist_is_the_whole_project(built: Path) -> None:
    """Its own tests can be run from it."""
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "pytest.ini", "conftest.py", "LICENSE", "README.md"} <= names
    assert {"tests/meta/packaging/test_wheel.py", "tests/examples/toy/adapter.py"} <= names
    assert not [name for name in names if "__pycache__" in name]


def test_the_package_shows_its_types_where_it_is_installed(environment: Environment, tmp_path: Path) -> None:
    """A type checker takes the annotations of an adapter's base class from the wheel."""
    (tmp_path / "use.py").write_text(
        "from id_isolation.adapters import AdapterBackend\nreveal_type(AdapterBackend().name)\n"
    )
    ended = environment.run(str(environment.python), "-m", "mypy", "--strict", "use.py", cwd=tmp_path)
    assert 'Revealed type is "str"' in ended.stdout.replace("builtins.", ""), ended.stdout


def test_an_embedded_backend_is_judged_in_an_empty_directory(environment: Environment, tmp_path: Path) -> None:
    """The plan carried out passes, the code as it was fails, and neither leaves a file behind."""
    good = environment.run(*environment.command("run", "--backend", "remediated", *QUICK), cwd=tmp_path)
    assert good.returncode == 0, good.stdout + good.stderr
    assert "GREEN: remediated" in good.stdout
    bad = environment.run(
        *environment.command("run", "--backend", "legacy", "--category", "unit", *QUICK), cwd=tmp_path
    )
    assert bad.returncode == 1
    assert "netra_backend/app/auth_integration/auth.py:" in bad.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_checkout_is_judged_beside_its_own_tests_and_configuration(environment: Environment, tmp_path: Path) -> None:
    """What the backend's own pytest.ini, conftest.py, tests and fixtures would do to a run, they do not."""
    root = tmp_path / "backend"
    assert environment.run(*environment.command("export", "legacy", str(root)), cwd=tmp_path).returncode == 0
    (root / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    for name in ("conftest.py", "tests/__init__.py", "tests/conftest.py", "fixtures/__init__.py"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("raise SystemExit('the own code of the backend was run')\n")
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}
    ended = environment.run(*environment.command("run", "--backend", ".", "--category", "unit", *QUICK), cwd=root)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "auth_integration/auth.py:" in ended.stdout
    assert "the own code of the backend was run" not in ended.stdout + ended.stderr
    assert {
        path: path.stat().st_mtime_ns for path in root.rglob("*") if path.suffix != ".pyc" and path.is_file()
    } == before


def test_an_adapter_is_judged_from_where_it_was_written(environment: Environment, tmp_path: Path) -> None:
    """The toy's adapter lies in the current directory."""
    for name in ("adapter.py", "chat.py"):
        shutil.copy(ROOT / "tests/examples/toy" / name, tmp_path)
    command = environment.command("run", "--backend", "adapter:ToyBackend", *QUICK)
    ended = environment.run(*command, cwd=tmp_path)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "GREEN: adapter:ToyBackend" in ended.stdout


@contextmanager
def serving(environment: Environment, folder: Path) -> Iterator[str]:
    command = environment.command("serve", "remediated", "--tokens-out", "tokens.json")
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def test_an_endpoint_is_judged_from_outside(environment: Environment, tmp_path: Path) -> None:
    """A backend that another process serves, by its ws:// address and a file of tokens."""
    with serving(environment, tmp_path) as address:
        options = ("--backend", address, "--category", "e2e", "--staging-tokens", "tokens.json", *QUICK)
        ended = environment.run(*environment.command("run", *options), cwd=tmp_path)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "GREEN for e2e" in ended.stdout
    assert all(token not in ended.stdout for token in json.loads((tmp_path / "tokens.json").read_text()).values())


def test_the_checks_run_inside_somebody_elses_suite(environment: Environment, tmp_path: Path) -> None:
    """By one line in a test file, beside tests, fixtures and settings of its own; and by --pyargs with two plug-ins."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/__init__.py").write_text("")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\nmarkers = own: a marker of their own\n")
    (tmp_path / "conftest.py").write_text(
        "import pytest\npytest_plugins = ['id_isolation.pytest_plugin']\n@pytest.fixture\ndef own():\n    return 3\n"
    )
    (tmp_path / "tests/test_own.py").write_text(
        "import pytest\n@pytest.mark.own\ndef test_own(own):\n    assert own == 3\n"
    )
    (tmp_path / "tests/test_ids.py").write_text("from id_isolation.suite import *\n")
    python = str(environment.python)
    chosen = ("-k", "own or S1", "-p", "no:cacheprovider")
    ended = environment.run(python, "-m", "pytest", *chosen, cwd=tmp_path, ID_ISOLATION_BACKEND="legacy")
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "3 failed, 1 passed" in ended.stdout
    assert "test_s1_on_auth" in ended.stdout
    (tmp_path / "conftest.py").unlink()
    glue = ("-p", "id_isolation.pytest_plugin", "-p", "no:cacheprovider", "--isolation-backend", "remediated")
    ended = environment.run(python, "-m", "pytest", *glue, "--pyargs", "id_isolation.tests.unit", cwd=tmp_path)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "GREEN for" in ended.stdout


def test_uninstalling_leaves_nothing(built: Path, tmp_path: Path) -> None:
    """What was installed is gone again, the command too."""
    environment = Environment(tmp_path / "venv")
    before = environment.files()
    environment.pip("install", "--no-deps", "--no-index", *map(str, built.glob("*.whl")))
    assert environment.files() - before
    environment.pip("uninstall", "--yes", "id-isolation-suite")
    assert environment.files() == before
