"""Alphabets, and the random digits of UUIDs."""

from __future__ import annotations

import uuid

import pytest

from id_isolation.collisions.entropy import number_of, pick_alphabet, random_part_of_uuid


@pytest.mark.parametrize(
    ("text", "size"), [("0110", 2), ("0129", 10), ("09af", 16), ("09AF", 16), ("09az", 36), ("09aZ", 62), ("a-Z_9", 64)]
)
def test_the_smallest_usual_alphabet_is_picked(text, size):
    """All symbols are in it, and no smaller one has them."""
    assert len(pick_alphabet([text])) == size


def test_an_unusual_alphabet_must_be_given():
    """The symbols are named."""
    with pytest.raises(ValueError, match="no usual alphabet"):
        pick_alphabet(["a", "ß"])


@pytest.mark.parametrize("text", ["00ff", "zz", "Ab-_"])
def test_a_part_is_a_number_in_its_alphabet(text):
    """The symbols are its digits."""
    alphabet = pick_alphabet([text])
    number = 0
    for symbol in text:
        number = number * len(alphabet) + alphabet.index(symbol)
    assert number_of(text, alphabet) == number


def test_a_uuid_of_version_4_has_thirty_random_digits():
    """Version and variant are left out."""
    assert random_part_of_uuid("00112233-4455-4677-8899-aabbccddeeff") == "001122334455677899aabbccddeeff"


def test_a_uuid_of_version_7_has_eighteen_random_digits():
    """Its time is left out too."""
    assert random_part_of_uuid("00112233-4455-7677-b899-aabbccddeeff") == "677899aabbccddeeff"


@pytest.mark.parametrize("text", ["", "session_1", str(uuid.UUID(int=1 << 76 | 2 << 62))], ids=["empty", "other", "v1"])
def test_what_has_no_known_random_digits_is_refused(text):
    """The text is named."""
    with pytest.raises(ValueError, match="no UUID of version 4 or 7"):
        random_part_of_uuid(text)
