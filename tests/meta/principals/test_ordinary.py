"""Ordinary users all differ, within what an ID shows of them."""

from __future__ import annotations

import pytest

from id_isolation.world.users import FAMILIES, ordinary_users, user_number


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
