"""A tree is scanned without importing it; what cannot be read is listed with its reason."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from id_isolation.scan import Options, production_mints, reading, scan_tree

from .trees import AUTH, write

_MINT = "import uuid\nsession_id = str(uuid.uuid4())\n"


def _reasons(root: Path, **options: object) -> dict[str, str]:
    result = scan_tree(root, options=Options(**options))  # type: ignore[arg-type]
    return {item.file: item.reason for item in result.unread}


def test_findings_carry_file_line_kind_and_code(tmp_path: Path) -> None:
    """Production and test code are told apart by path."""
    write(tmp_path, {"app/a.py": _MINT, "tests/test_a.py": _MINT})
    found = scan_tree(tmp_path).findings
    assert [(f.file, f.line, f.what, f.kind, f.code) for f in found] == [
        ("app/a.py", 2, "uuid.uuid4", "session", "production"),
        ("tests/test_a.py", 2, "uuid.uuid4", "session", "test"),
    ]
    assert found[0].source == "session_id = str(uuid.uuid4())"
    assert "generate_session_id" in found[0].replacement


def test_nothing_of_the_tree_is_run(tmp_path: Path) -> None:
    """A module that would leave a mark when imported leaves none."""
    mark = tmp_path / "mark"
    write(tmp_path, {"conftest.py": f"open({str(mark)!r}, 'w')\n" + _MINT, "__init__.py": "raise SystemExit(9)\n"})
    assert scan_tree(tmp_path).findings
    assert not mark.exists()


BROKEN: dict[str, tuple[bytes, str]] = {
    "syntax": (b"def broken(:\n", "syntax error at line 1"),
    "syntax-beside-a-mint": (_MINT.encode() + b"def broken(:\n", "syntax error at line 3"),
    "latin": (_MINT.encode() + b"x = '\xe9'\n", "not valid utf-8"),
    "unknown-encoding": (b"# coding: klingon\n" + _MINT.encode(), "klingon"),
    "no-text-encoding": (b"# coding: hex\n" + _MINT.encode(), "hex"),
    "mark-against-cookie": (b"\xef\xbb\xbf# coding: latin-1\n" + _MINT.encode(), "latin-1"),
    "deep": (b"x = " + b"(" * 900 + b")" * 900 + b"\n", "nested"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_source_that_does_not_parse_is_read_in_part(name: str, tmp_path: Path) -> None:
    """With the reason; what mints there is found all the same, and so is the good file beside it."""
    data, reason = BROKEN[name]
    write(tmp_path, {"bad.py": data, "good.py": _MINT})
    result = scan_tree(tmp_path, options=Options(whole=True))
    assert [item.file for item in result.partly] == ["bad.py"]
    assert reason in result.partly[0].reason
    assert result.unread == []
    wanted = ["bad.py"] * (_MINT.encode() in data)
    assert [f.file for f in result.findings] == [*wanted, "good.py"]
    assert [f.partly for f in result.findings] == [bool(wanted)] * len(wanted) + [False]


GOOD: dict[str, bytes] = {
    "mark": b"\xef\xbb\xbf" + _MINT.encode(),
    "latin-1": b"# -*- coding: latin-1 -*-\nx = '\xe9'\n" + _MINT.encode(),
    "second-line": b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '\x80'\n" + _MINT.encode(),
    "windows-lines": _MINT.replace("\n", "\r\n").encode(),
    "form-feed": b"x = 1\n\x0c\n" + _MINT.encode(),
    "no-last-newline": _MINT.rstrip().encode(),
    "unicode-separator": "x = '\u2028'\n".encode() + _MINT.encode(),
}


@pytest.mark.parametrize("name", GOOD)
def test_other_encodings_are_read(name: str, tmp_path: Path) -> None:
    """The encoding is the one that the source declares, and the line is Python's."""
    write(tmp_path, {"a.py": GOOD[name]})
    (finding,) = scan_tree(tmp_path).findings
    assert finding.source == "session_id = str(uuid.uuid4())"


