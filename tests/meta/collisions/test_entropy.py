"""The tests of the random part: what they catch, and how rarely they are wrong.

Alphabets, and the random digits of UUIDs. What keeps IDs apart, as measured.
"""

from __future__ import annotations

import hashlib
import itertools
import math
import random
import secrets
from typing import Any

import pytest

from id_isolation.collisions.entropy import (
    FALSE_ALARM,
    Anatomy,
    assess,
    log_poisson_tail,
    measure,
    pick_alphabet,
)

from ..rounds import SEEDS

SIZE = 4_000

SOUND = {
    "8 hex": lambda: secrets.token_hex(4),
    "32 hex": lambda: secrets.token_hex(16),
    "16 base64": lambda: secrets.token_urlsafe(12),
    "12 digits": lambda: "".join(secrets.choice("0123456789") for _ in range(12)),
}


def _bad_generators(seed: int) -> Any:
    chance = random.Random(seed)
    state = [seed]

    def congruent() -> str:
        state[0] = (state[0] * 1_103_515_245 + 12_345) % 2**32
        return f"{state[0]:08x}"

    last = [f"{seed:08x}"]

    def again() -> str:
        if chance.random() >= 0.01:
            last[0] = f"{chance.getrandbits(32):08x}"
        return last[0]

    start = chance.getrandbits(31)
    numbers = iter(range(start, start + 10**6))
    return {
        "16 bits padded": lambda: f"{chance.getrandbits(16):08x}",
        "16 bits hashed": lambda: hashlib.md5(chance.randbytes(2)).hexdigest()[:8],
        "constant position": lambda: "7" + f"{chance.getrandbits(28):07x}",
        "counter": lambda: f"{next(numbers):08x}",
        "multiplied counter": lambda: f"{next(numbers) * 2654435761 % 2**32:08x}",
        "linear congruence": congruent,
        "half repeated": lambda: f"{chance.getrandbits(16):04x}" * 2,
        "one symbol too often": lambda: "".join(chance.choices("0123456789abcdef", [2] + [1] * 15, k=8)),
        "one symbol never": lambda: "".join(chance.choices("0123456789abcde", k=8)),
        "seeds used again": lambda: f"{random.Random(chance.randrange(1000)).getrandbits(32):08x}",
        "last one again at times": again,
    }


def _caught(name: str, seeds: range) -> list[bool]:
    generators = [_bad_generators(seed)[name] for seed in seeds]
    return [bool(assess([generate() for _ in range(SIZE)]).faults) for generate in generators]


@pytest.mark.parametrize("name", _bad_generators(0))
def test_each_bad_generator_is_caught(name: Any) -> None:
    """Each sample shows it."""
    assert _caught(name, range(3)) == [True] * 3


@pytest.mark.slow
@pytest.mark.parametrize("name", _bad_generators(0))
def test_each_bad_generator_is_caught_with_twenty_seeds(name: Any) -> None:
    """Twenty samples of twenty show it."""
    assert _caught(name, SEEDS) == [True] * len(SEEDS)


@pytest.mark.parametrize("size", [64, 1_000])
@pytest.mark.parametrize("name", SOUND)
def test_sound_parts_pass(name: Any, size: Any) -> None:
    """Samples small and large pass."""
    assert [assess([SOUND[name]() for _ in range(size)]).faults for _ in range(5)] == [()] * 5


@pytest.mark.slow
@pytest.mark.parametrize("name", SOUND)
def test_sound_parts_pass_forty_times(name: Any) -> None:
    """Forty large samples pass."""
    assert [assess([SOUND[name]() for _ in range(SIZE)]).faults for _ in range(40)] == [()] * 40


def test_the_bounds_hold_where_they_can_be_counted() -> None:
    """At a false-alarm probability of one half, far fewer than half of sound samples are called unsound."""
    chance = random.Random(4)
    wrong = sum(
        bool(assess([f"{chance.getrandbits(16):04x}" for _ in range(200)], false_alarm=0.5).faults) for _ in range(200)
    )
    assert wrong < 60


@pytest.mark.parametrize("mean", [0.001, 0.5, 4.0])
def test_the_poisson_bound_lies_above_the_tail(mean: Any) -> None:
    """The bound is never smaller than the exact value."""
    for count in range(1, 30):
        exact = 1 - sum(math.exp(-mean) * mean**k / math.factorial(k) for k in range(count))
        assert exact <= math.exp(log_poisson_tail(count, mean)) * (1 + 1e-9) + 1e-12


def test_no_repeat_is_expected_of_nothing() -> None:
    """A mean of zero leaves no chance for one."""
    assert log_poisson_tail(1, 0.0) == -math.inf
    assert log_poisson_tail(0, 0.0) == 0.0


