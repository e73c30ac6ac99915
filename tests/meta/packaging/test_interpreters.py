"""The wheel judges alike under every other Python that is at hand, free-threaded ones included."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

import pytest

from .installed import Environment, build

pytestmark = pytest.mark.slow

VERSIONS = ("3.12", "3.13", "3.14", "3.13t", "3.14t")


def _at_hand(version: str) -> str | None:
    """The path of an interpreter: by its name on the PATH, or the newest that pyenv has."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    patches = sorted(pyenv.glob(f"{version.removesuffix('t')}.*"), key=lambda path: path.stat().st_mtime)
    named = [str(path / "bin" / "python") for path in patches if path.name.endswith("t") == version.endswith("t")]
    found = shutil.which(f"python{version}")
    # A shim of pyenv is there for versions that are not chosen, too, and then runs nothing.
    runs = found and subprocess.run([found, "-V"], capture_output=True, check=False).returncode == 0
    return found if runs else next(reversed(named), None)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return next(build(tmp_path_factory.mktemp("built")).glob("*.whl"))


def _environment(version: str, wheel: Path, folder: Path) -> Environment:
    """The wheel with its dependencies as the index has them for this Python: compiled ones differ for each."""
    interpreter = _at_hand(version)
    if interpreter is None:
        pytest.skip(f"there is no Python {version} on this machine")
    environment = Environment(folder, interpreter, lent=False)
    pip = (sys.executable, "-m", "pip", "--python", str(environment.python), "install", "-q", "--prefer-binary")
    ended = environment.run(*pip, *_dependencies(wheel), cwd=folder)
    if ended.returncode != 0:
        pytest.skip(f"pip gets no dependencies for Python {version}: {ended.stderr[-300:]}")
    # By itself: that the wheel cannot be installed is no reason to skip.
    ended = environment.run(*pip, "--no-deps", str(wheel), cwd=folder)
    assert ended.returncode == 0, ended.stderr
    ended = environment.run(*pip[:-3], "check", cwd=folder)
    assert ended.returncode == 0, ended.stdout
    return environment


def _dependencies(wheel: Path) -> list[str]:
    """What the wheel needs without any of its extras."""
    with ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = message_from_bytes(archive.read(name))
    return [line for line in metadata.get_all("Requires-Dist", []) if "extra ==" not in line]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_three_backends_get_their_verdicts(version: str, wheel: Path, tmp_path: Path) -> None:
    """Legacy is red, the plan carried out is green, and the hardened one is green at the strict level."""
    environment = _environment(version, wheel, tmp_path / "venv")
    runs = (("legacy", "plan", 1, "RED"), ("remediated", "plan", 0, "GREEN"), ("hardened", "strict", 0, "GREEN"))
    for backend, level, code, word in runs:
        command = environment.command("run", "--backend", backend, "--level", level, "--effort", "0.25")
        ended = environment.run(*command, cwd=tmp_path)
        assert ended.returncode == code, ended.stdout + ended.stderr
        assert f"{word}: {backend}" in ended.stdout


@pytest.mark.parametrize("version", [version for version in VERSIONS if version.endswith("t")])
def test_threads_of_a_free_threaded_build_run_at_once(version: str, wheel: Path, tmp_path: Path) -> None:
    """No lock of the interpreter is turned on again by anything that the suite imports."""
    environment = _environment(version, wheel, tmp_path / "venv")
    code = (
        "import sys; import id_isolation.judging.host;"
        " from id_isolation.checks.check import judged_pairs; judged_pairs(); print(sys._is_gil_enabled())"
    )
    ended = environment.run(str(environment.python), "-c", code, cwd=tmp_path)
    assert ended.stdout.strip() == "False", ended.stdout + ended.stderr
