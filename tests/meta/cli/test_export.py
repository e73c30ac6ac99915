"""An embedded backend can be written down, looked at and judged by its path."""

from __future__ import annotations

from pathlib import Path

import pytest

from id_isolation.cli.main import main
from id_isolation.embedded import compose


def test_a_backend_is_written_into_a_new_directory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command says how to judge what it wrote."""
    target = tmp_path / "checkout"
    assert main(["export", "legacy+auth", str(target)]) == 0
    written = {path.relative_to(target).as_posix(): path.read_text("utf-8") for path in target.rglob("*.py")}
    assert written == compose.sources("legacy+auth")
    assert f"id-isolation run --backend {target}" in capsys.readouterr().out


@pytest.mark.parametrize("spec", ["modern", "legacy+nothing"])
def test_an_unknown_backend_is_refused(spec: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 4 and one sentence."""
    assert main(["export", spec, str(tmp_path / "new")]) == 4
    assert "there is no" in capsys.readouterr().err


def test_a_directory_in_use_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written among somebody's files."""
    (tmp_path / "mine.txt").write_text("mine")
    assert main(["export", "legacy", str(tmp_path)]) == 4
    assert "name a new one" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
