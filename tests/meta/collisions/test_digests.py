"""Digests, and the share that every process samples alike."""

from __future__ import annotations

import json
import random

import pytest

from id_isolation.collisions.evidence import Digests, Sample, bound_of, cut, digest, encoded


def _lines(count, seed=1):
    chance = random.Random(seed)
    return [f"id_{chance.getrandbits(64)}".encode() for _ in range(count)]


def _digests(lines):
    made = Digests()
    made.add(lines)
    return made


def _pairs(digests):
    columns = zip(digests.numbers, digests.checks, strict=True)
    return {pair for numbers, checks in columns for pair in zip(numbers, checks, strict=True)}


def test_digests_lie_below_their_bound_and_differ():
    """Ten thousand similar IDs have ten thousand digests."""
    found = {digest(f"session_auth_user_{n}_001".encode()) for n in range(10_000)}
    assert len(found) == 10_000
    assert max(found) < 2**61


def test_a_share_holds_what_lies_below_its_bound():
    """Numbers and checks stay beside each other."""
    whole = _digests(_lines(2_000))
    half = whole.within(1)
    assert _pairs(half) == {pair for pair in _pairs(whole) if pair[1] < bound_of(1)}
    assert 0 < len(half) < len(whole)
    assert _pairs(whole.within(0)) == _pairs(whole)


def test_a_share_of_ids_that_differ_in_a_counter_alone_is_what_its_size_says():
    """What IDs have in common decides nothing."""
    whole = _digests([f"session_auth_{n:05d}".encode() for n in range(40_000)])
    assert len(whole.within(3)) == pytest.approx(5_000, rel=0.1)


def test_digests_of_two_are_joined():
    """The order is kept, and nothing is lost."""
    lines = _lines(500)
    joined = _digests(lines[:200])
    joined.extend(_digests(lines[200:]))
    assert joined == _digests(lines)


def test_digests_travel_as_json():
    """They come back the same, in few bytes."""
    whole = _digests(_lines(3_000))
    text = json.dumps(whole.to_json())
    assert Digests.from_json(json.loads(text)) == whole
    assert len(text) < 3_000 * 17


def test_digests_that_do_not_fit_their_sizes_are_refused():
    """A cut text is no smaller set of digests."""
    data = _digests(_lines(10)).to_json()
    with pytest.raises(ValueError, match="do not fit together"):
        Digests.from_json({**data, "sizes": [1] * 64})


def test_a_cut_keeps_a_share_that_fits():
    """It halves no oftener than it must."""
    whole = _digests(_lines(4_000))
    halvings, kept = cut(whole, 0, 300)
    assert len(kept) <= 300 < len(whole.within(halvings - 1))
    assert cut(whole, 0, 4_000) == (0, whole)


def test_two_samples_agree_on_what_they_leave_out():
    """Of the IDs in both, the smaller share holds the same."""
    ids = [line.decode() for line in _lines(3_000)]
    samples = []
    for size in (100, 400):
        sample = Sample(size)
        for start in range(0, len(ids), 500):
            sample.add(encoded(ids[start : start + 500]))
        samples.append(sample)
    small, large = samples
    assert (small.count, large.count) == (3_000, 3_000)
    assert small.halvings > large.halvings > 0
    assert _pairs(small.digests) == _pairs(large.digests.within(small.halvings))
