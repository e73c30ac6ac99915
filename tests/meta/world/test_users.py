"""Ordinary users all differ, within what an ID shows of them.

Tests of the characters that join, hide or break. Ordinary users as a search draws them are ones that every backend
takes, and several of them are told apart. Tests of the users who are easy to confuse.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import combinations

import pytest
from hypothesis import given, settings

from id_isolation.world.users import (
    CONFUSABLE_FAMILIES,
    CONTROLS,
    DELIMITERS,
    FAMILIES,
    SEPARATORS,
    Pair,
    confusable_pairs,
    different_users,
    families,
    is_text,
    known_pairs,
    operations,
    ordinary_users,
    separators_in,
    user_number,
    users,
)


def test_many_users_differ_within_eight_characters() -> None:
    """Also without regard to letter case."""
    users = ordinary_users(30_000)
    assert len({user[:8].lower() for user in users}) == 30_000


def test_the_first_ten_thousand_differ_within_four_letters() -> None:
    """Then a number is added."""
    users = ordinary_users(10_000)
    assert len({user[:4] for user in users}) == 10_000
    assert {user[4] for user in users} == {"0"}
    assert user_number(10_000)[:5] == f"{user_number(0)[:4]}1"


def test_a_user_is_the_same_wherever_its_number_comes_from() -> None:
    """A list that begins later has the later users."""
    assert ordinary_users(3, first=7) == [user_number(7), user_number(8), user_number(9)]
    assert ordinary_users(0) == []


@pytest.mark.parametrize("number", [0, 9, 10, 12_345])
def test_a_name_is_plain_and_realistic(number: int) -> None:
    """Letters, a number, a dot and a family; none that a backend takes for a placeholder."""
    name = user_number(number)
    first, _, family = name.partition(".")
    assert first.isalnum()
    assert name.isascii()
    assert name.islower()
    assert family == FAMILIES[number % len(FAMILIES)]
    assert not first.startswith(("test", "demo", "mock", "example", "default"))


def test_separators_are_all_of_ascii_but_letters_and_digits() -> None:
    """Each of them once, the likely ones first."""
    assert sorted(SEPARATORS) == [chr(code) for code in range(0x80) if not chr(code).isalnum()]
    assert SEPARATORS.startswith(DELIMITERS)
    assert set(CONTROLS) < set(SEPARATORS)


def test_joints_of_ids_are_what_is_tried_anyway_or_told() -> None:
    """One character of ASCII is tried with every backend; several in a row, and others, are a backend's own."""
    assert separators_in(["session_web_ana-1_2", "ws:conn.ana"]) == []
    assert separators_in(["run--ana->1", "run--ben\u00b72"]) == ["--", "->", "\u00b7"]


@given(users())
def test_an_ordinary_user_is_one_word_without_anything_hostile(user: str) -> None:
    """Nor does it look like one of the placeholders that a tree refuses."""
    assert re.fullmatch(r"[a-z0-9.@-]{4,64}", user)
    assert not user.startswith(("test", "demo", "example", "mock", "default"))


@given(different_users(3, 6))
def test_several_users_differ_in_their_first_eight_characters(drawn: list[str]) -> None:
    """A plan-level backend shows no more of them."""
    assert 3 <= len(drawn) <= 6
    assert len({user[:8] for user in drawn}) == len(drawn)


@given(operations())
def test_an_operation_is_a_word_of_letters_and_underscores(operation: str) -> None:
    """As the operations of real code are."""
    assert re.fullmatch(r"[a-z_]+", operation)


def _folded(user: object) -> str:
    text = unicodedata.normalize("NFKC", str(user).casefold())
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf").casefold().strip()


def test_a_pair_is_of_two_different_users() -> None:
    """No pair is one user twice, and none is another pair again."""
    pairs = [(repr(pair.first), repr(pair.second)) for pair in known_pairs(texts_only=False)]
    assert all(first != second for first, second in pairs)
    assert len(set(pairs)) == len(pairs)


def test_prefixes_of_every_length_up_to_64_are_shared() -> None:
    """There is a pair that differs only behind each number of characters from 1 to 64."""
    shared = [pair for pair in known_pairs() if pair.family == "a shared beginning"]
    assert [len(str(pair.first)) - 1 for pair in shared] == list(range(1, 65))
    assert all(str(pair.first)[:-1] == str(pair.second)[:-1] for pair in shared)


def test_every_separator_stands_behind_a_name_and_inside_one() -> None:
    """Each of them joins a name to something in one pair, and may get lost in another."""
    pairs = {(pair.first, pair.second) for pair in known_pairs()}
    assert {("ana", f"ana{letter}b") for letter in SEPARATORS} <= pairs
    assert {("anab", f"ana{letter}b") for letter in SEPARATORS} <= pairs


def test_a_backends_own_joints_are_tried_as_well() -> None:
    """Where they are given."""
    assert Pair("ana", "ana~~b", "a joint of the backend's own behind the name") in known_pairs(joints=["~~"])
    assert len(known_pairs(joints=["~~", "=>"])) == len(known_pairs()) + 4


def test_every_two_ways_to_be_nobody_are_a_pair() -> None:
    """None, the empty text, 0 and False, which Python takes for 0."""
    nobodies = [(pair.first, pair.second) for pair in known_pairs(texts_only=False) if pair.family == "nobody"]
    assert list(map(repr, nobodies)) == list(map(repr, combinations((None, "", 0, False), 2)))


def test_the_empty_text_is_a_pattern_among_others() -> None:
    """A pattern that fits everything."""
    assert Pair("ana", "", "a pattern that fits the other") in known_pairs(texts_only=False)


def test_foldable_pairs_are_two_spellings_of_one_name() -> None:
    """Exactly the pairs that are marked so become one text by case, compatibility and blanks."""
    pairs = known_pairs()
    assert all(_folded(pair.first) == _folded(pair.second) for pair in pairs if pair.foldable)
    assert not [pair for pair in pairs if not pair.foldable and _folded(pair.first) == _folded(pair.second)]


def test_what_is_no_text_is_left_out_unless_asked_for() -> None:
    """Pairs with None, numbers, bytes or half surrogates come only on request."""
    assert all(is_text(pair) for pair in known_pairs())
    assert Pair(None, "None", "no text at all") in known_pairs(texts_only=False)


@settings(max_examples=60, database=None, deadline=None)
@given(confusable_pairs())
def test_generated_pairs_are_two_texts(pair: Pair) -> None:
    """A generated pair is two different texts that can be carried in UTF-8."""
    assert is_text(pair)
    assert pair.first != pair.second


@settings(max_examples=60, database=None, deadline=None)
@given(families())
def test_families_are_several_different_users(users: list[str]) -> None:
    """A family has three to five users, all different, none blank, and no two of them one name in two spellings."""
    assert 3 <= len(users) <= 5
    assert len({_folded(user) for user in users}) == len(users)
    assert all(user.strip() for user in users)


@pytest.mark.parametrize("users", CONFUSABLE_FAMILIES, ids=lambda users: users[-1])
def test_the_families_that_come_first_are_several_different_users(users: list[str]) -> None:
    """As the generated ones are; what is forgotten with the third user must not be left to chance."""
    assert len({_folded(user) for user in users}) == len(users) >= 4
