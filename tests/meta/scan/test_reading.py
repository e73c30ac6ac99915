"""Files are found, read, and decoded, or the reason is said."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

import pytest

from id_isolation.scan.reading import Unreadable, decode, encoding_of, is_test, os_reason, read_bytes, read_source, walk

from .trees import write


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"x = 1\n", "utf-8"),
        (b"", "utf-8"),
        (b"# coding: latin-1\n", "iso8859-1"),
        (b"#!/bin/python\n# -*- coding: cp1252 -*-\n", "cp1252"),
        (b"\n# coding=latin-1\n", "iso8859-1"),
        (b"#!/bin/python\r\n# coding: latin-1\r\n", "iso8859-1"),
        (b"\n\n# coding: latin-1\n", "utf-8"),
        (b"x = 1\n# coding: latin-1\n", "utf-8"),
        (b"x = 'coding: latin-1'\n", "utf-8"),
        (codecs.BOM_UTF8 + b"x = 1\n", "utf-8-sig"),
        (codecs.BOM_UTF8 + b"# coding: utf8\n", "utf-8-sig"),
    ],
)
def test_the_encoding_is_declared_in_a_comment_of_the_first_two_lines(data: bytes, encoding: str) -> None:
    """The second only after a blank line or a comment; a mark at the start says UTF-8."""
    assert encoding_of(data) == encoding


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"# coding: klingon\n", "does not know: klingon"),
        (codecs.BOM_UTF8 + b"# coding: latin-1\n", "UTF-8 mark but declares the encoding latin-1"),
        ("x".encode("utf-16-le").join([codecs.BOM_UTF16_LE, b""]), "UTF-16"),
        (codecs.BOM_UTF16_BE + b"\0x", "UTF-16"),
        (b"x = 1\0", "NUL bytes"),
        (b"x = '\xe9'\n", "not valid utf-8: "),
        (codecs.BOM_UTF8 + b"\xe9", "not valid utf-8: "),
    ],
)
def test_what_python_would_refuse_is_unreadable_with_the_reason(data: bytes, words: str) -> None:
    """In the words of a report."""
    with pytest.raises(Unreadable, match=words):
        decode(data)


def test_the_mark_is_no_part_of_the_text() -> None:
    """And other encodings give their characters."""
    assert decode(codecs.BOM_UTF8 + "é".encode()) == "é"
    assert decode(b"# coding: latin-1\n\xe9") == "# coding: latin-1\n\u00e9"


def test_a_file_of_the_largest_size_is_read_and_one_byte_more_is_not(tmp_path: Path) -> None:
    """The sentence has both numbers."""
    file = tmp_path / "a.py"
    file.write_bytes(b"#" * 1234)
    assert read_bytes(file, 1234) == b"#" * 1234
    with pytest.raises(Unreadable, match="it has 1,234 bytes, more than the 1,233 that are read"):
        read_bytes(file, 1233)


def test_an_empty_file_is_read(tmp_path: Path) -> None:
    """As nothing."""
    (tmp_path / "a.py").touch()
    assert read_source(tmp_path / "a.py") == ""


def test_a_file_that_grows_while_it_is_read_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A little more is taken along, too much is refused."""
    file = tmp_path / "a.py"
    file.write_bytes(b"#" * 10)
    more = [b"#" * 15, b"#" * 20, b""]
    with monkeypatch.context() as patched:
        patched.setattr(os, "read", lambda handle, count: more.pop(0))
        assert len(read_bytes(file, 35)) == 35
    more = [b"#" * 15, b"#" * 21, b""]
    with monkeypatch.context() as patched:
        patched.setattr(os, "read", lambda handle, count: more.pop(0))
        with pytest.raises(Unreadable, match="grew beyond the 35 bytes"):
            read_bytes(file, 35)


def test_a_directory_and_a_missing_file_are_unreadable(tmp_path: Path) -> None:
    """Each with its own reason."""
    with pytest.raises(Unreadable, match="no regular file"):
        read_bytes(tmp_path)
    with pytest.raises(Unreadable, match="vanished"):
        read_bytes(tmp_path / "a.py")


def test_the_systems_refusal_is_given_in_plain_words() -> None:
    """The two common ones in the suite's own, others in the system's."""
    assert os_reason(FileNotFoundError(2, "No such file")) == "it vanished before it could be read"
    assert os_reason(PermissionError(13, "Permission denied")) == "permission denied"
    assert os_reason(OSError(40, "Too many levels of symbolic links")) == "too many levels of symbolic links"
    assert os_reason(OSError("Odd")) == "odd"


def _names(root: Path) -> list[str]:
    return [file.name for file in walk(str(root)).files]


