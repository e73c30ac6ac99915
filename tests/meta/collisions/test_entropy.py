"""The tests of the random part: what they catch, and how rarely they are wrong."""

from __future__ import annotations

import hashlib
import math
import random
import secrets

import pytest

from id_isolation.collisions.entropy import FALSE_ALARM, assess, log_poisson_tail

from ..rounds import SEEDS

SIZE = 4_000


def _bad_generators(seed: int):
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
def test_each_bad_generator_is_caught(name):
    """Each sample shows it."""
    assert _caught(name, range(3)) == [True] * 3


@pytest.mark.slow
@pytest.mark.parametrize("name", _bad_generators(0))
def test_each_bad_generator_is_caught_with_twenty_seeds(name):
    """Twenty samples of twenty show it."""
    assert _caught(name, SEEDS) == [True] * len(SEEDS)


SOUND = {
    "8 hex": lambda: secrets.token_hex(4),
    "32 hex": lambda: secrets.token_hex(16),
    "16 base64": lambda: secrets.token_urlsafe(12),
    "12 digits": lambda: "".join(secrets.choice("0123456789") for _ in range(12)),
}


@pytest.mark.parametrize("size", [64, 1_000])
@pytest.mark.parametrize("name", SOUND)
def test_sound_parts_pass(name, size):
    """Samples small and large pass."""
    assert [assess([SOUND[name]() for _ in range(size)]).faults for _ in range(5)] == [()] * 5


@pytest.mark.slow
@pytest.mark.parametrize("name", SOUND)
def test_sound_parts_pass_forty_times(name):
    """Forty large samples pass."""
    assert [assess([SOUND[name]() for _ in range(SIZE)]).faults for _ in range(40)] == [()] * 40


def test_the_bounds_hold_where_they_can_be_counted():
    """At a false-alarm probability of one half, far fewer than half of sound samples are called unsound."""
    chance = random.Random(4)
    wrong = sum(
        bool(assess([f"{chance.getrandbits(16):04x}" for _ in range(200)], false_alarm=0.5).faults) for _ in range(200)
    )
    assert wrong < 60


@pytest.mark.parametrize("mean", [0.001, 0.5, 4.0])
def test_the_poisson_bound_lies_above_the_tail(mean):
    """The bound is never smaller than the exact value."""
    for count in range(1, 30):
        exact = 1 - sum(math.exp(-mean) * mean**k / math.factorial(k) for k in range(count))
        assert exact <= math.exp(log_poisson_tail(count, mean)) * (1 + 1e-9) + 1e-12


def test_no_repeat_is_expected_of_nothing():
    """A mean of zero leaves no chance for one."""
    assert log_poisson_tail(1, 0.0) == -math.inf
    assert log_poisson_tail(0, 0.0) == 0.0


def test_bits_are_counted():
    """Claimed, left and proven bits are told apart."""
    chance = random.Random(5)
    result = assess([f"{chance.getrandbits(128):032x}" for _ in range(SIZE)])
    assert (result.claimed, result.at_most) == (128.0, 128.0)
    assert 17 < result.at_least < 20
    assert result.false_alarm == FALSE_ALARM < 1e-6
    assert "proves 18.9 bits" in result.sentence()


def test_fewer_bits_than_demanded_are_a_fault():
    """Sound, and still too few."""
    result = assess([secrets.token_hex(2) for _ in range(2_000)], demanded=32)
    assert [fault.test for fault in result.faults] == ["bits"]
    assert "16.0 bits at most, and 32.0 are demanded" in result.sentence()


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
def test_a_sample_that_cannot_be_tested_is_explained(parts, says):
    """One sentence says what is wrong."""
    with pytest.raises(ValueError, match=says):
        assess(parts)


def test_a_symbol_outside_the_given_alphabet_is_named():
    """The alphabet must be right."""
    with pytest.raises(ValueError, match="'z' is not in the alphabet"):
        assess(["az"] * 64, alphabet="abc")
