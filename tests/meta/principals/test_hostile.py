"""Tests of the names that are hostile by themselves."""

from __future__ import annotations

from hypothesis import given, settings

from id_isolation.world.hostile import HOSTILE_NAMES, hostile_names
from id_isolation.world.users import CONTROLS, SEPARATORS


def test_hostile_names_hold_what_breaks_ids() -> None:
    """Blank names, None, other types, control characters and 10,000 characters are among the hostile names."""
    assert {"", " ", None, 42} <= {name for name in HOSTILE_NAMES if name is None or isinstance(name, str | int)}
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


@settings(max_examples=30, database=None, deadline=None)
@given(hostile_names())
def test_generated_names_can_be_shown(name: object) -> None:
    """Whatever is generated can be put into a sentence."""
    assert ascii(name).isascii()
