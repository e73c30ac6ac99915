"""The bound, held against a simulation on small ID spaces.

Fleets as the user writes them.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from id_isolation.collisions.bound import SECONDS_PER_YEAR, Fleet, bound, in_short, mean_collisions
from id_isolation.collisions.entropy import Structure

FLEET = Fleet(40, 200, 5)
BASES = {
    "random part alone": Structure(None, "none", 12),
    "clock and random part": Structure(0.1, "none", 6),
    "clock, counter, random part": Structure(0.1, "process", 4),
    "clock, sequence, random part": Structure(0.1, "tick", 4),
    "slow counter": Structure(0.01, "tick", 2),
    "clock, counter that wraps": Structure(1.0, "process", 2, wrap=16),
}


def _simulated(structure: Structure, fleet: Fleet, chance: random.Random) -> int:
    """Pairs of equal IDs when the fleet really mints, its workers' counters in step."""
    seen: Counter[tuple[object, ...]] = Counter()
    for _ in range(fleet.workers):
        moment, counter, last = 0.0, 0, -1
        while (moment := moment + chance.expovariate(fleet.rate)) < fleet.seconds:
            tick = -1 if structure.tick is None else int(moment / structure.tick)
            if structure.scope == "tick":
                counter = counter + 1 if tick == last else 0
            elif structure.scope == "process":
                # In step: as many as should have been minted by now.
                counter = max(counter + 1, int(moment * fleet.rate)) if counter else 1
            last = tick
            shown = counter % structure.wrap if structure.wrap else counter
            number = chance.getrandbits(int(structure.random_bits)) if structure.random_bits else 0
            seen[tick, shown, number] += 1
    return sum(count * (count - 1) // 2 for count in seen.values())


@pytest.mark.parametrize("name", BASES)
def test_a_simulated_fleet_has_no_more_collisions_than_the_bound(name: Any) -> None:
    """The mean of many runs lies below it, and at it where there is no counter."""
    structure, fleet = BASES[name], Fleet(6, 30, 10 / SECONDS_PER_YEAR)
    chance = random.Random(7)
    counts = [_simulated(structure, fleet, chance) for _ in range(60)]
    mean = sum(counts) / len(counts)
    spread = (sum((count - mean) ** 2 for count in counts) / len(counts) ** 2) ** 0.5
    expected = mean_collisions(structure, fleet)
    assert mean <= expected + 5 * spread + 0.05
    if structure.scope == "none":
        assert mean >= expected - 5 * spread - 0.05


def test_the_plans_session_ids_are_bounded() -> None:
    """A millisecond, a counter and 32 random bits: the random part carries it, and the sentence says so."""
    result = bound(Structure(0.001, "process", 32, proven_bits=18), FLEET)
    assert result.expected == pytest.approx(FLEET.seconds * 1000 * 780 * 0.04 / 2**32)
    assert result.carried_by == "random part"
    assert result.proven == pytest.approx(result.expected * 2**14)
    assert "40 workers that each mint 200 session IDs a second for 5 years" in result.sentence("session IDs")
    assert "as good as certainly" in result.sentence()


def test_128_random_bits_carry_any_fleet() -> None:
    """The chance is told as a power of ten."""
    result = bound(Structure(None, "none", 128), FLEET)
    assert result.probability < 1e-12
    assert "1 in 10^" in result.sentence()
    assert "random part (128 bits by its form and its tests)" in result.sentence()


def test_what_the_sample_proves_by_itself_is_told_beside_what_the_form_promises() -> None:
    """Two thousand IDs cannot prove thirty-two bits."""
    result = bound(Structure(0.001, "process", 32, proven_bits=18, samples=2000), FLEET)
    assert "(32 bits by its form and its tests; 2,000 IDs prove 18 of them by themselves)" in result.sentence()


def test_a_random_uuid_has_the_textbook_value() -> None:
    """n squared over two to the power of 123."""
    result = bound(Structure(None, "none", 122), FLEET)
    assert result.expected == pytest.approx(FLEET.total**2 / 2**123, rel=1e-3)


def test_nothing_that_tells_ids_apart_is_said() -> None:
    """No clock, no counter, no random part."""
    result = bound(Structure(None, "none", 0), FLEET)
    assert (result.probability, result.carried_by) == (1.0, "nothing")
    assert "nothing in the ID prevents it" in result.sentence()


def test_one_worker_with_a_counter_never_collides() -> None:
    """Its counter tells all its IDs apart."""
    result = bound(Structure(0.001, "process", 0), Fleet(1, 200, 5))
    assert (result.expected, result.carried_by) == (0.0, "counter")
    assert "never" in result.sentence()


def test_the_clock_carries_where_there_is_nothing_random() -> None:
    """What is lost without each part is listed."""
    result = bound(Structure(1e-9, "tick", 0), FLEET)
    assert result.carried_by == "clock"
    assert set(result.without) == {"clock", "counter"}


def test_all_kinds_of_one_fleet_are_one_short_sentence() -> None:
    """It tells the worst chance and what is accepted; the numbers are in the singular where they are one."""
    small, large = Fleet(2, 1, 1), Fleet(40, 200, 5)
    bounds = [bound(Structure(0.001, "process", bits), small) for bits in (128, 32)]
    assert in_short(bounds, 0.01, stated=False) == (
        "The chance that even the smallest fleet (2 workers, 1 a second each, 1 year) ever mints one ID twice is"
        " 1 in 136,100, within the accepted 1%; --fleet states yours."
    )
    told = in_short([bound(Structure(0.001, "process", 32), large)], 0.001, stated=True)
    assert told.endswith("is as good as 100%, which is more than the accepted 1 in 1,000.")
    assert "2 workers that each mint 1 session ID a second for 1 year" in bounds[0].sentence("session IDs")


def test_a_fleet_is_read_in_any_order() -> None:
    """Blanks do not matter."""
    assert Fleet.parse("years=5, workers=40 ,rate=0.5") == Fleet(40, 0.5, 5.0)


def test_a_fleet_knows_how_many_ids_it_mints() -> None:
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
def test_a_fleet_that_cannot_be_read_is_explained(text: Any, says: Any) -> None:
    """One sentence says what is wrong."""
    with pytest.raises(ValueError, match=says):
        Fleet.parse(text)
