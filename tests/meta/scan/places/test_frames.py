"""A called function's parameters hold what its caller gave, in the caller's own terms."""

from __future__ import annotations

import ast

import pytest

from id_isolation.scan.places.frames import Frame, default, given, is_class, is_property, stored
from id_isolation.scan.syntax.values import Local

from ..parsed import known, node


def _given(signature: str, call: str) -> dict[str, str]:
    source = known(f"def f({signature}):\n    pass\n{call}\n")
    caller = Frame(source, {})
    called = node(source, call)
    assert isinstance(called, ast.Call)
    frame = given(source.module.functions[0], called, caller, source)
    assert all(held[1] is caller for held in frame.given.values())
    return {name: ast.unparse(held[0]) for name, held in frame.given.items()}


@pytest.mark.parametrize(
    ("signature", "call", "held"),
    [
        ("a, b", "f(1, 2)", {"a": "1", "b": "2"}),
        ("a, /, b", "f(1, b=2)", {"a": "1", "b": "2"}),
        ("a, *, b", "f(1, b=2)", {"a": "1", "b": "2"}),
        ("a, b", "f(1, *rest)", {"a": "1"}),
        ("a, b", "f(*rest, 2)", {}),
        ("a, b", "f(1, **rest)", {"a": "1"}),
        ("self, a", "x.f(1)", {"a": "1"}),
        ("cls, a", "x.f(1)", {"a": "1"}),
        ("self, a", "f(x, 1)", {"self": "x", "a": "1"}),
        ("a", "f(1, 2)", {"a": "1"}),
    ],
)
def test_a_parameter_holds_the_argument_in_its_place(signature: str, call: str, held: dict[str, str]) -> None:
    """By position, by keyword, past the instance; nothing is guessed behind a starred argument."""
    assert _given(signature, call) == held


@pytest.mark.parametrize(
    ("signature", "name", "value"),
    [
        ("a, b=2, c=3", "c", "3"),
        ("a, b=2, c=3", "b", "2"),
        ("a, b=2", "a", None),
        ("a=1, /, b=2", "a", "1"),
        ("*, a, b=2", "b", "2"),
        ("*, a, b=2", "a", None),
        ("a=1", "z", None),
    ],
)
def test_a_default_belongs_to_its_own_parameter(signature: str, name: str, value: str | None) -> None:
    """Counted from the right, as Python does."""
    found = default(known(f"def f({signature}):\n    pass\n").module.functions[0], name)
    assert (ast.unparse(found) if found is not None else None) == value


def test_what_has_no_parameters_has_no_defaults_and_an_empty_frame() -> None:
    """A class called like a function gives nothing to follow."""
    source = known("class C:\n    pass\nC(1)\n")
    call = next(item for item in source.module.calls)
    assert default(source.module.classes[0], "a") is None
    assert given(source.module.classes[0], call, Frame(source, {}), source).given == {}


def test_only_the_same_name_key_and_scope_are_stored_into() -> None:
    """Another key, another name and another function's variable are not."""
    source = known(
        """
        def f():
            record = {}
            record["id"] = one()
            record["other"] = two()
            later["id"] = three()
            record["id"] = four()
            return record
        def g():
            record["id"] = five()
        """
    )
    use = next(item for item in source.module.names if isinstance(source.module.spots[item].parent, ast.Return))
    assert sorted(ast.unparse(item) for item in stored(source, use, "id")) == ["four()", "one()"]
    assert stored(source, use, "absent") == []


def test_a_property_and_a_class_are_known_as_such() -> None:
    """A plain method and an outside name are neither."""
    source = known("class C:\n    @functools.cached_property\n    def a(self): ...\n    @other\n    def b(self): ...\n")
    first, second = source.module.functions
    assert is_property(first)
    assert not is_property(second)
    assert is_class(Local(source.module.classes[0]))
    assert not is_class(Local(first))
    assert not is_class("uuid.UUID")
