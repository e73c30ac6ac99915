"""Values are followed backwards to their sources, and constants told."""

from __future__ import annotations

import builtins
import datetime
import hashlib
import types
import uuid
from collections.abc import Iterable
from pathlib import Path
from pkgutil import resolve_name
from textwrap import dedent

import pytest

from id_isolation.scan.tracing import Frame, Source, Tracer, is_constant
from id_isolation.scan.universe import Universe
from id_isolation.scan.vocabulary import ATTRIBUTES, CONVERSIONS, FACTORY_KEYWORDS, FALLBACKS, METHODS

from .parsed import known, node
from .trees import write

_HEAD = "import uuid, secrets, time\nfrom shared.id_generation import UnifiedIdGenerator as G\n"


def _sources(text: str, root: Path, **others: str) -> list[Source]:
    write(root, {"app.py": _HEAD + dedent(text), **others})
    universe = Universe(root)
    known = universe.load("app.py")
    use = next(call for call in known.module.calls if getattr(call.func, "id", "") == "use")
    return Tracer(universe).sources(use.args[0], Frame(known, {}))


def _told(text: str, root: Path, **others: str) -> list[tuple[str, int | str | None]]:
    return sorted(((source.method or source.name, source.item) for source in _sources(text, root, **others)), key=str)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("x = uuid.uuid4()\nuse(str(x).upper())", ["uuid.uuid4"]),
        ("use(uuid.uuid4().hex)", ["uuid.uuid4"]),
        ("use(f'a-{uuid.uuid4()}')", ["uuid.uuid4"]),
        ("use('a' + secrets.token_hex(4))", ["secrets.token_hex"]),
        ("use(given or uuid.uuid4())", ["uuid.uuid4"]),
        ("use(given if uuid.uuid4() else 1)", []),
        ("use(d.get('id', uuid.uuid4()))", ["uuid.uuid4"]),
        ("use(uuid.UUID(bytes=secrets.token_bytes(16)))", ["secrets.token_bytes"]),
        ("use(wrap(uuid.uuid4()))", ["uuid.uuid4"]),
        ("use(wrap(time.time()))", []),
        ("use(int(time.time()))", ["time.time"]),
        ("use(uuid.uuid4().bit_length)", []),
        ("use(G.generate_session_id(u))", ["generate_session_id"]),
        ("use(G.parse_id(u))", []),
        ("use(field(default_factory=uuid.uuid4))", ["uuid.uuid4"]),
        ("use(field(default_factory=lambda: secrets.token_hex(4)))", ["secrets.token_hex"]),
        ("use([uuid.uuid4() for _ in a])", ["uuid.uuid4"]),
        ("use(uuid.uuid5(a, b))", []),
    ],
)
def test_an_expression_comes_from_what_is_in_it(text: str, names: list[str], tmp_path: Path) -> None:
    """Forms of the same value are followed; conditions, and what merely was near a clock, are not."""
    assert [name for name, _ in _told(text, tmp_path)] == names


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("t, r, q = G.generate_user_context_ids(u)\nuse(r)", 1),
        ("ids = G.generate_user_context_ids(u)\nuse(ids[2])", 2),
        ("ids = G.generate_user_context_ids(u)\nuse(ids[-1])", -1),
        ("use(G.generate_user_context_ids(u))", None),
        ("d = G.get_or_create_user_session(u)\nuse(d['run_id'])", "run_id"),
        ("d = G.get_or_create_user_session(u)\nuse(d.get('run_id'))", "run_id"),
    ],
)
def test_the_part_taken_of_a_generator_call_is_told(text: str, item: int | str | None, tmp_path: Path) -> None:
    """By unpacking, index, key or `get`; None for the whole."""
    ((_, found),) = _told(text, tmp_path)
    assert found == item


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("pair = (uuid.uuid4(), secrets.token_hex(4))\nuse(pair[1])", ["secrets.token_hex"]),
        ("pair = (uuid.uuid4(), secrets.token_hex(4))\nuse(pair[0])", ["uuid.uuid4"]),
        ("d = {'a': uuid.uuid4(), 'b': secrets.token_hex(4)}\nuse(d['b'])", ["secrets.token_hex"]),
        ("d = {'a': uuid.uuid4(), 'b': secrets.token_hex(4)}\nuse(d)", ["secrets.token_hex", "uuid.uuid4"]),
        ("d = {}\nd['a'] = uuid.uuid4()\nd['b'] = secrets.token_hex(4)\nuse(d['a'])", ["uuid.uuid4"]),
    ],
)
def test_of_a_written_table_only_the_item_taken_counts(text: str, names: list[str], tmp_path: Path) -> None:
    """The others are not its sources."""
    assert [name for name, _ in _told(text, tmp_path)] == names