def test_bits_are_counted() -> None:
    """Claimed, left and proven bits are told apart."""
    chance = random.Random(5)
    result = assess([f"{chance.getrandbits(128):032x}" for _ in range(SIZE)])
    assert (result.claimed, result.at_most) == (128.0, 128.0)
    assert 17 < result.at_least < 20
    assert result.false_alarm == FALSE_ALARM < 1e-6
    assert "proves 18.9 bits" in result.sentence()


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        (["ab"] * 63, "63 random parts are too few"),
        (["ab"] * 63 + ["abc"], r"lengths \[2, 3\]"),
        ([""] * 64, r"lengths \[0\]"),
        (["ß!"] * 64, "no usual alphabet"),
    ],
    ids=["few", "lengths", "empty", "symbols"],
)
def test_a_sample_that_cannot_be_tested_is_explained(parts: Any, says: Any) -> None:
    """One sentence says what is wrong."""
    with pytest.raises(ValueError, match=says):
        assess(parts)


@pytest.mark.parametrize(
    ("text", "size"), [("0110", 2), ("0129", 10), ("09af", 16), ("09AF", 16), ("09az", 36), ("09aZ", 62), ("a-Z_9", 64)]
)
def test_the_smallest_usual_alphabet_is_picked(text: Any, size: Any) -> None:
    """All symbols are in it, and no smaller one has them."""
    assert len(pick_alphabet([text])) == size


def _minted(clocks: Any, counters: Any, random: Any = lambda: secrets.token_hex(4)) -> Any:
    clocks, counters = iter(clocks), iter(counters)
    return lambda: f"{next(clocks)}_{next(counters)}_{random()}"


def _anatomy(text: str) -> Anatomy:
    clock, counter, random = text.split("_")
    return Anatomy(int(clock), int(counter), random)


def test_a_millisecond_a_counter_and_32_bits_are_measured() -> None:
    """Tick, scope, step and bits are those of the generator."""
    clocks = (1_700_000_000_000 + n // 7 for n in itertools.count())
    structure = measure(_minted(clocks, itertools.count(1)), _anatomy)
    assert (structure.tick, structure.scope, structure.step, structure.wrap) == (0.001, "process", 1, None)
    assert structure.random_bits == 32.0
    assert 15 < structure.proven_bits < 20


def test_a_coarse_clock_is_seen_through_its_fine_unit() -> None:
    """Milliseconds that come in tens are a tick of ten."""
    clocks = (10 * (n // 5) for n in itertools.count())
    assert measure(_minted(clocks, itertools.count(1)), _anatomy).tick == pytest.approx(0.01)


def test_a_sequence_that_begins_anew_with_each_tick_is_recognised() -> None:
    """It falls only where the clock has moved."""
    clocks = (n // 5 for n in itertools.count())
    assert measure(_minted(clocks, (n % 5 for n in itertools.count())), _anatomy).scope == "tick"


def test_a_counter_that_wraps_is_recognised() -> None:
    """The number of its values is measured."""
    structure = measure(_minted(itertools.repeat(1), (2 * (n % 500) for n in itertools.count())), _anatomy)
    assert (structure.scope, structure.step, structure.wrap) == ("process", 2, 500)


def test_a_counter_that_stands_still_is_none() -> None:
    """A constant tells nothing apart."""
    assert measure(_minted(itertools.count(), itertools.repeat(0)), _anatomy).scope == "none"


def test_a_random_part_with_a_fault_counts_for_nothing() -> None:
    """A counter in disguise is no randomness."""
    numbers = itertools.count(1)
    mint = _minted(itertools.count(), itertools.count(), lambda: f"{next(numbers):08x}")
    structure = measure(mint, _anatomy)
    assert structure.random_bits == 0
    assert structure.randomness is not None
    assert structure.randomness.faults


def test_opaque_ids_have_their_random_part_alone() -> None:
    """No clock, no counter."""
    structure = measure(lambda: secrets.token_hex(16), lambda text: Anatomy(random=text))
    assert (structure.tick, structure.scope, structure.random_bits) == (None, "none", 128.0)


def test_ids_of_several_kinds_are_refused() -> None:
    """A mixture has no structure."""
    kinds = itertools.cycle([Anatomy(clock=1), Anatomy()])
    with pytest.raises(ValueError, match="take IDs of one kind"):
        measure(lambda: "id", lambda text: next(kinds))


def test_the_number_of_samples_has_limits() -> None:
    """Too few say nothing, too many take too long."""
    with pytest.raises(ValueError, match="63 samples"):
        measure(lambda: "id", lambda text: Anatomy(), samples=63)
