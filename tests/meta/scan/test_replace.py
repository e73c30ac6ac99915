"""What is certain is replaced, as a diff that git takes; for the rest the reason is said."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

from id_isolation.embedded import compose
from id_isolation.scan import production_mints, scan_tree
from id_isolation.scan.places import find_places, judge_generator_call
from id_isolation.scan.replace import Edit, edited, replacements, unified_diff

from .trees import auth, dispatcher, plan_tree, websocket, write

GENERATOR = "shared/id_generation/unified_id_generator.py"
CLASS = "class UnifiedIdGenerator:\n    pass\n"


def _apply(root: Path, diff: str) -> None:
    """Apply a diff as a user does."""
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    subprocess.run(["git", "apply"], cwd=root, input=diff.encode(), check=True)


def _replaced(root: Path, text: str, name: str = "app.py") -> tuple[str, list[str]]:
    """The file's text after the certain replacements, and the reasons for the others."""
    write(root, {name: text, GENERATOR: CLASS})
    edits, left = replacements(root, scan_tree(root).findings)
    if edits:
        _apply(root, unified_diff(root, edits))
    after = (root / name).read_text()
    ast.parse(after)
    return after, [item.reason for item in left]


def test_the_legacy_tree_is_mended_by_its_own_diff(tmp_path: Path) -> None:
    """Every place is as the plan says afterwards, and nothing else mints."""
    root = compose.write("legacy", tmp_path)
    edits, left = replacements(root, scan_tree(root).findings)
    assert left == []
    _apply(root, unified_diff(root, edits))
    reports = find_places(root)
    assert [problem for report in reports for problem in judge_generator_call(report)] == []
    assert [report.raw_mints for report in reports] == [(), (), ()]
    assert production_mints(scan_tree(root)) == []
    for path in root.rglob("*.py"):
        ast.parse(path.read_text())


@pytest.mark.parametrize(
    ("phase", "module"),
    [
        ("auth", auth("store[token] = {'session_id': f'sess_{uuid.uuid4().hex[:8]}'}", "import uuid")),
        (
            "dispatcher",
            dispatcher(
                "context = UserExecutionContext.from_request_supervisor(user_id=f'u_{uuid.uuid4()}',\n"
                "    thread_id=f't_{uuid.uuid4()}', run_id=f'r_{uuid.uuid4()}', request_id=f'q_{uuid.uuid4()}',\n"
                "    metadata={'a': 1})",
                "import uuid",
            ),
        ),
        (
            "websocket",
            websocket("connection_id = uuid.uuid4().hex\nawait go(connection_id=connection_id)", "import uuid"),
        ),
    ],
)
def test_a_place_is_mended_however_it_is_written(phase: str, module: str, tmp_path: Path) -> None:
    """Whole values, keys, and keywords of the context's call."""
    root = plan_tree(tmp_path, **{phase: module, GENERATOR: CLASS})
    edits, left = replacements(root, scan_tree(root).findings)
    assert left == []
    _apply(root, unified_diff(root, edits))
    report = next(report for report in find_places(root) if report.phase == phase)
    assert report.raw_mints == ()
    assert judge_generator_call(report) == ()


def test_a_place_whose_parts_lie_apart_is_left_with_the_reason(tmp_path: Path) -> None:
    """Nothing is half done."""
    head = "import uuid\ndef new(): return str(uuid.uuid4())\n"
    root = plan_tree(tmp_path, websocket=websocket("if a:\n    connection_id = new()", head), **{GENERATOR: CLASS})
    edits, left = replacements(root, scan_tree(root).findings)
    assert edits == []
    assert [item.reason for item in left] == ["new has no websocket by which the user is known"]


CERTAIN = [
    ("session_id = str(uuid.uuid4())", 'session_id = UnifiedIdGenerator.generate_session_id(user_id, "f")'),
    ("session_id = uuid.uuid4().hex[:8]", 'session_id = UnifiedIdGenerator.generate_session_id(user_id, "f")'),
    (
        "go(connection_id=f'c_{uuid.uuid4()}')",
        "go(connection_id=UnifiedIdGenerator.generate_websocket_connection_id(user_id))",
    ),
    (
        "a = {'message_id': uuid.uuid4().hex}",
        "a = {'message_id': UnifiedIdGenerator.generate_message_id(\"f\", user_id)}",
    ),
]


