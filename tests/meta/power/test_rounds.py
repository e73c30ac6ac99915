"""What people planted who had read none of the checks is caught still, and their right designs are accused by none."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from id_isolation.cli.main import main

ROUNDS = Path(__file__).with_name("rounds")
_SEEN: dict[str, dict[str, list[str]]] = json.loads((ROUNDS / "seen.json").read_text())
"""By round and item: the checks, each on its surface, that caught a fault; none for a fault that is missed still."""

CAUGHT = [
    (f"{name}/{item}", pair) for name, items in _SEEN.items() for item, pairs in items.items() for pair in pairs[:1]
]
DESIGNS = [f"{path.parent.name}/{path.name}" for path in sorted(ROUNDS.glob("*/d[0-9]*"))]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def hardened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree that the patches are for."""
    place = tmp_path_factory.mktemp("rounds") / "hardened"
    assert main(["export", "hardened", str(place)]) == 0
    return place


def _judged(item: str, hardened: Path, place: Path, *narrowed: str) -> list[dict[str, object]]:
    """The findings of a strict run on a copy of the item."""
    source, spec = ROUNDS / item, "app.toml"
    shutil.copytree(source, place / "item")
    if (patch := source / "patch.diff").exists():
        shutil.copytree(hardened, place / "item" / "tree")
        subprocess.run(
            ["git", "apply", "--unsafe-paths", f"--directory={place / 'item' / 'tree'}", patch], cwd="/", check=True
        )
        spec = "tree"
    elif (source / "adapter.py").exists():
        spec = "adapter:make"
    found = place / "findings.jsonl"
    command = ["run", "--backend", spec, "--level", "strict", "--seed", "7", "--findings", str(found), *narrowed]
    ended = subprocess.run(
        [str(Path(sys.executable).with_name("id-isolation")), *command],
        cwd=place / "item",
        env={**os.environ, "PYTHONPATH": str(place / "item") if spec != "tree" else "", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode in (0, 1), ended.stdout + ended.stderr
    return list(_findings(found))


def _findings(path: Path) -> Iterator[dict[str, object]]:
    for line in path.read_text().splitlines():
        if "symptom" in (read := json.loads(line)):
            yield read


@pytest.mark.parametrize(("item", "pair"), CAUGHT, ids=[item for item, _ in CAUGHT])
def test_a_fault_that_was_caught_is_caught(item: str, pair: str, hardened: Path, tmp_path: Path) -> None:
    """By the check that caught it."""
    assert _judged(item, hardened, tmp_path, "--check", pair)


@pytest.mark.parametrize("item", DESIGNS)
def test_a_right_design_is_not_accused(item: str, hardened: Path, tmp_path: Path) -> None:
    """By any check of the strict level."""
    assert _judged(item, hardened, tmp_path) == []
