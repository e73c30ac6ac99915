"""Definitions open scopes, and branches, loops and handlers are told apart."""

from __future__ import annotations

import pytest

from id_isolation.scan.syntax.values import exclusive

from ..parsed import known, node


def _may_see(text: str, use: str, turn: int = -1) -> set[int]:
    """The lines of the assignments of `x` that a use of it in `use` may see."""
    source = known(text)
    call = node(source, use, turn)
    name = next(item for item in source.module.names if item.id == "x" and source.module.spots[item].parent is call)
    return {getattr(binding.node, "lineno", 0) for binding, _ in source.resolver.bindings(name)}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("x = a()\nif c:\n    x = b()\nuse(x)\n", {1, 3}),
        ("x = a()\nif c:\n    x = b()\nelse:\n    use(x)\n", {1}),
        ("x = a()\nif c:\n    x = b()\n    use(x)\n", {3}),
        ("x = a()\nif c:\n    pass\nelif d:\n    x = b()\nelse:\n    use(x)\n", {1}),
        ("x = a()\nfor i in c:\n    x = b()\nuse(x)\n", {1, 3}),
        ("x = a()\nfor i in c:\n    x = b()\nelse:\n    use(x)\n", {1, 3}),
        ("x = a()\nwhile c:\n    x = b()\nelse:\n    use(x)\n", {1, 3}),
        ("x = a()\nwith c as d:\n    x = b()\nuse(x)\n", {3}),
        ("x = a()\ntry:\n    x = b()\nexcept E:\n    use(x)\n", {1, 3}),
        ("x = a()\ntry:\n    pass\nexcept E:\n    x = b()\nexcept F:\n    use(x)\n", {1}),
        ("x = a()\ntry:\n    c()\nfinally:\n    x = b()\nuse(x)\n", {5}),
        ("x = a()\nmatch c:\n    case 1:\n        x = b()\nuse(x)\n", {1, 4}),
    ],
    ids=[
        *("if", "else", "same-arm", "elif", "for", "for-else", "while-else", "with", "handler", "other-handler"),
        *("finally", "case"),
    ],
)
def test_a_use_sees_what_its_branches_let_through(text: str, lines: set[int]) -> None:
    """What surely ran hides what was before; what may have run is added; the other arm is not seen."""
    assert _may_see(text, "use(x)") == lines


def test_two_cases_of_one_match_are_not_taken_for_sure() -> None:
    """What one case assigns does not hide what was before for the next."""
    text = "x = a()\nmatch c:\n    case 1:\n        x = b()\n    case 2:\n        use(x)\n"
    assert 1 in _may_see(text, "use(x)")


def test_a_function_has_its_own_names_and_its_defaults_stand_outside() -> None:
    """Parameters of every sort are bound inside; a default is read outside."""
    source = known("x = a()\ndef f(p, /, q, *r, s=x, **t):\n    y = 1\n")
    inner = source.module.scopes[source.module.functions[0]]
    assert {name for name, items in inner.bindings.items() if items[0].sort == "parameter"} == set("pqrst")
    assert "y" in inner.bindings
    assert "y" not in source.module.root.bindings
    assert source.module.spots[node(source, "x", -1)].scope is source.module.root


def test_a_comprehension_keeps_its_variable_and_reads_its_first_source_outside() -> None:
    """The second source is read inside."""
    source = known("found = [a for a in x for b in y(a)]\n")
    assert "a" not in source.module.root.bindings
    assert source.module.spots[node(source, "x")].scope is source.module.root
    assert source.module.spots[node(source, "y(a)")].scope.sort == "comprehension"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("for x in y:\n    pass\n", "x"),
        ("with y as x:\n    pass\n", "x"),
        ("try:\n    pass\nexcept E as x:\n    pass\n", "x"),
        ("match y:\n    case [1, *x]:\n        pass\n", "x"),
        ("match y:\n    case {**x}:\n        pass\n", "x"),
        ("match y:\n    case C() as x:\n        pass\n", "x"),
        ("async def f():\n    async for x in y:\n        pass\n", "f"),
    ],
)
def test_a_value_that_comes_from_elsewhere_is_bound_as_unknown(text: str, name: str) -> None:
    """Loops, contexts, handlers and patterns hide the name's old meaning without giving a new one."""
    (binding,) = known(text).module.root.bindings[name]
    assert binding.sort == ("function" if name == "f" else "other")


def test_a_definition_is_bound_by_its_sort() -> None:
    """A class's own names are not the module's."""
    source = known("class C(Base):\n    def m(self):\n        pass\nasync def f():\n    pass\n")
    root = source.module.root.bindings
    assert {name: items[0].sort for name, items in root.items()} == {"C": "class", "f": "function"}
    assert [item.name for item in source.module.functions] == ["m", "f"]


def test_the_arms_of_one_condition_are_exclusive_and_nested_ones_stay_so() -> None:
    """A use in the second arm of an inner condition sees neither first arm."""
    source = known("if a:\n    one()\nelse:\n    if b:\n        two()\n    else:\n        three()\n")
    one, two, three = (source.module.spots[node(source, text)].path for text in ("one()", "two()", "three()"))
    assert exclusive(one, two)
    assert exclusive(one, three)
    assert exclusive(two, three)
