"""A statement is left out, or loses its condition, its guard or what it returns."""

from __future__ import annotations

import ast

import pytest

from id_isolation.power.mutants import statement_variants


def _variants(text: str) -> set[tuple[str, str]]:
    (node,) = ast.parse(text).body
    return {(name, ast.unparse(ast.fix_missing_locations(changed))) for name, changed in statement_variants(node)}


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        (
            "if a:\n    b()",
            {
                ("condition negated", "if not a:\n    b()"),
                ("condition always true", "b()"),
                ("condition never true", "pass"),
            },
        ),
        ("with lock:\n    b()", {("without its guard", "b()")}),
        ("a += 1", {("statement left out", "pass"), ("arithmetic", "a -= 1")}),
        ("a()", {("statement left out", "pass")}),
        ("del a[0]", {("statement left out", "pass")}),
        ("raise a", {("statement left out", "pass")}),
        ("a[0] = b", {("statement left out", "pass")}),
        ("a.b = c", {("statement left out", "pass")}),
        ("a = b", set()),
        ("pass", set()),
    ],
)
def test_each_slip_makes_what_it_is_named_after(text: str, changed: set[tuple[str, str]]) -> None:
    """A plain assignment stays: without it the function could not run at all."""
    assert _variants(text) == changed


@pytest.mark.parametrize(("value", "changes"), [("a", 1), ("None", 0), ("", 0)])
def test_what_is_returned_is_left_out_where_there_is_something(value: str, changes: int) -> None:
    """None is nothing already."""
    (function,) = ast.parse(f"def f():\n    return {value}").body
    assert isinstance(function, ast.FunctionDef)
    assert len(list(statement_variants(function.body[0]))) == changes