def test_an_empty_file_and_an_empty_tree_are_clean(tmp_path: Path) -> None:
    """Nothing to find is no error."""
    write(tmp_path, {"empty.py": ""})
    result = scan_tree(tmp_path)
    assert (result.findings, result.unread, result.files) == ([], [], 1)


def test_a_file_above_the_limit_is_unread(tmp_path: Path) -> None:
    """A huge file is not read into memory."""
    write(tmp_path, {"huge.py": "#" * 5000})
    assert "5,000 bytes" in _reasons(tmp_path, largest=4999)["huge.py"]


def test_links_in_a_loop_are_unread(tmp_path: Path) -> None:
    """A directory link to its own parent, and a file link to itself, end in a reason."""
    write(tmp_path, {"app/a.py": _MINT})
    (tmp_path / "app" / "up").symlink_to(tmp_path)
    (tmp_path / "self.py").symlink_to(tmp_path / "self.py")
    reasons = _reasons(tmp_path)
    assert "contains it" in reasons["app/up"]
    assert "self.py" in reasons
    assert len(scan_tree(tmp_path).findings) == 1


def test_a_broken_link_is_unread(tmp_path: Path) -> None:
    """A link to nothing is listed."""
    (tmp_path / "gone.py").symlink_to(tmp_path / "nowhere.py")
    assert "vanished" in _reasons(tmp_path)["gone.py"]


def test_a_link_to_a_directory_elsewhere_is_followed_once(tmp_path: Path) -> None:
    """Code outside the tree that a link brings in is judged, once for two links."""
    write(tmp_path, {"outside/a.py": _MINT, "tree/b.py": "x = 1\n"})
    for name in ("one", "two"):
        (tmp_path / "tree" / name).symlink_to(tmp_path / "outside")
    assert [f.file for f in scan_tree(tmp_path / "tree").findings] == ["one/a.py"]


def test_a_forbidden_file_is_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Permission denied is a reason (simulated: tests may run as root)."""
    write(tmp_path, {"secret.py": _MINT, "a.py": _MINT})
    real = os.open

    def refuse(path: str, flags: int, *rest: int) -> int:
        if str(path).endswith("secret.py"):
            raise PermissionError(13, "Permission denied")
        return real(path, flags, *rest)

    monkeypatch.setattr(reading.os, "open", refuse)
    assert _reasons(tmp_path) == {"secret.py": "permission denied"}


def test_a_vanishing_file_is_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that goes between the walk and the reading is listed."""
    write(tmp_path, {"short_lived.py": _MINT})
    real = os.open

    def late(path: str, flags: int, *rest: int) -> int:
        if str(path).endswith("short_lived.py"):
            os.unlink(path)
        return real(path, flags, *rest)

    monkeypatch.setattr(reading.os, "open", late)
    assert "vanished" in _reasons(tmp_path)["short_lived.py"]


def test_a_pipe_named_like_a_source_does_not_hang(tmp_path: Path) -> None:
    """What is no regular file is listed."""
    os.mkfifo(tmp_path / "pipe.py")
    assert "regular file" in _reasons(tmp_path)["pipe.py"]


