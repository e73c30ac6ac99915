"""Ordinary users as a search draws them are ones that every backend takes, and several of them are told apart."""

from __future__ import annotations

import re

from hypothesis import given

from id_isolation.world.users import different_users, operations, users


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
