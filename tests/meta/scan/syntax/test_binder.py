"""Assignments and imports bind the names that Python would bind, with what they get."""

from __future__ import annotations

import ast

import pytest

from id_isolation.scan.syntax.scopes import Binding

from ..parsed import known


def _bound(text: str, name: str) -> list[Binding]:
    return known(text).module.root.bindings.get(name, [])


def _parts(text: str, name: str) -> list[tuple[str, str, int | None]]:
    return [
        (item.sort, ast.unparse(item.node) if item.node is not None else "", item.item) for item in _bound(text, name)
    ]


@pytest.mark.parametrize(
    ("text", "name", "part"),
    [
        ("x = f()", "x", ("value", "f()", None)),
        ("x = y = f()", "y", ("value", "f()", None)),
        ("x: str = f()", "x", ("value", "f()", None)),
        ("g(x := f())", "x", ("value", "f()", None)),
        ("a, x = f(), g()", "x", ("value", "g()", None)),
        ("a, (b, x) = f(), (g(), h())", "x", ("value", "h()", None)),
        ("a, x = f()", "x", ("value", "f()", 1)),
        ("[x, a] = f()", "x", ("value", "f()", 0)),
        ("a, (x, b) = f()", "x", ("other", "", 0)),
        ("a, *x = f()", "x", ("other", "", None)),
        ("del x", "x", ("delete", "", None)),
    ],
)
def test_a_target_gets_its_own_part_of_the_value(text: str, name: str, part: tuple[str, str, int | None]) -> None:
    """The very item where the value is written out, its number where not; what cannot be told is other."""
    assert _parts(text, name) == [part]


def test_a_declaration_without_a_value_binds_nothing() -> None:
    """`x: str` alone gives no value."""
    assert _bound("x: str", "x") == []


def test_adding_to_a_name_does_not_hide_its_old_value() -> None:
    """Both bindings may be seen after it."""
    assert _parts("x = f()\nx += g()\n", "x") == [("value", "f()", None), ("value", "g()", None)]
    assert _bound("x = f()\nx += g()\n", "x")[1].path != ()


@pytest.mark.parametrize(
    ("text", "name", "meant"),
    [
        ("import uuid", "uuid", "uuid"),
        ("import os.path", "os", "os"),
        ("import os.path as p", "p", "os.path"),
        ("from uuid import uuid4", "uuid4", "uuid.uuid4"),
        ("from uuid import uuid4 as mint", "mint", "uuid.uuid4"),
        ("from .ids import mint", "mint", "app.ids.mint"),
        ("from . import ids", "ids", "app.ids"),
        ("from ... import ids", "ids", "...ids"),
    ],
)
def test_an_import_binds_the_dotted_name_it_brings(text: str, name: str, meant: str) -> None:
    """Relative ones are made absolute as far as the tree goes."""
    assert [(item.sort, item.text) for item in _bound(text, name)] == [("import", meant)]


def test_a_star_import_binds_no_name_but_is_noted() -> None:
    """With the module it stands for."""
    root = known("from .ids import *\n").module.root
    assert root.stars == ["app.ids"]
    assert not root.bindings


def test_global_and_nonlocal_names_are_bound_where_they_live() -> None:
    """A function that says so assigns the outer name, and may or may not have run."""
    source = known(
        """
        x = f()
        def outer():
            y = g()
            def inner():
                global x
                nonlocal y
                x = h()
                y = i()
        """
    )
    assert [ast.unparse(item.node) for item in source.module.root.bindings["x"] if item.node] == ["f()", "h()"]
    outer, inner = (source.module.scopes[item] for item in source.module.functions)
    assert [ast.unparse(item.node) for item in outer.bindings["y"] if item.node] == ["g()", "i()"]
    assert not {"x", "y"} & set(inner.bindings)
    assert source.module.root.bindings["x"][1].path != ()


def test_a_name_assigned_inside_a_comprehension_belongs_outside() -> None:
    """The walrus binds in the function or module around it."""
    assert _parts("found = [y := f() for a in b]", "y") == [("value", "f()", None)]


def test_every_expression_has_its_place_with_parent_and_field() -> None:
    """Constants apart, which bind and call nothing."""
    module = known("def f(a, b=g(1)):\n    return {k: [h(b)] for k in a if k}\n").module
    inside = [
        item for item in ast.walk(module.tree) if isinstance(item, ast.expr) and not isinstance(item, ast.Constant)
    ]
    for item in inside:
        spot = module.spots[item]
        filled = getattr(spot.parent, spot.field)
        assert item is filled or item in filled
