"""Values are followed forwards to the names under which they end."""

from __future__ import annotations

import pytest

from id_isolation.scan.flow import End, Flow

from .parsed import known, node


def _ends(text: str) -> list[End]:
    source = known(text)
    return Flow(source.module, source.resolver).ends(node(source, "m()"), function=False)


def _names(text: str) -> set[str]:
    return {end.text for end in _ends(text) if end.sort == "name"}


def test_a_variable_is_followed_to_where_it_is_read() -> None:
    """As far as this assignment reaches: not past another one, not before it."""
    assert "a_id" in _names("x = m()\na_id = str(x)\n")
    assert "a_id" not in _names("x = m()\nx = 1\na_id = x\n")
    assert "a_id" not in _names("x = 1\na_id = x\nx = m()\n")
    assert "a_id" in _names("x = 1\nif c:\n    x = m()\na_id = x\n")


def test_a_name_that_is_an_id_ends_the_way() -> None:
    """What is made of an ID afterwards is not the mint's own name."""
    assert _names("a_id = m()\nb_id = a_id\n") == {"a_id"}


def test_another_functions_variable_of_the_same_name_is_another() -> None:
    """Scopes are kept apart."""
    assert _names("def f():\n    x = m()\ndef g(x):\n    a_id = x\n") == {"x"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a, b = m(), 1\n", {"a"}),
        ("a, b = 1, m()\n", {"b"}),
        ("a, b = m()\n", {"a", "b"}),
        ("a = b = m()\n", {"a", "b"}),
        ("a: str = m()\n", {"a"}),
        ("a += m()\n", {"a"}),
        ("use(a := m())\n", {"a"}),
        ("def f(a=m()):\n    pass\n", {"a"}),
        ("def f(b, *, a=m()):\n    pass\n", {"a"}),
        ("self.a = m()\n", {"a"}),
    ],
)
def test_only_the_targets_that_get_the_value_are_its_names(text: str, names: set[str]) -> None:
    """Unpacking, chains, annotations, additions, walruses and defaults."""
    assert _names(text) == names


def test_an_attribute_of_the_instance_is_followed_into_other_methods() -> None:
    """And one of another class by the same name is not."""
    text = """
class C:
    def f(self):
        self.value = m()
    def g(self):
        a_id = self.value
class D:
    def g(self):
        b_id = self.value
"""
    assert _names(text) == {"value", "a_id"}


def test_a_returned_value_goes_on_at_the_callers_and_is_marked_far() -> None:
    """The function's own name is near, the caller's variable is not."""
    ends = _ends("def new():\n    return m()\na_id = new()\n")
    assert End("function", "new") in ends
    assert End("name", "a_id", True) in ends
    assert End("name", "a_id") not in ends


def test_a_caller_of_another_function_of_that_name_is_no_caller() -> None:
    """It has to be the same definition."""
    text = (
        "class C:\n    def new(self):\n        return m()\ndef new():\n    return 1\na_id = new()\nb_id = C().new()\n"
    )
    assert {end.text for end in _ends(text) if end.far} == {"b_id"}
    bound = "class C:\n    def new(self):\n        return m()\n    def f(self):\n        b_id = self.new()\n"
    assert "b_id" in _names(bound)


def test_of_a_returned_tuple_the_callers_own_part_is_named() -> None:
    """Awaited or not; where the caller keeps the whole, its name is taken."""
    body = "def pair():\n    return 1, m()\n"
    assert _names(body + "a, b = pair()\n") == {"b"}
    assert _names("async def pair():\n    return 1, m()\nasync def f():\n    a, b = await pair()\n") == {"b"}
    assert _names(body + "both = pair()\n") == {"both"}


def test_a_property_is_read_like_an_attribute() -> None:
    """Without a call."""
    text = "class C:\n    @property\n    def p(self):\n        return m()\n    def f(self):\n        a_id = self.p\n"
    assert "a_id" in _names(text)


def test_values_that_run_in_a_circle_come_to_an_end() -> None:
    """Two variables, and a function that calls itself."""
    assert _names("x = m()\nwhile c:\n    y = x\n    x = y\n") == {"x", "y"}
    assert [end.text for end in _ends("def f():\n    a = f()\n    return m()\n") if end.sort == "function"] == ["f"]


def test_each_end_is_named_once() -> None:
    """However often the value comes there."""
    ends = _ends("x = m()\nif c:\n    a_id = x\nelse:\n    a_id = x\n")
    assert len(ends) == len(set(ends))


def _ends_climb(text: str, *, clock: bool = False, function: bool = True) -> set[tuple[str, str]]:
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
    assert end in _ends_climb(text)


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
    assert ("name", "a_id") not in _ends_climb(text)


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
    assert (("name", "a_id") in _ends_climb(text, clock=True)) is reaches
    assert ("name", "a_id") in _ends_climb(text)


def test_a_text_with_spaces_is_a_sentence_not_a_token() -> None:
    """Its first word is no prefix of an ID further on; the word right before the value is one all the same."""
    assert ("prefix", "run_") not in _ends_climb("x = f'run_{a} took {m()}'")
    assert ("prefix", "to run_") in _ends_climb("x = f'to run_{m()}'")


def test_a_keyword_of_a_known_factory_names_nothing_itself() -> None:
    """The field that gets the default does."""
    assert ("name", "default_factory") not in _ends_climb("a_id = field(default_factory=m)")


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
