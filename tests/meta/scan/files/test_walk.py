"""The files of a tree are listed in a fixed order, once each, and what is left out is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from id_isolation.scan.files.walk import walk

from ..trees import write


def _names(root: Path) -> list[str]:
    return [file.name for file in walk(str(root)).files]


def test_only_python_sources_are_listed_in_the_order_of_their_names(tmp_path: Path) -> None:
    """With forward slashes, and with their sizes."""
    write(tmp_path, {"b.py": "xy", "a/z.pyw": "", "a.py": "", "a/b.pyc": "", "c.txt": "", "py": "", "d.PY": ""})
    found = walk(str(tmp_path))
    assert [file.name for file in found.files] == ["a.py", "a/z.pyw", "b.py"]
    assert found.files[2].size == found.files[2].state[2] == 2
    assert (found.unread, found.left_out) == ([], [])


def test_the_state_changes_with_the_content(tmp_path: Path) -> None:
    """So that a kept result is not used for another text."""
    write(tmp_path, {"a.py": "x"})
    before = walk(str(tmp_path)).files[0].state
    write(tmp_path, {"a.py": "xy"})
    assert walk(str(tmp_path)).files[0].state != before


_LEFT_OUT = ".git .hg .svn __pycache__ node_modules .mypy_cache .ruff_cache .pytest_cache .tox .nox"


@pytest.mark.parametrize("name", _LEFT_OUT.split())
def test_caches_and_version_control_are_left_out_and_named(name: str, tmp_path: Path) -> None:
    """At any depth; a file of that name is no directory."""
    write(tmp_path, {f"app/{name}/a.py": "", f"app/x{name}/b.py": ""})
    found = walk(str(tmp_path))
    assert [file.name for file in found.files] == [f"app/x{name}/b.py"]
    assert found.left_out == [f"app/{name}"]


def test_a_virtual_environment_is_known_by_its_mark(tmp_path: Path) -> None:
    """A package that is merely called `env` is judged."""
    write(tmp_path, {"venv/pyvenv.cfg": "", "venv/a.py": "", "env/b.py": "", "other/pyvenv.cfg": "", "other/c.py": ""})
    found = walk(str(tmp_path))
    assert [file.name for file in found.files] == ["env/b.py", "other/c.py"]
    assert found.left_out == ["venv"]


def test_a_directory_called_like_a_source_is_looked_into(tmp_path: Path) -> None:
    """It is no source itself."""
    write(tmp_path, {"odd.py/a.py": ""})
    assert _names(tmp_path) == ["odd.py/a.py"]


def test_a_linked_file_is_listed_under_its_own_name(tmp_path: Path) -> None:
    """Both names are sources of the tree."""
    write(tmp_path, {"a.py": "x"})
    (tmp_path / "b.py").symlink_to(tmp_path / "a.py")
    assert _names(tmp_path) == ["a.py", "b.py"]


def test_a_link_inside_the_tree_is_not_judged_twice_and_is_no_loop(tmp_path: Path) -> None:
    """The directory's own place counts."""
    write(tmp_path, {"app/a.py": ""})
    (tmp_path / "again").symlink_to(tmp_path / "app")
    found = walk(str(tmp_path))
    assert [file.name for file in found.files] == ["app/a.py"]
    assert found.unread == []


def test_a_link_to_a_directory_around_it_is_reported_as_a_loop(tmp_path: Path) -> None:
    """To its own directory and to one further up."""
    write(tmp_path, {"app/sub/a.py": ""})
    (tmp_path / "app" / "sub" / "here").symlink_to(tmp_path / "app" / "sub")
    (tmp_path / "app" / "sub" / "up").symlink_to(tmp_path / "app")
    found = walk(str(tmp_path))
    assert [(item.file, "contains it" in item.reason) for item in found.unread] == [
        ("app/sub/here", True),
        ("app/sub/up", True),
    ]


def test_a_broken_link_to_no_source_is_nothing(tmp_path: Path) -> None:
    """It could only be a source or a directory by its name."""
    (tmp_path / "notes").symlink_to(tmp_path / "nowhere")
    assert walk(str(tmp_path)).unread == []


def test_a_root_that_is_not_there_is_unread(tmp_path: Path) -> None:
    """Under the name of the root itself."""
    found = walk(str(tmp_path / "nowhere"))
    assert [(item.file, item.reason) for item in found.unread] == [(".", "it vanished before it could be read")]
