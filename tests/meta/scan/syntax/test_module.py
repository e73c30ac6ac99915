"""A parsed module knows its lines and its definitions."""

from __future__ import annotations

import pytest

from id_isolation.scan.syntax.module import Module

from ..parsed import known, node


def test_lines_are_counted_as_python_counts_them() -> None:
    """Windows and old Macintosh ends are line ends, a Unicode separator and a form feed are none."""
    module = Module("a = 1\r\nb = 2\rc = '\u2028\x0c'\n  # d\n", "x.py")
    assert [module.line(number) for number in (1, 2, 3, 4)] == ["a = 1", "b = 2", "c = '\u2028\x0c'", "# d"]


@pytest.mark.parametrize("number", [0, -1, 3, 99])
def test_a_line_that_is_not_there_is_empty(number: int) -> None:
    """No number counts from the end."""
    assert Module("a = 1\n", "x.py").line(number) == ""


def test_a_column_counts_characters_not_bytes() -> None:
    """The parser's offset is in UTF-8 bytes."""
    module = Module("é = '€'; b = 1\na = 1\n", "x.py")
    assert module.column(1, "é = '€'; ".encode().__len__()) == 9
    assert module.column(2, 4) == 4
    assert module.column(99, 4) == 4


def test_a_node_is_named_by_the_definitions_around_it() -> None:
    """Classes and functions, outermost first; the module where there are none."""
    source = known(
        """
        top = first()
        class Outer:
            field = second()
            async def method(self):
                def inner():
                    return third()
        """
    )
    module = source.module
    assert module.qualified(node(source, "first()")) == "<module>"
    assert module.qualified(node(source, "second()")) == "Outer"
    assert module.qualified(node(source, "third()")) == "Outer.method.inner"
    assert module.qualified(module.classes[0]) == "Outer"


def test_the_innermost_function_and_class_around_a_node_are_found() -> None:
    """A class inside a function hides the function's own class only for what is in it."""
    source = known(
        """
        class Outer:
            def method(self):
                before()
                class Inner:
                    field = inside()
        """
    )
    module = source.module
    before, inside = node(source, "before()"), node(source, "inside()")
    assert [getattr(module.class_of(item), "name", None) for item in (before, inside)] == ["Outer", "Inner"]
    assert [getattr(module.function_of(item), "name", None) for item in (before, inside)] == ["method", "method"]
    assert module.class_of(module.tree) is None


def test_a_source_that_does_not_parse_is_an_error() -> None:
    """With the line, as Python gives it."""
    with pytest.raises(SyntaxError) as caught:
        Module("x = 1\ndef (:\n", "x.py")
    assert caught.value.lineno == 2
