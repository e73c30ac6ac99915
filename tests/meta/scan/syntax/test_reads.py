"""The reads of a module are found by name and by attribute; what is written is no read."""

from __future__ import annotations

import pytest

from id_isolation.scan.syntax.reads import Reads

from ..parsed import known

_TEXT = """
token = mint()
self.token = token
print(token, self.token, other.token)
del token
"""


@pytest.fixture
def reads() -> Reads:
    """The reads of a few lines."""
    source = known(_TEXT)
    return Reads(source.module, source.resolver)


def test_a_name_is_read_where_it_is_no_target(reads: Reads) -> None:
    """An assignment and a deletion are no reads; an attribute of that name is none either."""
    assert [read.lineno for read in reads.of_name("token")] == [3, 4]


def test_an_attribute_is_read_of_whatever_it_is(reads: Reads) -> None:
    """Whose it is, is for the resolver to say."""
    assert sorted((read.lineno, read.col_offset) for read in reads.of_attribute("token")) == [(4, 13), (4, 25)]


def test_what_is_never_read_has_no_reads(reads: Reads) -> None:
    """Asked for in either order."""
    assert reads.of_attribute("absent") == []
    assert reads.of_name("absent") == []
