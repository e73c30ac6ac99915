"""Builds the project, and installs its wheel where nothing else of this tree can be imported."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from id_isolation.timing import units

from .sdist_command import project_files

ROOT = Path(__file__).parents[3]


def build(folder: Path) -> Path:
    """Builds sdist and wheel of a copy of the tree; the directory that both are in."""
    source = folder / "source"
    for name in (*project_files(ROOT), "pyproject.toml"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, source / name)
    _run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder / "dist"), str(source)], folder)
    return folder / "dist"


class Environment:
    """A new virtual environment that has the suite's dependencies, lent from the one that runs the tests.

    `interpreter` is another Python to make it of; packages that are compiled for this one cannot be `lent` to it.
    """

    def __init__(self, folder: Path, interpreter: str = sys.executable, *, lent: bool = True) -> None:
        self.folder = folder
        _run([interpreter, "-m", "venv", "--without-pip", str(folder)], folder.parent)
        if lent:
            self._lend()

    def _lend(self) -> None:
        lent = self.folder / "lent"
        lent.mkdir()
        for entry in Path(sysconfig.get_path("purelib")).iterdir():
            # Nothing that leads back to this tree, and no hook that would run by itself.
            if "id_isolation" not in entry.name and entry.suffix != ".pth":
                (lent / entry.name).symlink_to(entry)
        (self.site_packages / "lent.pth").write_text(f"{lent}\n")

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def site_packages(self) -> Path:
        return next((self.folder / "lib").glob("python3.*/site-packages"))

    def pip(self, *arguments: str) -> None:
        _run([sys.executable, "-m", "pip", "--python", str(self.python), *arguments], self.folder)

    def files(self) -> set[str]:
        """Everything that is installed in it, but for what Python itself compiles."""
        found = (path for place in ("bin", "lib") for path in (self.folder / place).rglob("*"))
        return {str(path) for path in found if "__pycache__" not in path.parts}

    def command(self, *arguments: str) -> list[str]:
        """The command `id-isolation` of this environment."""
        return [str(self.folder / "bin" / "id-isolation"), *arguments]

    def run(self, *command: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
        """Runs a command of this environment, with nothing of the tests' own settings."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PYTHON"))}
        return subprocess.run(
            list(command),
            cwd=cwd,
            env={**kept, "COLUMNS": "100", **variables},
            capture_output=True,
            text=True,
            timeout=units(240),
            check=False,
        )


def _run(command: list[str], cwd: Path) -> None:
    ended = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=units(240), check=False)
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
