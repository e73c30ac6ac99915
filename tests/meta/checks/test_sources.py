"""A file that an interleaving went through is known by its digest, wherever the tree stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from id_isolation.checks.sources import changed, digests
from id_isolation.schedules.schedule import Schedule, Switch


def _schedule(*places: Path) -> Schedule:
    return Schedule("threads", 2, 0, tuple(Switch(0, 1, 1, f"{place}:7 before reading n") for place in places))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree with one file."""
    root = tmp_path / "tree"
    (root / "app").mkdir(parents=True)
    (root / "app" / "ids.py").write_text("n = 1\n")
    return root


def test_the_same_text_in_another_place_has_not_changed(tree: Path, tmp_path: Path) -> None:
    """An embedded backend is written to a new directory for each run."""
    saved = digests(_schedule(tree / "app" / "ids.py"), tree)
    assert list(saved) == ["app/ids.py"]
    assert changed(saved, tree) == []
    tree.rename(tmp_path / "moved")
    assert changed(saved, tmp_path / "moved") == []


@pytest.mark.parametrize("text", ["n = 2\n", None])
def test_another_text_or_none_is_a_change(text: str | None, tree: Path) -> None:
    """By the name of the file."""
    file = tree / "app" / "ids.py"
    saved = digests(_schedule(file), tree)
    file.write_text(text) if text is not None else file.unlink()
    assert changed(saved, tree) == ["app/ids.py"]


def test_a_file_outside_the_tree_has_its_whole_path(tree: Path) -> None:
    """So has every file of a backend that has no tree."""
    file = tree / "app" / "ids.py"
    for root in (tree / "app" / "none", None):
        saved = digests(_schedule(file), root)
        assert list(saved) == [str(file.resolve())]
        assert changed(saved, root) == []


def test_a_switch_at_no_place_in_a_file_has_no_digest() -> None:
    """As one at a lane's end."""
    assert digests(Schedule("threads", 2, 0, (Switch(0, 1, 1, "its end"),)), None) == {}
