"""A file is written whole or not at all, and without a secret."""

from __future__ import annotations

import json
import os
from enum import StrEnum
from pathlib import Path

import pytest

from id_isolation.reports.text import write_json, write_page

TOKEN = "tok.abcdefghijkl"


def test_a_page_is_written_without_secrets_and_surrogates(tmp_path: Path) -> None:
    """Everything else is as it was, in UTF-8."""
    write_page(tmp_path / "a.html", f"<p>é {TOKEN} \ud800</p>\n")
    assert (tmp_path / "a.html").read_text("utf-8") == "<p>é [token] ?</p>\n"
    assert os.listdir(tmp_path) == ["a.html"]


def test_data_is_written_as_plain_json(tmp_path: Path) -> None:
    """Enums by their values, keys and values without secrets, in ASCII."""

    class Colour(StrEnum):
        RED = "red"

    write_json(tmp_path / "a.json", {"colour": Colour.RED, TOKEN: [f"é {TOKEN}"], "pair": (1, None)})
    text = (tmp_path / "a.json").read_bytes()
    assert text.isascii()
    assert text.endswith(b"}\n")
    assert json.loads(text) == {"colour": "red", "[token]": ["é [token]"], "pair": [1, None]}


def test_a_file_that_cannot_be_replaced_is_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error comes out, and nothing is left beside it."""
    path = tmp_path / "a.html"
    write_page(path, "before")

    def refuse(source: Path, target: Path) -> None:
        assert Path(source).read_text() == "after"
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(PermissionError):
        write_page(path, "after")
    assert path.read_text() == "before"
    assert os.listdir(tmp_path) == ["a.html"]


def test_a_directory_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """It is not made."""
    with pytest.raises(FileNotFoundError):
        write_page(tmp_path / "gone" / "a.html", "x")
    assert os.listdir(tmp_path) == []
