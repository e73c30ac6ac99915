"""The minting places of one source: found, counted, told apart from what mints nothing."""

from __future__ import annotations

import pytest

from id_isolation.scan.detect import Detector, is_annotation, is_patch, is_used, makes_characters
from id_isolation.scan.imports import NO_VIEW
from id_isolation.scan.mints import judge_source

from .parsed import known, node, scan_source

_HEAD = "import uuid, random, secrets, time\nfrom uuid import uuid4\n"


def _detector(
    text: str,
    head: str = _HEAD,
) -> Detector:
    source = known(head + text)
    return Detector(source.module, source.resolver, NO_VIEW)


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
    assert source_found == []


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


def test_a_mint_says_where_and_what_it_is() -> None:
    """Line, column in characters, kind, name, definition and the source line."""
    text = "import uuid\nclass C:\n    def log_in(self, user_id):\n        é = 1; session_id = uuid.uuid4()\n"
    (mint,) = scan_source(text, "app/a.py")
    assert (mint.line, mint.column, mint.what, mint.kind) == (4, 28, "uuid.uuid4", "session")
    assert (mint.target, mint.near, mint.function) == ("session_id", "session_id", "C.log_in")
    assert mint.source == "é = 1; session_id = uuid.uuid4()"
    assert mint.replacement == 'UnifiedIdGenerator.generate_session_id(user_id, "log_in")'


def test_a_suppression_without_a_reason_is_a_note_and_no_suppression() -> None:
    """Beside the note that was there anyway."""
    (mint,) = scan_source("import uuid\nsession_id = uuid.uuid4()  # id-isolation: allow\n", "a.py")
    assert mint.suppressed == ""
    assert mint.note.startswith("no user is in scope")
    assert mint.note.endswith("; a suppression without a reason does not count")


def test_a_suppression_with_a_reason_carries_it() -> None:
    """And leaves no note of its own."""
    (mint,) = scan_source("import uuid\na_id = uuid.uuid4()  # id-isolation: allow - why\n", "a.py")
    assert (mint.suppressed, mint.note) == ("why", "")


def test_lines_are_shown_from_the_whole_text_where_a_part_was_parsed() -> None:
    """The reduced form has the same line numbers."""
    whole = "import uuid\nsession_id = uuid.uuid4()  # the log-in's\n"
    result = judge_source("import uuid\nsession_id = uuid.uuid4()\n", "a.py", lines=whole)
    assert result.mints[0].source == "session_id = uuid.uuid4()  # the log-in's"


def test_calls_of_the_generator_are_counted() -> None:
    """They are no mints."""
    text = "from shared.id_generation import UnifiedIdGenerator as G\na = G.generate_base_id()\n"
    result = judge_source(text, "a.py")
    assert (result.approved, result.mints) == (1, [])


def test_a_source_that_does_not_parse_is_an_error() -> None:
    """The caller says of which file."""
    with pytest.raises(SyntaxError):
        scan_source("def (:\n", "a.py")


_HEAD_context = "import uuid\nfrom unittest import mock\n"


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("f(uuid.uuid4)", True),
        ("x = uuid.uuid4", True),
        ("x = [uuid.uuid4]", True),
        ("x = {'a': uuid.uuid4}", True),
        ("f(key=uuid.uuid4)", True),
        ("def f():\n    return uuid.uuid4", True),
        ("x = uuid.uuid4 if c else d", True),
        ("x = d[uuid.uuid4]", False),
        ("x = {uuid.uuid4: 1}", False),
        ("x = 1 if uuid.uuid4 else 2", False),
        ("x = uuid.uuid4 is y", False),
        ("x = y in (uuid.uuid4, z)", False),
        ("x = uuid.uuid4.__doc__", False),
        ("callable(uuid.uuid4)", False),
        ("inspect.getsource(uuid.uuid4)", False),
        ("x = f'{uuid.uuid4}'", False),
        ("x = not uuid.uuid4", False),
        ("assert uuid.uuid4", False),
        ("uuid.uuid4", False),
    ],
)
def test_a_reference_is_used_where_somebody_may_call_it_later(text: str, used: bool) -> None:
    """Handed on, stored or returned; not where it is compared, tested, shown or looked at."""
    source = known(_HEAD_context + text)
    assert is_used(source.module, node(source, "uuid.uuid4")) is used


@pytest.mark.parametrize(
    ("text", "annotation"),
    [
        ("x: uuid.uuid4 = 1", True),
        ("x: list[uuid.uuid4] = 1", True),
        ("def f(a: uuid.uuid4): ...", True),
        ("def f() -> uuid.uuid4: ...", True),
        ("x: Annotated[str, Field(default_factory=uuid.uuid4)] = 1", False),
        ("x: str = uuid.uuid4", False),
        ("def f(a=uuid.uuid4): ...", False),
    ],
)
def test_an_annotation_is_no_use_but_a_call_inside_it_is(text: str, annotation: bool) -> None:
    """A factory in an annotation makes IDs."""
    source = known(_HEAD_context + text)
    assert is_annotation(source.module, node(source, "uuid.uuid4"), False) is annotation


def test_a_mint_that_is_itself_called_in_an_annotation_is_part_of_it() -> None:
    """One that is called inside another call there is not."""
    source = known(_HEAD_context + "x: uuid.uuid4() = 1\ny: Annotated[str, F(uuid.uuid4())] = 1\n")
    assert is_annotation(source.module, node(source, "uuid.uuid4", 0), True)
    assert not is_annotation(source.module, node(source, "uuid.uuid4", 1), True)


@pytest.mark.parametrize(
    ("text", "patch"),
    [
        ("uuid.uuid1 = keep(uuid.uuid4)", False),
        ("uuid.uuid1 = uuid.uuid4", True),
        ("x.y = uuid.uuid4", False),
        ("x = uuid.uuid4", False),
        ("mock.patch.object(uuid, 'uuid1', uuid.uuid4)", True),
        ("mock.patch('a.b', new=uuid.uuid4)", True),
        ("monkeypatch.setattr(a, 'b', uuid.uuid4)", True),
        ("setattr(a, 'b', uuid.uuid4)", True),
        ("field(default_factory=uuid.uuid4)", False),
        ("a.object(uuid.uuid4)", False),
        ("mock.patch.object(a, 'b', lambda: uuid.uuid4)", False),
    ],
)
def test_a_replacement_of_a_minting_function_is_a_patch(text: str, patch: bool) -> None:
    """By assignment to its name or by a patching helper; a factory's keyword is none."""
    source = known(_HEAD_context + text)
    assert is_patch(source.module, source.resolver, node(source, "uuid.uuid4")) is patch


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
