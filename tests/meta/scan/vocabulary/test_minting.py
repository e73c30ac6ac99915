"""Minting functions are told apart: always, by what becomes of the value, and never."""

from __future__ import annotations

import pytest

from id_isolation.scan.vocabulary.minting import PICKS, is_always, is_clock, is_conditional, is_minting, label


@pytest.mark.parametrize("name", ["uuid.uuid1", "uuid.uuid4", "uuid.uuid7", "uuid6.uuid8", "uuid_utils.compat.uuid4"])
def test_a_uuid_of_clock_or_chance_is_always_a_mint(name: str) -> None:
    """Of the standard module and its drop-in replacements."""
    assert is_always(name)
    assert is_minting(name)
    assert not is_conditional(name)


@pytest.mark.parametrize(
    "name", ["uuid.uuid3", "uuid.uuid5", "uuid.UUID", "uuid4", "other.uuid4", "secrets.compare_digest"]
)
def test_a_uuid_made_of_a_name_or_an_unknown_function_is_none(name: str) -> None:
    """Versions 3 and 5 say the same thing twice."""
    assert not is_minting(name)


@pytest.mark.parametrize(
    ("name", "clock"),
    [("secrets.token_hex", False), ("os.urandom", False), ("random.Random().choice", False), ("time.time_ns", True)],
)
def test_chance_and_clocks_mint_by_what_becomes_of_the_value(name: str, clock: bool) -> None:
    """And clocks are known as such: their differences are durations."""
    assert is_conditional(name)
    assert not is_always(name)
    assert is_clock(name) is clock


def test_a_pick_is_a_choice_and_nothing_else() -> None:
    """Of `random`, of `secrets`, of an instance."""
    assert {"random.choice", "secrets.choice", "random.Random().sample", "random.choices"} <= PICKS
    assert not {"random.random", "secrets.token_hex", "os.urandom"} & PICKS


def test_a_method_of_a_random_instance_is_called_by_the_modules_name() -> None:
    """Any other function by its own."""
    assert label("random.Random().choice") == "random.choice"
    assert label("uuid.uuid4") == "uuid.uuid4"
