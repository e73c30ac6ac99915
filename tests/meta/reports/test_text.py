"""Text in a report shows everything and obeys nothing, and an ID on a long line stays in one piece."""

from __future__ import annotations

import pytest

from id_isolation.reports.text import LONGEST, cells, count, first_line, listed, padded, printable, wrapped


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ana.silva", "ana.silva"),
        ("é€漢", "é€漢"),
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("\u202eabc", "\\u202eabc"),
        ("\ud800", "\\ud800"),
        ("\u200d", "\\u200d"),
        ("", ""),
    ],
)
def test_what_could_steer_a_reader_is_escaped(text: str, shown: str) -> None:
    """Escape sequences, line ends, direction marks, surrogates; letters of any script stay."""
    assert printable(text) == shown


def test_a_text_of_the_longest_length_is_whole_and_one_more_is_cut_in_its_middle() -> None:
    """With its beginning, its end and how long it was."""
    whole = "b" * (LONGEST - 1) + "e"
    assert printable(whole) == whole
    cut = printable("a" + whole)
    assert cut == f"a{'b' * 79}...{'b' * 39}e (161 characters)"
    assert printable("abcdefgh", 4) == "ab...h (8 characters)"


def test_the_cut_comes_before_the_escaping() -> None:
    """So that no escape is torn apart."""
    assert printable("\n" * 5, 4) == "\\n\\n...\\n (5 characters)"


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("漢字", 4), ("e\u0301", 1), ("", 0), ("\uff21", 2), ("→", 1)]
)
def test_columns_are_counted_as_a_terminal_shows_them(text: str, columns: int) -> None:
    """Wide letters take two, marks on a letter none."""
    assert cells(text) == columns
    assert cells(padded(text, 10)) == 10
    assert padded(text, columns) == padded(text, 0) == text


def test_a_text_is_wrapped_between_words_only() -> None:
    """What is longer than a line, and what has hyphens, stays in one piece."""
    lines = wrapped(f"the id run_{'a' * 30} of ana-maria x", 20, "- ")
    assert lines == ["- the id", f"  run_{'a' * 30}", "  of ana-maria x"]
    assert wrapped("of ana-maria", 6) == ["of", "ana-maria"]


def test_the_first_line_and_the_others_have_their_own_beginnings() -> None:
    """An empty text is the first beginning alone."""
    assert wrapped("a b", 4, "1. ", ">> ") == ["1. a", ">> b"]
    assert wrapped("", 20, "none: ") == ["none:"]


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 findings"), (1, "1 finding"), (2, "2 findings"), (11, "11 findings")]
)
def test_only_one_is_in_the_singular(number: int, words: str) -> None:
    """With a plural of its own where there is one."""
    assert count(number, "finding") == words
    assert count(number, "is", "are") == f"{number} {'is' if number == 1 else 'are'}"


@pytest.mark.parametrize(
    ("items", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_items_are_listed_as_a_sentence_lists_them(items: list[str], text: str) -> None:
    """The last one behind an `and`."""
    assert listed(items) == text


def test_the_first_line_of_a_text_is_without_the_space_around_it() -> None:
    """Also where the text begins with empty lines."""
    assert first_line("\n\n a b\nc\n") == "a b"
    assert first_line("") == ""