def test_a_forbidden_directory_is_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory that cannot be listed is named."""
    write(tmp_path, {"closed/a.py": _MINT})
    real = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert _reasons(tmp_path) == {"closed": "permission denied"}


def test_left_out_directories_are_named(tmp_path: Path) -> None:
    """Virtual environments and caches are not scanned, and said to be left out."""
    write(tmp_path, {".venv/pyvenv.cfg": "", ".venv/a.py": _MINT, "node_modules/b.py": _MINT, "env/c.py": _MINT})
    result = scan_tree(tmp_path)
    assert sorted(result.left_out) == [".venv", "node_modules"]
    assert [f.file for f in result.findings] == ["env/c.py"]


def test_the_generator_itself_and_approved_files_are_not_reported(tmp_path: Path) -> None:
    """Its package, and what `approve` names, may mint; calls of it count for compliance."""
    call = "from shared.id_generation import UnifiedIdGenerator\nx = UnifiedIdGenerator.generate_session_id(u, 'a')\n"
    write(tmp_path, {"shared/id_generation/gen.py": _MINT, "lib/ids.py": _MINT, "app.py": call + _MINT})
    result = scan_tree(tmp_path, options=Options(approve=("lib/*",)))
    assert [f.file for f in result.findings] == ["app.py"]
    assert result.total == (1, 1)


def test_a_re_export_of_another_module_is_followed(tmp_path: Path) -> None:
    """`uuid4` from the tree's own module is the standard one where that module passes it on, by name or by star."""
    use = "session_id = uuid4()\n"
    files: dict[str, str | bytes] = {
        "app/compat.py": "from uuid import uuid4\n",
        "app/all.py": "from .compat import *\nfrom uuid import *\n",
        "app/a.py": "from app.compat import uuid4\n" + use,
        "app/b.py": "from .compat import uuid4\n" + use,
        "app/c.py": "from .all import *\n" + use,
        "app/d.py": "from other.lib import uuid4\n" + use,
    }
    found = scan_tree(write(tmp_path, files)).findings
    assert [(f.file, f.what) for f in found] == [(f"app/{n}.py", "uuid.uuid4") for n in "abc"]


def test_filters_narrow_the_findings(tmp_path: Path) -> None:
    """`only` names functions, `kinds` kinds of ID; the compliance count stays whole."""
    write(tmp_path, {"a.py": _MINT + "import secrets\nrun_id = secrets.token_hex(8)\nx_id = uuid.uuid4()\n"})
    assert len(scan_tree(tmp_path).findings) == 3
    assert len(scan_tree(tmp_path, options=Options(only=("uuid.uuid4",))).findings) == 2
    narrow = scan_tree(tmp_path, options=Options(kinds=("run",)))
    assert [f.what for f in narrow.findings] == ["secrets.token_hex"]
    assert narrow.total.raw == 3


def test_suppressions_need_a_reason_and_are_counted(tmp_path: Path) -> None:
    """With a reason a mint moves to the suppressed ones; without, it stays and says why."""
    text = (
        "import uuid\n"
        "a_id = uuid.uuid4()  # id-isolation: allow - a database key that nobody sees\n"
        "# id-isolation: allow: legacy export\n"
        "b_id = uuid.uuid4()\n"
        "c_id = uuid.uuid4()  # id-isolation: allow\n"
    )
    result = scan_tree(write(tmp_path, {"a.py": text}))
    assert [(f.line, f.suppressed) for f in result.suppressed] == [
        (2, "a database key that nobody sees"),
        (4, "legacy export"),
    ]
    assert [f.line for f in result.findings] == [5]
    assert "without a reason" in result.findings[0].note


def test_one_file_may_be_scanned(tmp_path: Path) -> None:
    """A path to a file gives that file's findings."""
    write(tmp_path, {"a.py": _MINT, "b.py": _MINT})
    assert [f.file for f in scan_tree(tmp_path / "b.py").findings] == ["b.py"]


def test_a_path_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """It is no empty tree."""
    with pytest.raises(FileNotFoundError):
        scan_tree(tmp_path / "nowhere")


def test_production_mints_list_the_plan_files_first(tmp_path: Path) -> None:
    """Then the others; test code is left out."""
    write(tmp_path, {"a.py": _MINT, AUTH: _MINT, "tests/test_x.py": _MINT})
    assert [f.file for f in production_mints(scan_tree(tmp_path))] == [AUTH, "a.py"]


def test_two_processes_find_what_one_finds(tmp_path: Path) -> None:
    """The same findings in the same order, with the cut sources of large trees too."""
    write(tmp_path, {f"pkg{n % 7}/m{n}.py": _MINT + f"x{n} = {n}\n" for n in range(300)})
    one = scan_tree(tmp_path, options=Options(processes=1)).findings
    two = scan_tree(tmp_path, options=Options(processes=2)).findings
    cut = scan_tree(tmp_path, options=Options(processes=3, whole=True)).findings
    assert one == two == cut
    assert len(one) == 300