def test_a_called_function_is_entered_with_its_arguments(tmp_path: Path) -> None:
    """What it does not give back is no source."""
    text = """
        def tag(x, y):
            return f"s-{x}"
        use(tag(uuid.uuid4(), secrets.token_hex(4)))
    """
    assert _told(text, tmp_path) == [("uuid.uuid4", None)]


def test_a_default_counts_where_the_caller_gives_nothing(tmp_path: Path) -> None:
    """And not where it does."""
    text = "def f(x=uuid.uuid4()):\n    return x\n"
    assert _told(text + "use(f())\n", tmp_path) == [("uuid.uuid4", None)]
    assert _told(text + "use(f('a'))\n", tmp_path) == []


def test_another_modules_function_and_variable_are_followed(tmp_path: Path) -> None:
    """And the source says in which module it stands."""
    helper = "import uuid\nFIXED = uuid.uuid4()\ndef new():\n    return uuid.uuid1()\n"
    text = "from helper import new, FIXED\nuse(new() + FIXED)\n"
    found = _sources(text, tmp_path, **{"helper.py": helper})
    assert sorted((source.name, source.frame.known.module.path, source.node.lineno) for source in found) == [  # type: ignore[attr-defined]
        ("uuid.uuid1", "helper.py", 4),
        ("uuid.uuid4", "helper.py", 2),
    ]


def test_instance_attributes_and_properties_are_followed(tmp_path: Path) -> None:
    """What any method stores, and what a property returns; a plain method that is not called is not."""
    text = """
        class C:
            def __init__(self):
                self.a = uuid.uuid4()
            @property
            def b(self):
                return secrets.token_hex(4)
            def c(self):
                return uuid.uuid1()
        c = C()
        use([c.a, c.b, c.c])
    """
    assert [name for name, _ in _told(text, tmp_path)] == ["secrets.token_hex", "uuid.uuid4"]


def test_a_recursive_function_comes_to_an_end(tmp_path: Path) -> None:
    """Its own call is not entered again, the other return is."""
    text = "def f(n):\n    return f(n - 1) if n else uuid.uuid4()\nuse(f(3))\n"
    assert _told(text, tmp_path) == [("uuid.uuid4", None)]


def test_one_call_reached_twice_is_one_source(tmp_path: Path) -> None:
    """Two calls on one line are two."""
    assert len(_sources("x = uuid.uuid4()\nuse(x or x.hex)\n", tmp_path)) == 1
    assert len(_sources("use(uuid.uuid4() or uuid.uuid4())\n", tmp_path)) == 2


_HEAD_constant = """
NAME = "nobody"
FREE = read()
class C:
    FIXED = "nobody"
    def __init__(self, user):
        self.user = user
        self.kind = "web"
    def f(self, given, default="nobody"):
        local = "a" if given else "b"
        either = "a"
        if given:
            either = given
        counted, = read()
        for item in given:
            pass
        {use}
"""


def _constant(written: str, tmp_path: Path) -> bool:
    source = known(_HEAD_constant.replace("{use}", f"use({written})"))
    universe = Universe(write(tmp_path, {"other.py": 'GIVEN = "x"\nREAD = f()\n'}))
    call = node(source, f"use({written})", -1)
    return is_constant(call.args[0], Frame(source, {}), universe)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "written",
    [
        "'nobody'",
        "NAME",
        "local",
        "f'{NAME}-{1}'",
        "NAME + 'x'",
        "'a' or NAME",
        "'a' if given else 'b'",
        "('a', NAME)[0]",
        "str(NAME)",
        "NAME.upper()",
        "self.FIXED",
        "C.FIXED",
        "self.kind",
    ],
)
def test_what_is_written_out_is_constant(written: str, tmp_path: Path) -> None:
    """Through variables, texts, conditions, conversions and class attributes; the condition itself may be anything."""
    assert _constant(written, tmp_path)


@pytest.mark.parametrize(
    "written",
    [
        "given",
        "default",
        "FREE",
        "either",
        "counted",
        "item",
        "unknown",
        "f'{NAME}-{given}'",
        "NAME + given",
        "given or NAME",
        "given if NAME else 'b'",
        "('a', given)[0]",
        "str(given)",
        "str()",
        "NAME.join(given)",
        "read()",
        "self.user",
        "self.absent",
        "lambda: 1",
    ],
)
def test_one_part_from_elsewhere_makes_it_no_constant(written: str, tmp_path: Path) -> None:
    """A parameter, a call, a loop's item, a name that nothing binds; a default is one value among others."""
    assert not _constant(written, tmp_path)


