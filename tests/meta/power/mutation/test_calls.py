"""The arguments of a call change places, go missing, or are another variable of the function."""

from __future__ import annotations

import ast

import pytest

from id_isolation.power.mutants import call_variants


def _variants(text: str, *variables: str) -> set[tuple[str, str]]:
    node = ast.parse(text, mode="eval").body
    nodes = [node, *(part for part in ast.walk(node) if isinstance(part, ast.FormattedValue))]
    made = [one for part in nodes for one in call_variants(part, variables)]
    return {(name, ast.unparse(ast.fix_missing_locations(changed))) for name, changed in made}


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("f(a, b)", {("arguments swapped", "f(b, a)")}),
        (
            "f(x=a, y=b)",
            {("arguments swapped", "f(x=b, y=a)"), ("argument left out", "f(y=b)"), ("argument left out", "f(x=a)")},
        ),
        ("a.strip()", {("call left out", "a")}),
        ("f()", set()),
        ("a", set()),
    ],
)
def test_arguments_change_places_and_go_missing(text: str, changed: set[tuple[str, str]]) -> None:
    """Positions and names alike; a method without arguments is left out whole."""
    assert _variants(text) == changed


def test_the_next_variable_is_written_instead_of_the_one_that_is_meant() -> None:
    """The first after the last; what is no variable of the function stays."""
    assert _variants("f(a)", "a", "b") == {("another variable", "f(b)")}
    assert ("another variable", "f(x=a)") in _variants("f(x=b)", "a", "b")
    assert _variants("f(a)", "a") == _variants("f(c)", "a", "b") == set()


def test_the_next_variable_is_put_into_a_text() -> None:
    """A wrong name in a text is a wrong name in an ID."""
    assert {name for name, _ in _variants("f'{a}_{c}'", "a", "b")} == {"another variable"}
