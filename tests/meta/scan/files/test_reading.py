"""A source is read as Python reads it, or not at all and with the reason."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

import pytest

from id_isolation.scan.files.reading import Unreadable, decode, encoding_of, os_reason, read_bytes, read_source


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
