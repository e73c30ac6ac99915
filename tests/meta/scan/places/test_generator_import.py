"""The import that a file needs before it can call the generator."""

from __future__ import annotations

from pathlib import Path

import pytest

from id_isolation.scan.places.generator_import import missing_import

USUAL = "shared/id_generation/unified_id_generator.py"
LINE = "from shared.id_generation.unified_id_generator import UnifiedIdGenerator"


def generator(root: Path, path: str = USUAL) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text("class UnifiedIdGenerator: ...\n")


def test_the_line_names_the_trees_own_module(tmp_path: Path) -> None:
    """The usual one, and any other that defines the generator."""
    (tmp_path / "auth.py").write_text("import uuid\n")
    generator(tmp_path, "core/ids/unified_id_generator.py")
    assert missing_import(tmp_path, "auth.py") == "from core.ids.unified_id_generator import UnifiedIdGenerator"
    generator(tmp_path)
    assert missing_import(tmp_path, "auth.py") == LINE


@pytest.mark.parametrize(
    "text",
    [
        LINE,
        "from shared.id_generation import UnifiedIdGenerator",
        f"def mint():\n    {LINE}\n",
        f"if True:\n    {LINE}\n",
    ],
)
def test_a_file_that_imports_it_lacks_nothing(text: str, tmp_path: Path) -> None:
    """By whatever module, and wherever in the file."""
    (tmp_path / "auth.py").write_text(text)
    generator(tmp_path)
    assert missing_import(tmp_path, "auth.py") == ""


def test_another_name_for_it_does_not_count(tmp_path: Path) -> None:
    """The call that is to be written goes by the class's own name."""
    (tmp_path / "auth.py").write_text(f"{LINE} as Ids\n")
    generator(tmp_path)
    assert missing_import(tmp_path, "auth.py") == LINE


def test_a_tree_without_a_generator_gets_no_line(tmp_path: Path) -> None:
    """Nothing is made up; tests and what cannot be parsed are not looked into."""
    (tmp_path / "auth.py").write_text("import uuid\n")
    generator(tmp_path, "tests/unified_id_generator.py")
    (tmp_path / "unified_id_generator.py").write_text("class (")
    assert missing_import(tmp_path, "auth.py") == ""
