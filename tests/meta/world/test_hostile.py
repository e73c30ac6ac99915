"""Tests of the names that are hostile by themselves.

What is no ID: junk has too few parts, and a near-miss is a minted ID with one thing wrong.
"""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from hypothesis import given, settings

from id_isolation.world.hostile import HOSTILE_NAMES, JUNK, hostile_names, junk, near_misses
from id_isolation.world.users import CONTROLS, SEPARATORS

GOOD = "session_auth_ana_1726234567890_001_a1b2c3d4"
_WELL_FORMED = re.compile(r"[a-z_]+_\d{13}_\d+_[0-9a-f]{8}")


def test_hostile_names_hold_what_breaks_ids() -> None:
    """Blank names, None, other types, control characters and 10,000 characters are among the hostile names."""
    assert {"", " ", None, 42} <= set(HOSTILE_NAMES)
    texts = [name for name in HOSTILE_NAMES if isinstance(name, str)]
    assert max(map(len, texts)) == 10_000
    assert any("\n" in name for name in texts)
    assert any("\u202e" in name for name in texts)


def test_every_character_of_ascii_that_joins_or_breaks_is_in_a_name() -> None:
    """Each but the control characters in a name of its own, so that a refusal of one alone is seen."""
    assert {f"ana{letter}b" for letter in SEPARATORS if letter not in CONTROLS} <= {
        name for name in HOSTILE_NAMES if isinstance(name, str)
    }
    assert f"ana{CONTROLS}b" in HOSTILE_NAMES


@settings(max_examples=300, database=None, deadline=None)
@given(hostile_names())
def test_no_user_is_a_list(name: object) -> None:
    """A user is a text, a number that a service forgot to write as one, or none: nothing else is handed to a port."""
    assert isinstance(name, str | int | None)
    assert {type(one) for one in HOSTILE_NAMES} == {str, int, type(None)}


@settings(max_examples=30, database=None, deadline=None)
@given(hostile_names())
def test_generated_names_can_be_shown(name: object) -> None:
    """Whatever is generated can be put into a sentence."""
    assert ascii(name).isascii()


def test_no_near_miss_is_the_id_or_well_formed() -> None:
    """But for the one with timestamp and counter swapped, each fails the grammar."""
    spoilt = set(near_misses([GOOD]))
    assert GOOD not in spoilt
    assert [text for text in spoilt if _WELL_FORMED.fullmatch(text)] == []
    assert len(spoilt) == 10


@pytest.mark.parametrize(
    "text",
    [
        "session_auth_ana_1726234567890_001_",
        "session_auth_ana_001_1726234567890_a1b2c3d4",
        "session_auth_ana_1726234567890_001_a1b2c3dg",
        "session_auth_ana_172623456_001_a1b2c3d4",
        "_1726234567890_001_a1b2c3d4",
        "session_auth_ana_1726234567890_-001_a1b2c3d4",
        f"{GOOD}\n",
    ],
)
def test_a_part_is_missing_swapped_of_the_wrong_alphabet_or_impossible(text: str) -> None:
    """Each of these is tried."""
    assert text in set(near_misses([GOOD]))


def test_digits_alone_are_not_swapped_and_a_short_text_is_left_out() -> None:
    """A random part of digits may well be a counter."""
    digits = set(near_misses(["session_x_1726234567890_001_12345678"]))
    assert "session_x_001_1726234567890_12345678" not in digits
    assert len(digits) == 9
    assert set(near_misses(["a_b_c", GOOD])) == set(near_misses([GOOD]))


def test_junk_holds_none_empty_text_and_bare_uuids_and_nothing_with_the_parts_of_an_id() -> None:
    """Of the drawn ones."""
    seen: list[str | None] = []

    @settings(max_examples=120, database=None, derandomize=True)
    @given(junk())
    def collect(text: str | None) -> None:
        seen.append(text)

    collect()
    assert None in seen
    assert "" in seen
    texts = [text for text in seen if text]
    assert any(re.fullmatch("[0-9a-f]{32}", text) and UUID(text) for text in texts)
    assert any(text.count("-") == 4 and re.fullmatch("[0-9a-f-]{36}", text) for text in texts)
    assert not [text for text in texts if _WELL_FORMED.fullmatch(text)]


def test_what_a_raw_mint_leaves_behind_is_always_tried() -> None:
    """Bare UUIDs of every version in use, in each of the forms that code writes them in."""
    versions = {UUID(text).version for text in JUNK if text and len(text) == 36}
    assert versions == {1, 3, 4, 5, 7, None}
    one = "f81d4fae-7dec-4abc-9def-00a0c91e6bf6"
    assert {one, one.upper(), one.replace("-", ""), f"{{{one}}}", f"urn:uuid:{one}"} <= set(JUNK)
    assert {None, "", " "} <= set(JUNK)
