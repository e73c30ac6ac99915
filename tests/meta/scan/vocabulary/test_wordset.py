"""Sets of words are written as one text."""

from __future__ import annotations

from id_isolation.scan.vocabulary.conversions import FUNCTIONS, METHODS
from id_isolation.scan.vocabulary.wordset import wordset


def test_words_stand_apart_by_white_space() -> None:
    """Lines do not matter, and neither does a word that comes twice."""
    assert wordset("  one two\n   three one ") == frozenset({"one", "two", "three"})
    assert wordset(" \n ") == frozenset()


def test_a_dotted_name_is_one_word() -> None:
    """Names of functions are kept whole."""
    assert "copy.deepcopy" in FUNCTIONS
    assert "hexdigest" in METHODS
    assert not any(" " in word for word in FUNCTIONS | METHODS)
