"""A tree's modules are found by dotted name, read and never imported."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from id_isolation.scan.files.reading import Unreadable
from id_isolation.scan.places.universe import Universe, dotted_name, syntax_reason

from ..trees import write


@pytest.fixture
def universe(tmp_path: Path) -> Universe:
    """A small tree with a re-export, a star, an alias and a broken file."""
    files: dict[str, str | bytes] = {
        "app/__init__.py": "from .ids import mint as exported\n",
        "app/ids.py": "from uuid import uuid4 as mint\nalias = mint\nLIMIT = 3\nclass C:\n    def make(self): ...\n",
        "app/all.py": "from .ids import *\nfrom nowhere import *\n",
        "app/bad.py": "def (:\n",
        "app/one.py": "from .two import x\n",
        "app/two.py": "from .one import x\n",
    }
    return Universe(write(tmp_path, files))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("app/ids.py", ("app.ids", False)),
        ("app/__init__.py", ("app", True)),
        ("ids.py", ("ids", False)),
        ("__init__.py", ("", True)),
    ],
)
def test_a_path_has_a_dotted_name(path: str, name: tuple[str, bool]) -> None:
    """A package's `__init__` is the package."""
    assert dotted_name(path) == name


def test_a_method_is_found_in_its_class_and_an_absent_one_is_not(universe: Universe) -> None:
    """By the whole dotted name."""
    found = universe.find("app.ids.C.make")
    assert found is not None
    assert found.local is not None
    assert isinstance(found.local.node, ast.FunctionDef)
    assert found.local.node.name == "make"
    assert universe.find("app.ids.C.absent") is None
    assert universe.find("app.ids.absent") is None
    assert universe.find("other.ids.mint") is None


def test_a_module_variable_is_found_with_its_value(universe: Universe) -> None:
    """As it is written."""
    found = universe.find("app.ids.LIMIT")
    assert found is not None
    assert [ast.unparse(value) for value in found.values] == ["3"]


@pytest.mark.parametrize("name", ["app.ids.mint", "app.exported", "app.all.mint", "app.ids.alias"])
def test_re_exports_stars_and_aliases_lead_outside(universe: Universe, name: str) -> None:
    """To the standard function in the end."""
    assert universe.outside(name) == ("uuid.uuid4",)


def test_a_name_outside_the_tree_stands_for_itself(universe: Universe) -> None:
    """Nothing is looked for beyond the root."""
    assert universe.outside("uuid.uuid4") == ("uuid.uuid4",)


def test_modules_that_import_each_other_come_to_an_end(universe: Universe) -> None:
    """A circle gives no definition."""
    found = universe.find("app.one.x")
    assert found is None or found.local is None


def test_a_broken_or_absent_module_is_none_and_loading_it_says_why(universe: Universe) -> None:
    """Asked twice, the answer is the same."""
    assert universe.module("app.bad") is None
    assert universe.module("app.bad") is None
    assert universe.module("app.absent") is None
    assert universe.module("") is None
    with pytest.raises(Unreadable, match="syntax error at line 1"):
        universe.load("app/bad.py")
    with pytest.raises(Unreadable, match="vanished"):
        universe.load("app/absent.py")


def test_a_module_is_read_once(universe: Universe) -> None:
    """By path or by name, it is the same one."""
    assert universe.load("app/ids.py") is universe.module("app.ids")
    package = universe.module("app")
    assert package is not None
    assert package.module.package


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (SyntaxError("invalid syntax", ("x.py", 4, 1, "")), "syntax error at line 4: invalid syntax"),
        (SyntaxError("odd"), "syntax error at line 0: odd"),
        (RecursionError(), "nested too deeply"),
        (MemoryError(), "too much memory"),
        (ValueError("source code string cannot contain null bytes"), "cannot be parsed: source code string"),
    ],
)
def test_each_failure_to_parse_has_its_sentence(error: BaseException, words: str) -> None:
    """With the line where Python gives one."""
    assert words in syntax_reason(error)
