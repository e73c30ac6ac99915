"""A use sees the assignments that may reach it, and a function gives back its own returns only."""

from __future__ import annotations

import ast

import pytest

from id_isolation.scan.syntax.scopes import Binding, Scope
from id_isolation.scan.syntax.values import exclusive, returns, visible

_IF, _ELSE, _LOOP, _OTHER = (5, 0), (5, 1), (5, -1), (6, 0)


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [
        ((_IF,), (_ELSE,), True),
        ((_IF, (7, 0)), (_ELSE,), True),
        ((_IF,), (_IF,), False),
        ((_IF,), (_OTHER,), False),
        ((_LOOP,), (_IF,), False),
        ((_IF,), (_LOOP,), False),
        ((), (_IF,), False),
        (((1, 0), _IF), ((1, 0), _ELSE), True),
    ],
)
def test_two_arms_of_one_branch_never_both_run(
    first: tuple[tuple[int, int], ...], second: tuple[tuple[int, int], ...], apart: bool
) -> None:
    """Other branches, loops and nested parts of the same arm may."""
    assert exclusive(first, second) is apart


def _scope(*bindings: Binding) -> Scope:
    scope = Scope("function", ast.parse(""), None)
    scope.bindings["x"] = list(bindings)
    return scope


def _seen(scope: Scope, order: int, path: tuple[tuple[int, int], ...] = (), later: bool = False) -> list[int]:
    return [binding.order for binding in visible(scope, "x", order, path, later=later)[0]]


def test_the_last_sure_assignment_hides_those_before() -> None:
    """One in a branch is added to it, and a later one is not seen yet."""
    scope = _scope(
        Binding("value", 1, ()), Binding("value", 2, ()), Binding("value", 3, (_IF,)), Binding("value", 9, ())
    )
    assert _seen(scope, 4) == [3, 2]
    assert visible(scope, "x", 4, (), later=False)[1] is True
    assert _seen(scope, 4, (_IF,)) == [3]
    assert _seen(scope, 4, (_ELSE,)) == [2]


def test_an_assignment_at_the_same_turn_is_seen() -> None:
    """The bound is the turn itself."""
    scope = _scope(Binding("value", 4, ()))
    assert _seen(scope, 4) == [4]
    assert _seen(scope, 3) == []


def test_only_branches_leave_the_name_unsure() -> None:
    """What stood before, in an outer scope, may still be meant."""
    assert visible(_scope(Binding("value", 1, (_IF,))), "x", 4, (), later=False)[1] is False


def test_a_function_that_runs_later_sees_every_assignment() -> None:
    """Up to the last one that is made in any case, whatever branch the use stands in."""
    scope = _scope(Binding("value", 1, ()), Binding("value", 2, (_IF,)), Binding("value", 9, (_ELSE,)))
    assert _seen(scope, 0, (_IF,), later=True) == [9, 2, 1]


def _returned(text: str) -> set[str]:
    tree = ast.parse(text).body[0]
    return {ast.unparse(item) for item in returns(tree.value if isinstance(tree, ast.Expr) else tree)}


def test_a_function_gives_back_its_returns_and_yields() -> None:
    """In branches too; a bare return gives nothing."""
    text = "def f():\n if a:\n  return 1\n yield 2\n return\n"
    assert _returned(text) == {"1", "2"}


def test_inner_definitions_keep_their_returns() -> None:
    """Those of a function, a method or a lambda inside are not the outer one's."""
    text = "async def f():\n def g():\n  return 1\n class C:\n  def m(self):\n   return 2\n h = lambda: 3\n return 4\n"
    assert _returned(text) == {"4"}


def test_a_lambda_gives_back_its_body_and_a_class_nothing() -> None:
    """A class body has no return."""
    assert _returned("lambda: x") == {"x"}
    assert _returned("class C:\n x = 1\n") == set()
