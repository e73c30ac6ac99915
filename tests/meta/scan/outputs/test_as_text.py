"""A scan becomes a text for the terminal, whose counts agree with what is listed."""

from __future__ import annotations

import pytest

from id_isolation.scan.mint import Unread
from id_isolation.scan.outputs import as_text

from ..outcomes import FINDING, outcome


def test_new_findings_stand_under_their_file_and_known_ones_are_counted() -> None:
    """A file with only known findings is not named."""
    known = FINDING._replace(new=False, file="app/old.py")
    text = as_text.text(outcome(FINDING, FINDING._replace(line=12), known, has_baseline=True))
    assert text.count("app/a.py\n") == 1
    assert "  7:5" in text
    assert "  12:5" in text
    assert "app/old.py" not in text
    assert "2 new raw ID minting places (2 in production code) in 9 files\n1 known from the baseline" in text


@pytest.mark.parametrize(("count", "words"), [(0, "0 raw ID minting places"), (1, "1 raw ID minting place (")])
def test_one_is_counted_in_the_singular(count: int, words: str) -> None:
    """Without a baseline nothing is called new."""
    assert words in as_text.text(outcome(*[FINDING] * count))


def test_test_code_is_not_counted_as_production() -> None:
    """The bracket tells how many are."""
    text = as_text.text(outcome(FINDING, FINDING._replace(code="test")))
    assert "2 raw ID minting places (1 in production code)" in text


@pytest.mark.parametrize(("gone", "words"), [(1, "1 of its findings has gone;"), (2, "2 of its findings have gone;")])
def test_a_stale_baseline_says_how_to_shrink_it(gone: int, words: str) -> None:
    """With the count of what has gone."""
    text = as_text.text(outcome(gone=gone, has_baseline=True))
    assert words in text
    assert "--update-baseline" in text
    assert text.count("gone: old.py: uuid.uuid4 in f") == gone


@pytest.mark.parametrize(("gone", "more"), [(20, ""), (21, "gone: and 1 more")])
def test_at_most_twenty_gone_findings_are_listed(gone: int, more: str) -> None:
    """The rest is a number."""
    text = as_text.text(outcome(gone=gone, has_baseline=True))
    assert text.count("gone: old.py") == 20
    assert more in text
    assert ("gone: and" in text) == bool(more)


@pytest.mark.parametrize(("count", "tail"), [(6, "d5\n"), (7, "d5 and 1 more\n")])
def test_at_most_six_directories_are_named_as_left_out(count: int, tail: str) -> None:
    """The rest is a number."""
    names = [f"d{n}" for n in range(count)]
    assert "left out by rule: d0, d1, d2, d3, d4, " + tail in as_text.text(outcome(left_out=names))


def test_what_was_not_parsed_read_or_kept_is_said() -> None:
    """A large tree, an unread file, a cache that could not be used; a clean scan says none of it."""
    text = as_text.text(
        outcome(parsed_whole=False, cache_problem="the cache is read-only", unread=(Unread("b.py", "gone"),))
    )
    clean = as_text.text(outcome())
    for words in ("--whole parses everything", "note: the cache is read-only", "unread: b.py: gone", "1 unread"):
        assert words in text
        assert words not in clean


def test_nothing_in_a_name_or_a_line_steers_the_terminal() -> None:
    """Escape sequences, line ends and lone surrogates are shown, not sent."""
    odd = FINDING._replace(file="a\x1b[31m.py", source="x = '\udcff'\x07", function="f\n")
    text = as_text.text(outcome(odd, suppressed=(FINDING._replace(suppressed="why\r"),)))
    assert "a\\x1b[31m.py" in text
    assert "\\udcff'\\x07" in text
    assert "suppressed: app/a.py:7: why\\r" in text
    assert not set(text) & set("\x1b\x07\r\udcff")


def test_the_trend_follows_the_figure_only_beside_a_baseline() -> None:
    """Without one the figure stands alone."""
    assert as_text.text(outcome(has_baseline=True)).rstrip().endswith("; up from 50.0%")
    assert "up from" not in as_text.text(outcome())
