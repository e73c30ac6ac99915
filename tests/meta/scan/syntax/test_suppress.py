"""A comment leaves a mint only where it stands with it, and only with a reason."""

from __future__ import annotations

import pytest

from id_isolation.scan.syntax.suppress import MISSING, suppression

from ..parsed import known, node


def _reason(text: str) -> str:
    source = known(text)
    return suppression(source.module, node(source, "m()"))


@pytest.mark.parametrize(
    "text",
    [
        "x = m()  # id-isolation: allow - why",
        "x = m()  # id-isolation: allow: why",
        "x = m()  # id-isolation: allow (why",
        "x = m()  #id-isolation:allow \u2014 why",
        "x = m()  # noqa # id-isolation: allow why",
        "# id-isolation: allow - why\nx = m()",
        "x = f(  # id-isolation: allow - why\n    m(),\n)",
        "x = f(\n    m(),\n)  # id-isolation: allow - why",
        "x = f(\n    1,\n    m(),  # id-isolation: allow - why\n)",
        "def f():\n    # id-isolation: allow - why\n    return m()",
    ],
)
def test_a_reason_on_the_line_its_statement_or_alone_before_counts(text: str) -> None:
    """With whatever sign between the word and the reason."""
    assert _reason(text) == "why"


@pytest.mark.parametrize(
    "text",
    [
        "x = m()",
        "y = 1  # id-isolation: allow - why\nx = m()",
        "x = m()\n# id-isolation: allow - why",
        "# id-isolation: allow - why\n\nx = m()",
        "x = m()  # id-isolation: allowed - why",
        "x = m()  # id-isolation: deny - why",
        "x = f(\n    1,  # id-isolation: allow - why\n    m(),\n)",
        "def f(a=m()):\n    pass  # id-isolation: allow - why",
    ],
)
def test_a_comment_that_belongs_to_something_else_leaves_nothing(text: str) -> None:
    """Another statement's, a line too early or too late, another word, a neighbour's line, a body's end."""
    assert _reason(text) == ""


@pytest.mark.parametrize("text", ["x = m()  # id-isolation: allow", "x = m()  # id-isolation: allow -   "])
def test_a_comment_without_a_reason_is_told_apart_from_none(text: str) -> None:
    """So that the report can say that it does not count."""
    assert _reason(text) == MISSING
