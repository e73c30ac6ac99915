"""What a name stands for, and what a comment says of a line."""

from __future__ import annotations

import ast

import pytest

from id_isolation.scan.names import MISSING, Local, Resolver, suppression
from id_isolation.scan.syntax import Module

from .parsed import known, node


def _names(text: str, written: str, turn: int = -1) -> tuple[str, ...]:
    source = known(text)
    return source.resolver.names(node(source, written, turn))


@pytest.mark.parametrize(
    ("text", "written", "meant"),
    [
        ("import uuid\nuuid.uuid4()\n", "uuid.uuid4", ("uuid.uuid4",)),
        ("import uuid as u\nu.uuid4()\n", "u.uuid4", ("uuid.uuid4",)),
        ("import os.path\nos.path.join()\n", "os.path.join", ("os.path.join",)),
        ("from uuid import uuid4 as m\nn = m\nn()\n", "n", ("uuid.uuid4",)),
        ("import uuid\nm = uuid.uuid4 if c else other\nm()\n", "m", ("uuid.uuid4",)),
        ("import uuid\nm = None or uuid.uuid4\nm()\n", "m", ("uuid.uuid4",)),
        ("import uuid\ng(m := uuid.uuid4)\nm()\n", "m", ("uuid.uuid4",)),
        ("import uuid\ngetattr(uuid, 'uuid4')()\n", "getattr(uuid, 'uuid4')", ("uuid.uuid4",)),
        ("__import__('os.path')\n", "__import__('os.path')", ("os",)),
        ("__import__('os.path', fromlist=['join'])\n", "__import__('os.path', fromlist=['join'])", ("os.path",)),
        (
            "import importlib\nimportlib.import_module('os.path')\n",
            "importlib.import_module('os.path')",
            ("os.path",),
        ),
        ("import sys\nsys.modules['uuid'].uuid4()\n", "sys.modules['uuid'].uuid4", ("uuid.uuid4",)),
        ("import uuid\nvars(uuid)['uuid4']()\n", "vars(uuid)['uuid4']", ("uuid.uuid4",)),
        ("import uuid\nt = {'a': uuid.uuid4, 'b': f}\nt['a']()\n", "t['a']", ("uuid.uuid4",)),
        ("import uuid\nt = {'a': uuid.uuid4, 'b': f}\nt['b']()\n", "t['b']", ()),
        ("import uuid\nt = (f, uuid.uuid4)\nt[1]()\n", "t[1]", ("uuid.uuid4",)),
        ("import uuid\nt = (f, uuid.uuid4)\nt[2]()\n", "t[2]", ()),
        ("import functools, uuid\nm = functools.partial(uuid.uuid4)\nm()\n", "m", ("uuid.uuid4",)),
        ("import random\nr = random.SystemRandom()\nr.random()\n", "r.random", ("random.Random().random",)),
    ],
)
def test_an_expression_stands_for_the_outside_name_it_reaches(text: str, written: str, meant: tuple[str, ...]) -> None:
    """By alias, by condition, by text, through a table or a wrapper; and for nothing where it reaches nothing."""
    assert _names(text, written) == meant


def test_a_local_name_hides_an_outer_one_everywhere_in_its_function() -> None:
    """Even before it is assigned, as Python has it."""
    text = "from uuid import uuid4 as m\ndef f():\n    m()\n    m = other\ndef g():\n    m()\n"
    assert _names(text, "m", 0) == ()
    assert _names(text, "m", 2) == ("uuid.uuid4",)


def test_a_class_attribute_is_not_seen_bare_from_its_methods() -> None:
    """But through `self`, and bare in the class body."""
    text = """
        import uuid
        class C:
            m = uuid.uuid4
            here = m()
            def f(self):
                return m(), self.m()
    """
    source = known(text)
    assert source.resolver.names(node(source, "m", 1)) == ("uuid.uuid4",)
    assert source.resolver.names(node(source, "m", 2)) == ()
    assert source.resolver.names(node(source, "self.m")) == ("uuid.uuid4",)


def test_a_class_attribute_is_seen_through_the_class_and_an_instance() -> None:
    """Not through another class, nor under another name."""
    text = "import uuid\nclass C:\n    m = uuid.uuid4\nclass D:\n    n = 1\n(C.m, C().m, C.n, D.m)\n"
    assert _names(text, "C.m") == _names(text, "C().m") == ("uuid.uuid4",)
    assert _names(text, "C.n") == _names(text, "D.m") == ()


def test_an_attribute_stored_in_one_method_is_known_in_another() -> None:
    """And from a base class, unless the class has its own."""
    text = """
        import uuid
        class Base:
            def __init__(self):
                self.mint = uuid.uuid4
        class Child(Base):
            def f(self):
                self.mint()
        class Own(Base):
            mint = other
            def f(this):
                this.mint()
    """
    source = known(text)
    assert source.resolver.names(node(source, "self.mint", -1)) == ("uuid.uuid4",)
    assert source.resolver.names(node(source, "this.mint")) == ()


def test_only_the_first_parameter_of_a_method_is_the_instance() -> None:
    """A plain function's first parameter, and a method's second, own nothing."""
    source = known("class C:\n    def f(self, other):\n        self.a, other.b\ndef g(self):\n    self.c\n")
    owner = source.resolver.owner_of(node(source, "self.a"))
    assert owner is source.module.classes[0]
    assert source.resolver.owner_of(node(source, "other.b")) is None
    assert source.resolver.owner_of(node(source, "self.c")) is None


def test_a_call_stands_for_what_the_function_gives_back_and_an_instance_for_its_class() -> None:
    """`made` marks the instance."""
    source = known("import uuid\nclass C:\n    pass\ndef f():\n    return uuid.uuid4\nf()\nC()\n")
    assert source.resolver.names(node(source, "f()")) == ("uuid.uuid4",)
    assert source.resolver.resolve(node(source, "C()")) == (Local(source.module.classes[0], made=True),)


def test_a_star_import_may_bring_any_name_that_nothing_binds() -> None:
    """A known list says what it brings; a bound name does not come by it."""
    module = Module("from compat import *\nmint()\nother()\nowned = 1\nowned\n", "a.py")
    resolver = Resolver(module, {"compat": {"mint": "uuid.uuid4"}})
    meant = {item.id: resolver.names(item) for item in module.names if isinstance(item.ctx, ast.Load)}
    assert meant == {"mint": ("uuid.uuid4",), "other": ("compat.other",), "owned": ()}


def test_a_definition_in_terms_of_itself_comes_to_an_end() -> None:
    """Two functions that give back one another, and a name assigned to itself."""
    source = known("def f():\n    return g()\ndef g():\n    return f()\nx = y\ny = x\nf()\nx\n")
    assert source.resolver.resolve(node(source, "f()", -1)) == ()
    assert source.resolver.resolve(node(source, "x", -1)) == ()


def test_a_name_assigned_twice_is_no_literal() -> None:
    """Only one sure assignment makes a table readable."""
    source = known("t = [1]\nif c:\n    t = [2]\nu = [3]\nuse(t, u)\n")
    assert source.resolver.literal(node(source, "t", -1)) is None
    literal = source.resolver.literal(node(source, "u", -1))
    assert literal is not None
    assert ast.unparse(literal) == "[3]"


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
