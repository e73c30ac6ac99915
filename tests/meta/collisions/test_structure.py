"""What keeps IDs apart, as measured."""

from __future__ import annotations

import itertools
import secrets

import pytest

from id_isolation.collisions.entropy import Anatomy, measure


def _minted(clocks, counters, random=lambda: secrets.token_hex(4)):
    clocks, counters = iter(clocks), iter(counters)
    return lambda: f"{next(clocks)}_{next(counters)}_{random()}"


def _anatomy(text: str) -> Anatomy:
    clock, counter, random = text.split("_")
    return Anatomy(int(clock), int(counter), "node", random)


def test_a_millisecond_a_counter_and_32_bits_are_measured():
    """Tick, scope, step and bits are those of the generator."""
    clocks = (1_700_000_000_000 + n // 7 for n in itertools.count())
    structure = measure(_minted(clocks, itertools.count(1)), _anatomy, node_bits=16)
    assert (structure.tick, structure.scope, structure.step, structure.wrap) == (0.001, "process", 1, None)
    assert (structure.random_bits, structure.node_bits) == (32.0, 16)
    assert 15 < structure.proven_bits < 20


def test_a_coarse_clock_is_seen_through_its_fine_unit():
    """Milliseconds that come in tens are a tick of ten."""
    clocks = (10 * (n // 5) for n in itertools.count())
    assert measure(_minted(clocks, itertools.count(1)), _anatomy).tick == pytest.approx(0.01)


def test_a_sequence_that_begins_anew_with_each_tick_is_recognised():
    """It falls only where the clock has moved."""
    clocks = (n // 5 for n in itertools.count())
    assert measure(_minted(clocks, (n % 5 for n in itertools.count())), _anatomy).scope == "tick"


def test_a_counter_that_wraps_is_recognised():
    """The number of its values is measured."""
    structure = measure(_minted(itertools.repeat(1), (2 * (n % 500) for n in itertools.count())), _anatomy)
    assert (structure.scope, structure.step, structure.wrap) == ("process", 2, 500)


def test_a_counter_that_stands_still_is_none():
    """A constant tells nothing apart."""
    assert measure(_minted(itertools.count(), itertools.repeat(0)), _anatomy).scope == "none"


def test_a_random_part_with_a_fault_counts_for_nothing():
    """A counter in disguise is no randomness."""
    numbers = itertools.count(1)
    mint = _minted(itertools.count(), itertools.count(), lambda: f"{next(numbers):08x}")
    structure = measure(mint, _anatomy)
    assert structure.random_bits == 0
    assert structure.randomness.faults


def test_opaque_ids_have_their_random_part_alone():
    """No clock, no counter, no node."""
    structure = measure(lambda: secrets.token_hex(16), lambda text: Anatomy(random=text), node_bits=16)
    assert (structure.tick, structure.scope, structure.node_bits, structure.random_bits) == (None, "none", 0.0, 128.0)


def test_ids_of_several_kinds_are_refused():
    """A mixture has no structure."""
    kinds = itertools.cycle([Anatomy(clock=1), Anatomy()])
    with pytest.raises(ValueError, match="take IDs of one kind"):
        measure(lambda: "id", lambda text: next(kinds))


def test_the_number_of_samples_has_limits():
    """Too few say nothing, too many take too long."""
    with pytest.raises(ValueError, match="63 samples"):
        measure(lambda: "id", lambda text: Anatomy(), samples=63)
