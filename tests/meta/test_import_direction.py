"""The rooms of the machinery import downwards only."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import id_isolation

ROOT = Path(id_isolation.__file__).parent
EMBEDDED_TREE = ROOT / "embedded" / "tree"
MODULES = [path for path in ROOT.rglob("*.py") if not path.is_relative_to(EMBEDDED_TREE)]


def _imported(path: Path) -> set[tuple[str, ...]]:
    """The parts of every name below the package that a module imports."""
    package = path.relative_to(ROOT).parts[:-1]
    found: set[tuple[str, ...]] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            named = tuple((node.module or "").split(".")) if node.module else ()
            base = (*package[: len(package) - node.level + 1], *named) if node.level else named
            found.update((*base, name.name) for name in node.names)
    return found


def test_rooms_import_downwards_only() -> None:
    """There is an order of rooms in which each imports only from those before it."""
    rooms = {path.relative_to(ROOT).parts[0] for path in MODULES if path.parent != ROOT}
    uses: dict[str, set[str]] = {room: set() for room in rooms}
    for path in MODULES:
        room = path.relative_to(ROOT).parts[0]
        if room in rooms:
            uses[room] |= {parts[0] for parts in _imported(path)} & rooms - {room}
    order = list(TopologicalSorter(uses).static_order())
    assert order.index("backend") < order.index("checks") < order.index("judging") < order.index("pytest_plugin")


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Inside a room too there is an order; a package's face only hands names on."""
    names = {path.relative_to(ROOT).with_suffix("").parts for path in MODULES if path.name != "__init__.py"}
    uses = {
        path.relative_to(ROOT).with_suffix("").parts: {
            parts[:length]
            for parts in _imported(path)
            for length in (len(parts), len(parts) - 1)
            if parts[:length] in names
        }
        for path in MODULES
        if path.name != "__init__.py"
    }
    assert len(list(TopologicalSorter(uses).static_order())) == len(names)


def test_every_room_is_in_the_picture() -> None:
    """The page of the rooms, which a newcomer reads first, draws each."""
    rooms = {path.parent.name for path in MODULES if path.name == "__init__.py" and path.parent.parent == ROOT}
    picture = (ROOT / "README.md").read_text("utf-8").split("```")[1]
    assert rooms <= set(picture.split())


def test_the_machinery_imports_none_of_its_tests() -> None:
    """What ships as machinery works without the tests beside it."""
    assert [path for path in MODULES for parts in _imported(path) if parts[:2] == ("id_isolation", "tests")] == []
