"""Fleets as the user writes them."""

from __future__ import annotations

import pytest

from id_isolation.collisions.bound import Fleet


def test_a_fleet_is_read_in_any_order():
    """Blanks do not matter."""
    assert Fleet.parse("years=5, workers=40 ,rate=0.5") == Fleet(40, 0.5, 5.0)


def test_a_fleet_knows_how_many_ids_it_mints():
    """Workers times rate times seconds."""
    assert Fleet(2, 10, 1).total == pytest.approx(2 * 10 * 31_557_600)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "'' says nothing about a fleet"),
        ("workers=40,rate=200", "lacks years"),
        ("workers=40,rate=200,years=5,colour=red", "'colour=red' says nothing"),
        ("workers=40,rate=fast,years=5", "rate=fast is not a positive number"),
        ("workers=0,rate=1,years=5", "workers=0 is not a positive number"),
        ("workers=1.5,rate=1,years=5", "workers=1.5 is not a whole number"),
        ("workers=1,workers=2,rate=1,years=5", "workers is given twice"),
        ("workers=1,rate=inf,years=5", "rate=inf is not a positive number"),
        ("workers", "'workers' says nothing"),
    ],
    ids=range(9),
)
def test_a_fleet_that_cannot_be_read_is_explained(text, says):
    """One sentence says what is wrong."""
    with pytest.raises(ValueError, match=says):
        Fleet.parse(text)
