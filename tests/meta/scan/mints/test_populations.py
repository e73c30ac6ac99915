"""A random choice makes something new only among characters or numbers."""

from __future__ import annotations

import pytest

from id_isolation.scan.mints.populations import makes_characters

from ..parsed import known, node


def _makes(text: str) -> bool:
    source = known(text)
    return makes_characters(source.module, source.resolver, node(source, "pick", -1))


@pytest.mark.parametrize(
    "text",
    [
        "pick('abc')",
        "pick(b'abc')",
        "pick(population='abc', k=3)",
        "pick(seq='abc')",
        "pick(string.hexdigits)",
        "pick(ascii_letters + extra)",
        "pick(extra + digits)",
        "pick(self.alphabet)",
        "pick(ALPHABET)",
        "pick(range(10))",
        "pick(list(range(10)))",
        "pick(sorted('abc'))",
        "pool = 'abcdef'\npick(pool)",
    ],
)
def test_characters_and_numbers_make_something_new(text: str) -> None:
    """Written out, by a telling name, or through one variable."""
    assert _makes(text)


@pytest.mark.parametrize(
    "text",
    [
        "pick(users)",
        "pick('a')",
        "pick([1, 2])",
        "pick(7)",
        "pick(k=3)",
        "pick()",
        "pick(list(users))",
        "pick(make('abc'))",
        "f(pick)",
        "x = pick",
        "pool = users\npick(pool)",
        "pool = 'abc'\npool = users\nif c:\n    pool = 'abc'\npick(pool)",
    ],
)
def test_what_is_there_already_is_only_picked(text: str) -> None:
    """Items, a single character, an unknown call, a bare reference, a variable that may be either."""
    assert not _makes(text)


def test_a_population_made_of_itself_comes_to_an_end() -> None:
    """Two names assigned to one another."""
    assert not _makes("while c:\n    a = b\n    b = a\npick(a)")
