"""A module's minting places are found where they are used, once each, and calls of the generator are counted."""

from __future__ import annotations

import pytest

from id_isolation.scan.mints.detect import Detector

from ..parsed import known

_HEAD = "import uuid, random, secrets, time\nfrom uuid import uuid4\n"


def _detector(text: str, head: str = _HEAD, aliases: frozenset[str] = frozenset()) -> Detector:
    source = known(head + text)
    return Detector(source.module, source.resolver, aliases)


def _found(text: str, **options: object) -> list[tuple[int, str]]:
    """(line below the head, function) for each mint."""
    spotted = _detector(text, **options).run()  # type: ignore[arg-type]
    return [(item.node.lineno - 2, item.what) for item in spotted]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text",
    [
        "uuid.uuid4()",
        "x = uuid4()",
        "x = Field(default_factory=uuid.uuid4)",
        "x = getattr(uuid, 'uuid4')()",
        "x = vars(uuid)['uuid4']()",
        "def f(g=uuid4): ...",
        "items.sort(key=uuid4)",
        "x: str = uuid4()",
    ],
)
def test_a_uuid_is_a_mint_whatever_becomes_of_it(text: str) -> None:
    """Called, handed on, or named by a text."""
    assert _found(text) == [(1, "uuid.uuid4")]


@pytest.mark.parametrize(
    "text",
    [
        "x = uuid.uuid5(a, b)",
        "if uuid4: pass",
        "print(type(uuid4))",
        "x = f is uuid.uuid4",
        "uuid.uuid4 = fake",
        "patch.object(uuid, 'uuid4', uuid.uuid4)",
        "x: uuid4",
        "def f() -> uuid.uuid4: ...",
        "x = uuid.uuid4.__name__",
        "x = other.uuid4",
        "class UnifiedIdGenerator:\n    x = uuid4()",
    ],
)
def test_naming_a_uuid_function_without_using_it_mints_nothing(text: str) -> None:
    """Comparisons, patches, annotations, tests, foreign members, and the generator's own class."""
    source_found = _detector(text).run()
    assert [item for item in source_found if not item.pending] == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a_id = secrets.token_hex(8)", 1),
        ("delay = secrets.token_hex(8)", 0),
        ("a_id = time.time()", 1),
        ("began = time.time()", 0),
        ("a_id = time.time() - began", 0),
        ("a_id = random.choice('abc')", 1),
        ("a_id = random.choice(users)", 0),
        ("a_id = random.choices(range(9), k=4)", 1),
    ],
)
def test_chance_and_clocks_count_only_where_an_id_comes_of_them(text: str, count: int) -> None:
    """A choice among things that are there already makes nothing new."""
    assert len(_found(text)) == count


def test_an_alias_is_reported_where_it_is_used_and_else_where_it_is_bound() -> None:
    """Never at both."""
    assert _found("mint = uuid4\nx = mint()\ny = mint()\n") == [(2, "uuid.uuid4"), (3, "uuid.uuid4")]
    assert _found("mint = uuid4\n") == [(1, "uuid.uuid4")]
    assert _found("mint = uuid4 if c else uuid.uuid1\nx = mint()\n") == [(2, "uuid.uuid4")]


def test_mints_are_listed_in_the_order_of_the_source() -> None:
    """Whatever way they are named."""
    text = "x = vars(uuid)['uuid4']()\ny = getattr(uuid, 'uuid1')()\nz = uuid4(), uuid.uuid1()\n"
    assert _found(text) == [(1, "uuid.uuid4"), (2, "uuid.uuid1"), (3, "uuid.uuid4"), (3, "uuid.uuid1")]


def test_a_name_that_another_module_may_pass_on_is_pending() -> None:
    """With the dotted name to look up; a member of the module's own class is none."""
    (item,) = _detector("from app.compat import uuid4 as mint\nx = mint()\n", "\n\n").run()
    assert item.pending == "app.compat.uuid4"
    assert _detector("class C:\n    def uuid4(self): ...\nx = C().uuid4()\n", "\n\n").run() == []


def test_an_alias_of_the_trees_own_is_looked_for_when_it_is_known() -> None:
    """And not before."""
    text = "from app.compat import fresh\nx = fresh()\n"
    assert _detector(text, "\n\n").run() == []
    (item,) = _detector(text, "\n\n", frozenset(["fresh"])).run()
    assert item.pending == "app.compat.fresh"


def test_calls_of_the_generator_are_counted_and_its_own_are_not() -> None:
    """By class or by package; a parse is no mint, another class's method is not approved."""
    text = """
from shared.id_generation import UnifiedIdGenerator as G
from shared.id_generation.unified_id_generator import generate_base_id
a = G.generate_session_id(u)
b = generate_base_id()
c = G.parse_id(a)
d = Other.generate_session_id(u)
"""
    detector = _detector(text)
    detector.run()
    assert detector.approved_calls == 2
    own = _detector(
        "from shared.id_generation import UnifiedIdGenerator\n"
        "class UnifiedIdGenerator:\n    def f(): UnifiedIdGenerator.generate_base_id()\n"
    )
    own.run()
    assert own.approved_calls == 0
