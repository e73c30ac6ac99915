"""Every place of a source is changed once for each slip, and what nobody can observe stays as it is.

The arguments of a call change places, go missing, or are another variable of the function. An expression is changed by
each slip that fits, and by no other. A statement is left out, or loses its condition, its guard or what it returns. The
three places and the generator of the right backend are mutated.
"""

from __future__ import annotations

import ast

import pytest

from id_isolation.embedded.layer import AUTH, DISPATCHER, GENERATOR, WEBSOCKET
from id_isolation.power.mutants import (
    call_variants,
    expression_variants,
    mutants_of,
    reached,
    statement_variants,
)
from id_isolation.power.own_code import right_code

pytestmark = pytest.mark.quick

_SOURCE = '''\
"""A module."""

import logging


def judge(user: str, limit: int = 3) -> str | None:
    """Judges."""
    logging.info("judging %s", user)
    with lock:
        if not user and limit <= 3:
            raise ValueError("no user")
        return join(user, f"{limit}_{user}", [one for one in user if one.isalnum()])
'''


def _after(operator: str) -> set[str]:
    return {mutant.after for mutant in mutants_of("a.py", _SOURCE) if mutant.operator == operator}


def test_every_mutant_is_python_and_differs_from_the_others() -> None:
    """No mutant equals the original or another one, and each has a name of its own."""
    mutants = list(mutants_of("a.py", _SOURCE))
    texts = {ast.unparse(ast.parse(mutant.source)) for mutant in mutants}
    assert len(texts) == len(mutants) == len({mutant.name for mutant in mutants})
    assert ast.unparse(ast.parse(_SOURCE)) not in texts


def test_expressions_statements_calls_and_filters_are_changed() -> None:
    """One of each sort."""
    assert _after("comparison") == {"limit < 3", "limit >= 3"}
    assert _after("condition never true") == {"pass"}
    assert _after("call left out") == {"one"}
    assert len(_after("filter left out")) == 1


def test_another_variable_is_one_of_the_same_function() -> None:
    """Arguments first, then what the function assigns."""
    assert "f'{one}_{user}'" not in _after("another variable")
    assert any(after.startswith("join(limit, ") for after in _after("another variable"))


def test_docstrings_annotations_and_logging_stay_as_they_are() -> None:
    """What nobody can observe is not mutated."""
    befores = {mutant.before for mutant in mutants_of("a.py", _SOURCE)}
    assert not any("Judges" in before or "judging" in before or before == "str" for before in befores)


def test_only_the_functions_that_are_named_are_mutated() -> None:
    """A file may be mutated in part."""
    assert not list(mutants_of("a.py", _SOURCE, frozenset({"another"})))
    assert list(mutants_of("a.py", _SOURCE, frozenset({"judge"})))


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


def _variants_of_expression(text: str) -> set[tuple[str, str]]:
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
    assert _variants_of_expression(text) == changed


def test_an_await_is_left_out() -> None:
    """What is awaited stays."""
    assert _variants_of_expression("await ask(token)") == {("await left out", "ask(token)")}


def test_the_expression_itself_stays_as_it_is() -> None:
    """Every change is made on a copy."""
    node = ast.parse("a and (b <= 3)", mode="eval").body
    before = ast.dump(node)
    list(expression_variants(node))
    assert ast.dump(node) == before


def _variants_of_statement(text: str) -> set[tuple[str, str]]:
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
def test_each_slip_of_a_statement_makes_what_it_is_named_after(text: str, changed: set[tuple[str, str]]) -> None:
    """A plain assignment stays: without it the function could not run at all."""
    assert _variants_of_statement(text) == changed


@pytest.mark.parametrize(("value", "changes"), [("a", 1), ("None", 0), ("", 0)])
def test_what_is_returned_is_left_out_where_there_is_something(value: str, changes: int) -> None:
    """None is nothing already."""
    (function,) = ast.parse(f"def f():\n    return {value}").body
    assert isinstance(function, ast.FunctionDef)
    assert len(list(statement_variants(function.body[0]))) == changes


def test_every_place_has_mutants_with_names_of_their_own() -> None:
    """The generator has most."""
    with right_code() as code:
        mutants = list(code.mutants())
    assert {mutant.path for mutant in mutants} == {AUTH, DISPATCHER, GENERATOR, WEBSOCKET}
    assert len({mutant.name for mutant in mutants}) == len(mutants)
    assert sum(mutant.path == GENERATOR for mutant in mutants) > len(mutants) / 2


def test_a_place_is_the_functions_that_its_own_leads_to() -> None:
    """By a call, a class or an attribute, however far; what it leads to by nothing stays out."""
    source = "def a():\n B().c()\nclass B:\n def __init__(self): d()\n def c(self): pass\ndef d(): pass\ndef e(): a()\n"
    assert reached(source, ["a", "gone"]) == {"a", "B", "__init__", "c", "d"}
    assert reached(source, ["gone"]) == set()


def test_the_words_of_an_error_stay_as_they_are() -> None:
    """Nobody's ID is in them; what is raised, and with which number, is looked at."""
    befores = {mutant.before for mutant in mutants_of("a.py", "def f(x):\n raise Refused(401, 'no', f'no {x}')\n")}
    assert "401" in befores
    assert not any(before.strip("f").startswith("'no") for before in befores)
