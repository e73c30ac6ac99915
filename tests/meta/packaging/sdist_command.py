"""The setuptools command that builds the sdist: everything that a checkout of the suite has."""

from __future__ import annotations

from pathlib import Path

from setuptools.command.sdist import sdist

ROOMS = (".github", "fixtures", "tests")
TOP = (".pre-commit-hooks.yaml", "conftest.py", "pytest.ini", "CHANGELOG.md", "LICENSE", "README.md")
_CARRIED_OUT = frozenset({"__pycache__", ".id-isolation", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis"})


def project_files(root: Path) -> list[str]:
    """The paths of all files of the project below `root`, without what running its tests leaves behind."""
    inside = [path.relative_to(root) for room in ROOMS for path in sorted((root / room).rglob("*")) if path.is_file()]
    kept = [path for path in inside if not _CARRIED_OUT.intersection(path.parts) and path.suffix != ".pyc"]
    return [*(str(path) for path in kept), *(name for name in TOP if (root / name).is_file())]


class WholeProject(sdist):
    """An sdist with the meta tests and benchmarks too, which no wheel has any use for."""

    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        super().make_release_tree(base_dir, sorted({*files, *project_files(Path.cwd())}))
