"""A value climbs through the expressions around it to the names, texts and calls that take it up."""

from __future__ import annotations

import pytest

from id_isolation.scan.mints.climb import End
from id_isolation.scan.mints.flow import Flow

from ..parsed import known, node


def _ends(text: str, *, clock: bool = False, function: bool = True) -> set[tuple[str, str]]:
    """The ends of what calling `m` gives (of `m()` itself, without `function`)."""
    source = known("from uuid import UUID\nK_ID = 1\ndef takes(first_id, *, second): ...\n" + text)
    start = node(source, "m" if function else "m()")
    ends = Flow(source.module, source.resolver).ends(start, function=function, clock=clock)
    return {(end.sort, end.text) for end in ends}


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("a_id = m()", ("name", "a_id")),
        ("a_id = str(m()).upper()[:8]", ("name", "a_id")),
        ("a_id = m().hex", ("name", "a_id")),
        ("a_id = 'x' + m()", ("name", "a_id")),
        ("a_id = [m() for _ in range(3)]", ("name", "a_id")),
        ("a_id = b or m()", ("name", "a_id")),
        ("a_id = m() if b else c", ("name", "a_id")),
        ("d = {'a_id': m()}", ("name", "a_id")),
        ("d = {K_ID: m()}", ("name", "K_ID")),
        ("d['a_id'] = m()", ("name", "a_id")),
        ("d.setdefault('a_id', m())", ("name", "a_id")),
        ("setattr(d, 'a_id', m())", ("name", "a_id")),
        ("takes(m(), second=1)", ("name", "first_id")),
        ("other(a_id=m())", ("name", "a_id")),
        ("x = f'session_{m()}'", ("prefix", "session_")),
        ("x = f'run_{a}_{m()}'", ("prefix", "run_")),
        ("x = 'session_' + m()", ("prefix", "session_")),
        ("x = 'session_%s' % m()", ("prefix", "session_")),
        ("x = a + 'session_' + m()", ("prefix", "session_")),
        ("x = f'{a}session_' + m()", ("prefix", "session_")),
        ("x = 'session_{}'.format(m())", ("prefix", "session_")),
        ("x = UUID(int=m())", ("uuid", "uuid.UUID")),
        ("x = UUID(m())", ("uuid", "uuid.UUID")),
        ("a_id = field(default_factory=m)", ("name", "a_id")),
        ("a_id: Annotated[str, F(default_factory=m)]", ("name", "a_id")),
        ("a_id = next(iter(m, None))", ("name", "a_id")),
        ("a_id = partial(m)()", ("name", "a_id")),
        ("a_id = (lambda: m())()", ("name", "a_id")),
        ("print(m())", ("hint", "print")),
    ],
)
def test_a_value_comes_to_the_name_that_takes_it(text: str, end: tuple[str, str]) -> None:
    """Forms, tables, arguments, texts and factories lead to it."""
    assert end in _ends(text)


@pytest.mark.parametrize(
    "text",
    [
        "a_id = 1 if m() else 2",
        "a_id = d[m()]",
        "a_id = {m(): 1}",
        "a_id = other(m())",
        "a_id = m().length",
        "a_id = [1 for _ in b if m()]",
        "a_id = d.get(m())",
        "a_id = m() > 3",
    ],
)
def test_a_value_that_only_decides_or_is_handed_away_does_not_reach_the_name(text: str) -> None:
    """Tests, subscripts, dictionary keys, unknown calls and comparisons end the climb."""
    assert ("name", "a_id") not in _ends(text)


@pytest.mark.parametrize(
    ("text", "reaches"),
    [
        ("a_id = m() - began", False),
        ("a_id = began - m()", False),
        ("a_id = m() + 1", True),
        ("a_id = m() * 1000", True),
    ],
)
def test_a_difference_of_clocks_is_no_id(text: str, reaches: bool) -> None:
    """A sum or a product still is; and a difference of what is no clock."""
    assert (("name", "a_id") in _ends(text, clock=True)) is reaches
    assert ("name", "a_id") in _ends(text)


def test_a_text_with_spaces_is_a_sentence_not_a_token() -> None:
    """Its first word is no prefix of an ID further on; the word right before the value is one all the same."""
    assert ("prefix", "run_") not in _ends("x = f'run_{a} took {m()}'")
    assert ("prefix", "to run_") in _ends("x = f'to run_{m()}'")


def test_a_keyword_of_a_known_factory_names_nothing_itself() -> None:
    """The field that gets the default does."""
    assert ("name", "default_factory") not in _ends("a_id = field(default_factory=m)")


@pytest.mark.parametrize(
    ("end", "is_id"),
    [
        (End("prefix", "session_"), True),
        (End("uuid", "uuid.UUID"), True),
        (End("name", "session_id"), True),
        (End("function", "new_id"), True),
        (End("name", "delay"), False),
        (End("function", "delay"), False),
        (End("hint", "session_id"), False),
    ],
)
def test_an_end_makes_the_value_an_id_by_its_sort_and_name(end: End, is_id: bool) -> None:
    """What a value is handed to is only a hint."""
    assert end.is_id is is_id
