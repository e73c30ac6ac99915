"""Every time-out is a multiple of one unit, which one variable sets."""

from __future__ import annotations

import pytest

from id_isolation.timing import VARIABLE, units


def test_a_unit_is_a_second_unless_the_variable_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable scales every time-out alike."""
    monkeypatch.delenv(VARIABLE, raising=False)
    assert units(3) == 3.0
    monkeypatch.setenv(VARIABLE, "0.5")
    assert units(3) == 1.5


@pytest.mark.parametrize("text", ["", "fast", "0", "-1", "inf", "nan"])
def test_a_unit_that_is_none_is_said_in_one_sentence(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence names the variable and says what to set it to."""
    monkeypatch.setenv(VARIABLE, text)
    with pytest.raises(ValueError, match=f"{VARIABLE}=.* set it to 1"):
        units(1)
