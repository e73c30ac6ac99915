"""A parsed source knows its tree before a node is visited, and what its relative imports mean."""

from __future__ import annotations

import pytest

from id_isolation.scan.syntax.parsed import Parsed


def test_nothing_is_noted_of_a_source_until_its_nodes_are_visited() -> None:
    """It has its tree and the scope of its top level."""
    parsed = Parsed("import uuid\nx = uuid.uuid4()\n", "x.py")
    assert len(parsed.tree.body) == 2
    assert parsed.scopes == {parsed.tree: parsed.root}
    assert not parsed.root.bindings
    assert [parsed.spots, parsed.names, parsed.calls] == [{}, [], []]


@pytest.mark.parametrize(
    ("name", "package", "level", "module", "meant"),
    [
        ("app.core.ids", False, 0, "uuid", "uuid"),
        ("app.core.ids", False, 1, "mint", "app.core.mint"),
        ("app.core.ids", False, 2, "mint", "app.mint"),
        ("app.core.ids", False, 1, "", "app.core"),
        ("app.core", True, 1, "mint", "app.core.mint"),
        ("app.core", True, 2, "mint", "app.mint"),
        ("app", False, 1, "mint", "mint"),
        ("app", False, 2, "mint", "..mint"),
        ("", False, 2, "mint", "..mint"),
    ],
)
def test_a_relative_import_is_counted_from_the_modules_own_name(
    name: str, package: bool, level: int, module: str, meant: str
) -> None:
    """A package's `__init__` is one level deeper; where the dots lead out of the tree they are kept."""
    assert Parsed("", "x.py", name, package=package).absolute(level, module) == meant