def test_a_parameter_is_what_its_caller_gave(tmp_path: Path) -> None:
    """Judged in the caller's own frame."""
    source = known("def f(user):\n    return user\nf('nobody')\nf(read())\n")
    use = node(source, "user", -1)
    universe = Universe(tmp_path)
    caller = Frame(source, {})
    fixed, free = (node(source, text).args[0] for text in ("f('nobody')", "f(read())"))  # type: ignore[attr-defined]
    assert is_constant(use, Frame(source, {"user": (fixed, caller)}), universe)
    assert not is_constant(use, Frame(source, {"user": (free, caller)}), universe)


def test_a_variable_of_another_module_is_followed(tmp_path: Path) -> None:
    """An outside module's is not known, and so no constant."""
    write(tmp_path, {"other.py": 'GIVEN = "x"\nREAD = f()\n'})
    source = known("import other, os\nfrom other import GIVEN\nuse(GIVEN, other.GIVEN, other.READ, os.sep)\n")
    call = next(item for item in source.module.calls)
    assert [is_constant(part, Frame(source, {}), Universe(tmp_path)) for part in call.args] == [
        True,
        True,
        False,
        False,
    ]


def test_nothing_is_no_constant_and_a_circle_ends(tmp_path: Path) -> None:
    """Two variables made of each other."""
    source = known("def f():\n    while c:\n        x = y\n        y = x\n    use(x)\n")
    assert not is_constant(None, Frame(source, {}), Universe(tmp_path))
    assert not is_constant(node(source, "x", -1), Frame(source, {}), Universe(tmp_path))


# A clock's value, which is followed through nothing but what is known to keep it.
_CLOCK = "time.time()"
_IMPORTS = "import time\n" + "".join(
    f"import {module}\n" for module in sorted({name.partition(".")[0] for name in CONVERSIONS if "." in name})
)
_OF_OTHER_PACKAGES = frozenset(["item", "str"])
"""Of a NumPy scalar, and of a ULID."""


def _followed(expressions: Iterable[str], root: Path) -> set[str]:
    """The expressions that come from the clock."""
    written = list(expressions)
    write(root, {"app.py": _IMPORTS + "".join(f"use({expression})\n" for expression in written)})
    universe = Universe(root)
    known = universe.load("app.py")
    uses = [call.args[0] for call in known.module.calls if getattr(call.func, "id", "") == "use"]
    tracer = Tracer(universe)
    return {
        expression
        for expression, node in zip(written, uses, strict=True)
        if [source.name for source in tracer.sources(node, Frame(known, {}))] == ["time.time"]
    }


@pytest.mark.parametrize(
    "expressions",
    [
        [f"{name}({_CLOCK})" for name in CONVERSIONS],
        [f"{_CLOCK}.{name}()" for name in METHODS],
        [f"{_CLOCK}.{name}" for name in ATTRIBUTES],
        [f"field({name}=lambda: {_CLOCK})" for name in FACTORY_KEYWORDS],
        [f"given.{name}('key', {_CLOCK})" for name in FALLBACKS],
        [f"getattr(given, 'key', {_CLOCK})"],
    ],
    ids=["functions", "methods", "attributes", "factories", "fallbacks", "a-builtin-fallback"],
)
def test_a_value_is_followed_through_every_word(expressions: list[str], tmp_path: Path) -> None:
    """It stays the same value in another form."""
    assert _followed(expressions, tmp_path) == set(expressions)


def test_through_other_names_it_is_not_followed(tmp_path: Path) -> None:
    """A length, a comparison or a key says nothing of the value any more."""
    others = [
        f"len({_CLOCK})",
        f"isinstance({_CLOCK}, float)",
        f"hmac.compare_digest({_CLOCK}, given)",
        f"{_CLOCK}.is_integer()",
        f"{_CLOCK}.imag",
        f"field(validator=lambda: {_CLOCK})",
        f"given.index('key', {_CLOCK})",
        f"getattr({_CLOCK}, 'key', given)",
    ]
    assert _followed(others, tmp_path) == set()


def test_every_function_is_there() -> None:
    """By its dotted name, as a builtin, or by the last part of a dotted one."""
    dotted = {name for name in CONVERSIONS if "." in name}
    for name in dotted:
        assert callable(resolve_name(f"builtins:{name}" if hasattr(builtins, name.split(".")[0]) else name))
    short = {name for name in CONVERSIONS - dotted if not hasattr(builtins, name)}
    assert short <= {name.rpartition(".")[2] for name in dotted} | {types.SimpleNamespace.__name__}


def test_every_method_and_attribute_is_one_of_a_value_that_may_be_an_id() -> None:
    """Of texts, bytes, numbers, containers, UUIDs, times and digests."""
    moment = datetime.datetime(2024, 9, 13)
    values: list[object] = ["", b"", memoryview(b""), 1, [], {}, uuid.UUID(int=7), moment, moment - moment]
    values.append(hashlib.sha256())
    unknown = {name for name in METHODS | ATTRIBUTES if not any(hasattr(value, name) for value in values)}
    assert unknown == _OF_OTHER_PACKAGES
