"""Lines, digests, and the share that every process samples alike."""

from __future__ import annotations

import random

import pytest

from id_isolation.collisions.digests import Ledger, Sample, decoded, digest, encoded, lines_with

AWKWARD = ["", "a", "a\nb", "a\\nb", "a\\\nb", "\\", "\\\\", "ü", "\udc80", "\n", "\n\n", "a" * 10_000]


def test_any_text_survives_being_made_a_line():
    """Newlines, backslashes and lone surrogates come back."""
    assert [decoded(line) for line in encoded(AWKWARD)] == AWKWARD
    assert all(b"\n" not in line for line in encoded(AWKWARD))


@pytest.mark.parametrize("text", AWKWARD, ids=range(len(AWKWARD)))
def test_a_text_has_the_same_line_alone_and_among_others(text):
    """Batches may be cut anywhere."""
    assert encoded([text])[0] == encoded(AWKWARD)[AWKWARD.index(text)]


def test_digests_lie_below_their_bound_and_differ():
    """Ten thousand similar IDs have ten thousand digests."""
    found = {digest(f"session_auth_user_{n}_001".encode()) for n in range(10_000)}
    assert len(found) == 10_000
    assert max(found) < 2**61


def test_two_samples_agree_on_what_they_leave_out():
    """Of the IDs in both, the smaller share holds the same."""
    chance = random.Random(1)
    ids = [f"id_{chance.getrandbits(64)}" for _ in range(3_000)]
    samples = []
    for size in (100, 400):
        sample = Sample(size)
        for start in range(0, len(ids), 500):
            lines = encoded(ids[start : start + 500])
            sample.add([digest(line) for line in lines], lines)
        samples.append(sample)
    small, large = samples
    assert small.halvings > large.halvings > 0
    below = 1 << 61 >> small.halvings
    assert set(small.digests()) == {pair for pair in large.digests() if pair[0] < below}


def test_a_ledger_finds_the_lines_of_a_digest(tmp_path):
    """Number and text are those that were added."""
    ledger = Ledger(tmp_path, "one")
    ledger.add(f"id_{n}" for n in range(50_000))
    path = ledger.close()
    assert list(lines_with(path, {digest(b"id_31415")})) == [(31_415, b"id_31415")]
