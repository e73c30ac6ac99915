"""One source gives its mints, the names it passes on, and its calls of the generator."""

from __future__ import annotations

import pytest

from id_isolation.scan.mints.source import dotted, judge_source, scan_source


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("app/ids.py", "app.ids"),
        ("app\\ids.py", "app.ids"),
        ("app/ids/__init__.py", "app.ids"),
        ("/app/ids.py", "app.ids"),
        ("ids.py", "ids"),
    ],
)
def test_a_path_gives_the_dotted_name(path: str, name: str) -> None:
    """On any system; a package's `__init__` is the package."""
    assert dotted(path) == name


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


def test_names_for_uuid_functions_are_passed_on_and_others_are_not() -> None:
    """Modules, functions, aliases, what may be one, and stars by number."""
    text = (
        "import uuid as u\nfrom uuid import uuid4 as mint, uuid5\nfrom .compat import uuid1\nimport os\n"
        "again = mint\nfrom .a import *\nfrom .b import *\n"
    )
    assert judge_source(text, "app/x.py").exports == {
        "u": "uuid",
        "mint": "uuid.uuid4",
        "uuid1": "app.compat.uuid1",
        "again": "uuid.uuid4",
        "*0": "app.a",
        "*1": "app.b",
    }


def test_a_mint_through_another_module_waits_for_that_module() -> None:
    """It is pending under the dotted name, relative to a package's own `__init__` too."""
    use = "from .compat import uuid4\nx_id = uuid4()\n"
    inside = judge_source(use, "app/__init__.py")
    assert (inside.mints, [name for name, _ in inside.pending]) == ([], ["app.compat.uuid4"])
    deeper = judge_source(use, "app/sub/x.py")
    assert [name for name, _ in deeper.pending] == ["app.sub.compat.uuid4"]


def test_lines_are_shown_from_the_whole_text_where_a_part_was_parsed() -> None:
    """The reduced form has the same line numbers."""
    whole = "import uuid\nsession_id = uuid.uuid4()  # the log-in's\n"
    result = judge_source("import uuid\nsession_id = uuid.uuid4()\n", "a.py", whole)
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
