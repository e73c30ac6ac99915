"""An expression is changed by each slip that fits, and by no other."""

from __future__ import annotations

import ast

import pytest

from id_isolation.power.mutants import expression_variants


def _variants(text: str) -> set[tuple[str, str]]:
    node = ast.parse(text, mode="eval").body
    return {(name, ast.unparse(ast.fix_missing_locations(changed))) for name, changed in expression_variants(node)}


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("a <= b", {("comparison", "a < b"), ("comparison", "a >= b")}),
        ("a is None", {("comparison", "a is not None")}),
        ("a and b", {("boolean", "a or b"), ("operand left out", "a"), ("operand left out", "b")}),
        ("not a", {("negation left out", "a")}),
        ("a + b", {("arithmetic", "a - b")}),
        ("a if b else c", {("other branch", "c if b else a")}),
        ("True", {("constant", "False")}),
        ("8", {("constant", "9")}),
        ("'ws'", {("constant", "'wsx'")}),
        ("f'{a}_{b}'", {("part left out", "f'_{b}'"), ("part left out", "f'{a}_'")}),
        ("a", set()),
        ("''", set()),
        ("a % b", set()),
    ],
)
def test_each_slip_makes_what_it_is_named_after(text: str, changed: set[tuple[str, str]]) -> None:
    """And nothing is made of what has nothing to slip on."""
    assert _variants(text) == changed


def test_an_await_is_left_out() -> None:
    """What is awaited stays."""
    assert _variants("await ask(token)") == {("await left out", "ask(token)")}


def test_the_expression_itself_stays_as_it_is() -> None:
    """Every change is made on a copy."""
    node = ast.parse("a and (b <= 3)", mode="eval").body
    before = ast.dump(node)
    list(expression_variants(node))
    assert ast.dump(node) == before
