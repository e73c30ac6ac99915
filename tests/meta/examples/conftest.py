"""Examples are judged from their own directory, as somebody would who has written one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def placed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Copies an example into an empty directory, which becomes the current one."""

    def place(name: str) -> Path:
        for file in (*(EXAMPLES / name).glob("*.py"), *(EXAMPLES / name).glob("*.toml")):
            if file.name != "__init__.py":
                shutil.copy(file, tmp_path)
        monkeypatch.chdir(tmp_path)
        return tmp_path

    return place
