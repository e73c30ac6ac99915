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
EXAMPLES = Path(__file__).parents[2] / "examples"
_SEEN: dict[str, dict[str, list[str]]] = json.loads((ROUNDS / "seen.json").read_text())
"""By round and item: the checks, each on its surface, that caught a fault; none for a fault that is missed still."""

CAUGHT = {f"{name}/{item}": pairs for name, items in _SEEN.items() for item, pairs in items.items() if pairs}
DESIGNS = [f"{path.parent.name}/{path.name}" for path in sorted(ROUNDS.glob("*/d[0-9]*"))]

WEAK = {
    # A cookie that was copied before the log-out is good afterwards, as with all of Flask's own.
    "round_5/d08-page-cache-by-user-and-version",
    # Log-ins are limited to so few a minute that most checks cannot be carried out.
    "round_8/d23-fastapi-strict-names-login-limit",
    # The IDs of runs that ended are the same user's next ones.
    "round_8/d35-flask-poll-slots-and-soft-quota",
    # A name that no text can hold ends in a server error.
    "round_8/d42-site-grace-and-fair-queue",
}
"""Designs that are accused, and why."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def hardened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree that the patches are for."""
    place = tmp_path_factory.mktemp("rounds") / "hardened"
    assert main(["export", "hardened", str(place)]) == 0
    return place


def _judged(item: str, hardened: Path, place: Path, *narrowed: str) -> list[dict[str, object]]:
    """The findings of a strict run on the item: an adapter, or a patch of the hardened tree or of an example."""
    source, code, spec = ROUNDS / item, place / "item", "adapter:make"
    shutil.copytree(source, code)
    if (patch := source / "patch.diff").exists():
        example = source / "example"
        base, to, spec = hardened, code / "tree", "tree"
        if example.exists():
            # An application of the examples, or an adapter of the same round.
            name, to = example.read_text().strip(), code
            base = next(place for place in (EXAMPLES / name, source.parent / name) if place.exists())
            spec = "app.toml" if (base / "app.toml").exists() else "adapter:make"
        shutil.copytree(
            base, to, dirs_exist_ok=True, ignore=shutil.ignore_patterns("known.toml", "why.md", "__pycache__")
        )
        subprocess.run(["git", "apply", "--unsafe-paths", f"--directory={to}", str(patch)], cwd="/", check=True)
    elif (source / "app.toml").exists():
        spec = "app.toml"
    found = place / "findings.jsonl"
    command = ["run", "--backend", spec, "--level", "strict", "--seed", "7", "--findings", str(found), *narrowed]
    ended = subprocess.run(
        [str(Path(sys.executable).with_name("id-isolation")), *command],
        cwd=code,
        env={**os.environ, "PYTHONPATH": "" if spec == "tree" else str(code), "PYTHONDONTWRITEBYTECODE": "1"},
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


@pytest.mark.parametrize("item", CAUGHT)
def test_a_fault_that_was_caught_is_caught(item: str, hardened: Path, tmp_path: Path) -> None:
    """By one of the checks that caught it."""
    assert any(_judged(item, hardened, tmp_path / pair, "--check", pair) for pair in CAUGHT[item])


@pytest.mark.parametrize("item", [item for item in DESIGNS if item not in WEAK])
def test_a_right_design_is_not_accused(item: str, hardened: Path, tmp_path: Path) -> None:
    """By any check of the strict level."""
    assert _judged(item, hardened, tmp_path) == []