def test_only_python_sources_are_listed_in_the_order_of_their_names(tmp_path: Path) -> None:
    """With forward slashes, and with their sizes."""
    write(tmp_path, {"b.py": "xy", "a/z.pyw": "", "a.py": "", "a/b.pyc": "", "c.txt": "", "py": "", "d.PY": ""})
    found = walk(str(tmp_path))
    assert [file.name for file in found.files] == ["a.py", "a/z.pyw", "b.py"]
    assert (found.unread, found.left_out) == ([], [])


_LEFT_OUT = ".git .hg .svn __pycache__ node_modules .mypy_cache .ruff_cache .pytest_cache .tox .nox"


@pytest.mark.parametrize("name", _LEFT_OUT.split())
def test_caches_and_version_control_are_left_out_and_named(name: str, tmp_path: Path) -> None:
    """At any depth; a file of that name is no directory."""
    write(tmp_path, {f"app/{name}/a.py": "", f"app/x{name}/b.py": ""})
    found = walk(str(tmp_path))
    assert [file.name for file in found.files] == [f"app/x{name}/b.py"]
    assert found.left_out == [f"app/{name}"]


def test_a_virtual_environment_is_known_by_its_mark(tmp_path: Path) -> None:
    """A package that is merely called `env` is judged."""
    write(tmp_path, {"venv/pyvenv.cfg": "", "venv/a.py": "", "env/b.py": "", "other/pyvenv.cfg": "", "other/c.py": ""})
    found = walk(str(tmp_path))
    assert [file.name for file in found.files] == ["env/b.py", "other/c.py"]
    assert found.left_out == ["venv"]


def test_a_directory_called_like_a_source_is_looked_into(tmp_path: Path) -> None:
    """It is no source itself."""
    write(tmp_path, {"odd.py/a.py": ""})
    assert _names(tmp_path) == ["odd.py/a.py"]


def test_a_linked_file_is_listed_under_its_own_name(tmp_path: Path) -> None:
    """Both names are sources of the tree."""
    write(tmp_path, {"a.py": "x"})
    (tmp_path / "b.py").symlink_to(tmp_path / "a.py")
    assert _names(tmp_path) == ["a.py", "b.py"]


def test_a_link_inside_the_tree_is_not_judged_twice_and_is_no_loop(tmp_path: Path) -> None:
    """The directory's own place counts."""
    write(tmp_path, {"app/a.py": ""})
    (tmp_path / "again").symlink_to(tmp_path / "app")
    found = walk(str(tmp_path))
    assert [file.name for file in found.files] == ["app/a.py"]
    assert found.unread == []


def test_a_link_to_a_directory_around_it_is_reported_as_a_loop(tmp_path: Path) -> None:
    """To its own directory and to one further up."""
    write(tmp_path, {"app/sub/a.py": ""})
    (tmp_path / "app" / "sub" / "here").symlink_to(tmp_path / "app" / "sub")
    (tmp_path / "app" / "sub" / "up").symlink_to(tmp_path / "app")
    found = walk(str(tmp_path))
    assert [(item.file, "contains it" in item.reason) for item in found.unread] == [
        ("app/sub/here", True),
        ("app/sub/up", True),
    ]


def test_a_broken_link_to_no_source_is_nothing(tmp_path: Path) -> None:
    """It could only be a source or a directory by its name."""
    (tmp_path / "notes").symlink_to(tmp_path / "nowhere")
    assert walk(str(tmp_path)).unread == []


def test_a_root_that_is_not_there_is_unread(tmp_path: Path) -> None:
    """Under the name of the root itself."""
    found = walk(str(tmp_path / "nowhere"))
    assert [(item.file, item.reason) for item in found.unread] == [(".", "it vanished before it could be read")]


@pytest.mark.parametrize(
    "name",
    [
        "tests/a.py",
        "app/test/a.py",
        "app/testing/a.py",
        "app/test_unit/a.py",
        "e2e/a.py",
        "app/conftest.py",
        "app/test_a.py",
        "app/a_test.py",
        "app/a_tests.py",
        "app/fixtures/a.py",
        "app/mocks/a.py",
        "mock/a.py",
        "benchmarks/a.py",
    ],
)
def test_a_test_file_or_anything_below_a_test_directory_is_test_code(name: str) -> None:
    """By the file's own name or by a directory's."""
    assert is_test(name)


@pytest.mark.parametrize(
    "name",
    ["app/contest.py", "latest/a.py", "app/testimony.py", "app/attestation/a.py", "app/tester.py", "mocking/a.py"],
)
def test_a_word_that_only_holds_test_is_production(name: str) -> None:
    """A whole part of the path has to say it."""
    assert not is_test(name)
