"""A value is traced back to every minting call and generator call it may come from."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from id_isolation.scan.places.frames import Frame
from id_isolation.scan.places.trace import Source, Tracer
from id_isolation.scan.places.universe import Universe

from ..trees import write

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
