"""Tests of the users who are easy to confuse."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings

from id_isolation.principals.hostile import (
    DELIMITERS,
    HOSTILE_NAMES,
    Pair,
    confusable_pairs,
    families,
    hostile_names,
    is_text,
    known_pairs,
)


def _folded(user: object) -> str:
    text = unicodedata.normalize("NFKC", str(user).casefold())
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf").casefold().strip()


def test_a_pair_is_of_two_different_users() -> None:
    """No pair is one user twice."""
    assert all(pair.first != pair.second for pair in known_pairs(texts_only=False))


def test_prefixes_of_every_length_up_to_64_are_shared() -> None:
    """There is a pair that differs only behind each number of characters from 1 to 64."""
    shared = [pair for pair in known_pairs() if pair.family == "a shared beginning"]
    assert [len(str(pair.first)) - 1 for pair in shared] == list(range(1, 65))
    assert all(str(pair.first)[:-1] == str(pair.second)[:-1] for pair in shared)


def test_every_delimiter_stands_behind_a_name() -> None:
    """Each delimiter joins a name to something in one pair at least."""
    joined = {str(pair.second) for pair in known_pairs() if pair.family == "a delimiter behind the name"}
    assert joined == {f"ana{delimiter}b" for delimiter in DELIMITERS}


def test_foldable_pairs_are_two_spellings_of_one_name() -> None:
    """Exactly the pairs that are marked so become one text by case, compatibility and blanks."""
    pairs = known_pairs()
    assert all(_folded(pair.first) == _folded(pair.second) for pair in pairs if pair.foldable)
    assert not [pair for pair in pairs if not pair.foldable and _folded(pair.first) == _folded(pair.second)]


def test_what_is_no_text_is_left_out_unless_asked_for() -> None:
    """Pairs with None, numbers, bytes or half surrogates come only on request."""
    assert all(is_text(pair) for pair in known_pairs())
    assert Pair(None, "None", "no text at all") in known_pairs(texts_only=False)


def test_hostile_names_hold_what_breaks_ids() -> None:
    """Blank names, None, other types, control characters and 10,000 characters are among the hostile names."""
    assert {"", " ", None, 42} <= {name for name in HOSTILE_NAMES if name is None or isinstance(name, str | int)}
    texts = [name for name in HOSTILE_NAMES if isinstance(name, str)]
    assert max(map(len, texts)) == 10_000
    assert any("\n" in name for name in texts)
    assert any("\u202e" in name for name in texts)


@settings(max_examples=60, database=None, deadline=None)
@given(confusable_pairs())
def test_generated_pairs_are_two_texts(pair: Pair) -> None:
    """A generated pair is two different texts that can be carried in UTF-8."""
    assert is_text(pair)
    assert pair.first != pair.second


@settings(max_examples=60, database=None, deadline=None)
@given(families(2, 4))
def test_families_are_several_different_users(users: list[str]) -> None:
    """A family has two to four users, all different and none blank."""
    assert 2 <= len(users) <= 4
    assert len(set(users)) == len(users)
    assert all(user.strip() for user in users)


@settings(max_examples=30, database=None, deadline=None)
@given(hostile_names())
def test_generated_names_can_be_shown(name: object) -> None:
    """Whatever is generated can be put into a sentence."""
    assert ascii(name).isascii()
