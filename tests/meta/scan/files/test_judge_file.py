"""One file's bytes become a result that can be kept: clean, unread, or what was found."""

from __future__ import annotations

import json
import sys

import pytest

from id_isolation.scan.files.judge_file import (
    CLEAN,
    CLEAN_BY_WORDS,
    is_whole,
    judge_bytes,
    mints_of,
    pending_of,
    unread,
)

_MINT = b"import uuid\nsession_id = uuid.uuid4()\n"
_DEEP = b"x = " + b"(" * 900 + b")" * 900 + b"\n"


@pytest.mark.parametrize("data", [b"", b"x = 1\n", b"def f():\n    return 1\n"])
def test_a_clean_file_says_how_it_was_looked_at(data: bytes) -> None:
    """By words, or parsed as a whole."""
    assert judge_bytes(data, whole=False) == CLEAN_BY_WORDS
    assert judge_bytes(data, whole=True) == CLEAN
    assert not is_whole(CLEAN_BY_WORDS)
    assert is_whole(CLEAN)


@pytest.mark.parametrize("whole", [False, True])
def test_a_mint_is_found_either_way(whole: bool) -> None:
    """And the result says whether everything was parsed."""
    result = judge_bytes(_MINT, whole=whole)
    assert [(mint.line, mint.what) for mint in mints_of(result)] == [(2, "uuid.uuid4")]
    assert is_whole(result) is whole
    assert pending_of(result) == []


def test_a_result_that_went_through_json_is_the_same() -> None:
    """It is kept in a file."""
    data = b"from compat import uuid4\nimport uuid\na_id = uuid4()\nb_id = uuid.uuid4()\n"
    result = judge_bytes(data, whole=True)
    kept = json.loads(json.dumps(result))
    assert mints_of(kept) == mints_of(result)
    assert pending_of(kept) == pending_of(result)
    assert [name for name, _ in pending_of(kept)] == ["compat.uuid4"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"x = 1\0", "NUL"),
        (b"x = '\xe9'\n", "not valid utf-8"),
        (_MINT + b"def (:\n", "syntax error at line 3"),
    ],
)
@pytest.mark.parametrize("whole", [False, True])
def test_what_cannot_be_read_has_its_reason_either_way(data: bytes, words: str, whole: bool) -> None:
    """And no mints."""
    result = judge_bytes(data, whole=whole)
    assert words in result[5]
    assert result == unread(result[5], whole=whole)
    assert mints_of(result) == pending_of(result) == []


def test_a_syntax_error_without_minting_words_shows_only_in_a_whole_parse() -> None:
    """A large tree is not parsed for it."""
    assert judge_bytes(b"def (:\n", whole=False) == CLEAN_BY_WORDS
    assert "syntax error at line 1" in judge_bytes(b"def (:\n", whole=True)[5]


def test_a_source_nested_too_deeply_is_unread_and_the_limit_is_put_back() -> None:
    """The interpreter goes on as before."""
    before = sys.getrecursionlimit()
    assert judge_bytes(_DEEP, whole=True)[5]
    assert sys.getrecursionlimit() == before


def test_an_alias_of_another_module_is_looked_for() -> None:
    """Its use is pending until that module is known."""
    data = b"from compat import fresh\nx_id = fresh()\n"
    assert judge_bytes(data, whole=False) == CLEAN_BY_WORDS
    result = judge_bytes(data, whole=False, aliases=frozenset(["fresh"]))
    assert [name for name, _ in pending_of(result)] == ["compat.fresh"]


def test_a_file_that_only_passes_on_or_only_calls_the_generator_is_no_clean_one() -> None:
    """Others depend on the first, the compliance figure on the second."""
    assert judge_bytes(b"from uuid import uuid4\n", whole=False)[4] == {"uuid4": "uuid.uuid4"}
    call = b"from shared.id_generation import UnifiedIdGenerator as G\nx = G.generate_base_id()\n"
    assert judge_bytes(call, whole=False)[3] == 1


def test_a_marked_or_declared_encoding_is_read_without_a_cut() -> None:
    """Lines and text are those of the source."""
    latin = b"# coding: latin-1\nimport uuid\nsession_id = uuid.uuid4()  # \xe9\n"
    (mint,) = mints_of(judge_bytes(latin, whole=False))
    assert (mint.line, mint.source) == (3, "session_id = uuid.uuid4()  # \u00e9")
    (marked,) = mints_of(judge_bytes(b"\xef\xbb\xbf" + _MINT, whole=False))
    assert marked.line == 2