@pytest.mark.parametrize(("before", "after"), CERTAIN)
def test_a_text_of_known_kind_with_its_user_at_hand_is_replaced(before: str, after: str, tmp_path: Path) -> None:
    """With the import that it needs, below those that are there."""
    text, left = _replaced(
        tmp_path, f'"""é"""\nimport uuid\n\n\ndef f(user_id):\n    é = "é"; {before}\n    return 1\n'
    )
    assert left == []
    assert text == (
        '"""é"""\nimport uuid\nfrom shared.id_generation.unified_id_generator import UnifiedIdGenerator\n'
        f'\n\ndef f(user_id):\n    é = "é"; {after}\n    return 1\n'
    )


UNCERTAIN = {
    "session_id = str(uuid.uuid4())": "the function has no parameter user_id: pass the user in",
    "thing = str(uuid.uuid4())": "its kind is not known",
    "run_id = str(uuid.uuid4())": "thread, run and request of one context come from one call",
    "user_id = str(uuid.uuid4())": "a user ID names no user yet",
}


@pytest.mark.parametrize("line", UNCERTAIN)
def test_what_is_missing_is_said(line: str, tmp_path: Path) -> None:
    """The file stays as it was."""
    before = f"import uuid\ndef go(who):\n    {line}\n"
    text, (reason,) = _replaced(tmp_path, before)
    assert text == before
    assert reason.startswith(UNCERTAIN[line])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("session_id = uuid.uuid4()", "it gives an object"),
        ("session_id = 'a' + str(uuid.uuid4())", "it is a part of another value"),
    ],
)
def test_another_type_or_a_part_is_not_replaced(line: str, reason: str, tmp_path: Path) -> None:
    """Even where kind and user are known."""
    _, (said,) = _replaced(tmp_path, f"import uuid\ndef go(user_id):\n    {line}\n")
    assert said.startswith(reason)


def test_test_code_and_names_of_other_modules_are_left(tmp_path: Path) -> None:
    """The first is free to mint, the second cannot be told from the line."""
    body = "def f(user_id):\n    session_id = str(fresh())\n"
    files = {"ids.py": "from uuid import uuid4 as fresh\n", "app.py": "from ids import fresh\n" + body}
    root = write(tmp_path, {**files, "tests/test_a.py": "from uuid import uuid4 as fresh\n" + body})
    edits, left = replacements(root, scan_tree(root).findings)
    assert edits == []
    assert [(item.file, item.reason.split(",")[0]) for item in left] == [
        ("app.py", "the function comes by another module of the tree"),
        ("tests/test_a.py", "it is test code"),
    ]


def test_edits_of_one_text_do_not_disturb_each_other() -> None:
    """They are made from the end on, and one that is given twice once."""
    edits = [Edit("a", (1, 0), (1, 1), "xx"), Edit("a", (2, 1), (2, 1), "!"), Edit("a", (1, 0), (1, 1), "xx")]
    assert edited("ab\ncd\n", edits) == "xxb\nc!d\n"


def test_a_file_without_a_last_line_end_keeps_that(tmp_path: Path) -> None:
    """Git takes the diff all the same."""
    text, _ = _replaced(tmp_path, "import uuid\ndef f(user_id):\n    session_id = str(uuid.uuid4())")
    assert text.endswith('generate_session_id(user_id, "f")')


def test_windows_line_ends_stay(tmp_path: Path) -> None:
    """The new lines have them too."""
    write(
        tmp_path,
        {"app.py": b"import uuid\r\ndef f(user_id):\r\n    session_id = str(uuid.uuid4())\r\n", GENERATOR: CLASS},
    )
    edits, _ = replacements(tmp_path, scan_tree(tmp_path).findings)
    _apply(tmp_path, unified_diff(tmp_path, edits))
    after = (tmp_path / "app.py").read_bytes()
    assert after.count(b"\r\n") == after.count(b"\n") == 4
