"""Evidence that is merged over workers and machines.

The ledger of one process, open and closed. Digests, and the share that every process samples alike. IDs as lines of
bytes.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from id_isolation.collisions.evidence import (
    PARTS,
    Closed,
    Digests,
    Evidence,
    Ledger,
    Merger,
    Sample,
    bound_of,
    cut,
    decoded,
    digest,
    encoded,
    evidence_of,
    merge,
)

pytestmark = pytest.mark.quick

AWKWARD = ["", "a", "a\nb", "a\\nb", "a\\\nb", "\\", "\\\\", "ü", "\udc80", "\n", "\n\n", "a" * 10_000]


def _worker(name: str, ids: list[str], size: int = 1_000) -> Evidence:
    sample = Sample(size)
    sample.add(encoded(ids))
    return Evidence(name, sample.count, sample.halvings, sample.digests)


def test_an_id_that_two_workers_minted_is_found() -> None:
    """Both workers are named."""
    merged = merge([_worker("gw0", ["a", "b"]), _worker("gw1", ["c"]), _worker("gw2", ["b", "d"])])
    assert [names for _, names in merged.shared] == [("gw0", "gw2")]
    assert merged.twice == 1
    assert "by gw0 and gw2" in merged.sentence()


def test_disjoint_workers_share_nothing() -> None:
    """All IDs were compared, and it is said."""
    merged = merge([_worker("gw0", ["a", "b"]), _worker("gw1", ["c"])])
    assert (merged.count, merged.compared, merged.share, merged.shared) == (3, 3, 1.0, ())
    assert "none was minted by more than one" in merged.sentence()


def test_of_samples_of_different_shares_all_that_both_kept_is_found() -> None:
    """The share says of which part everything was compared."""
    ids = [f"id_{n}" for n in range(4_000)]
    small, large = _worker("gw0", ids, size=200), _worker("gw1", ids, size=4_000)
    merged = merge([small, large])
    assert merged.share < 0.1
    assert merged.twice == len(small.digests) > 0
    assert len(merged.shared) == 20
    assert merged.compared == len(small.digests) + 4_000


def test_a_merger_keeps_no_more_than_it_may() -> None:
    """What it found before it let go of digests stays found, and the share tells what was let go."""
    merger = Merger(size=100)
    merger.add(_worker("gw0", ["twice", *(f"a_{n}" for n in range(50))]))
    merger.add(_worker("gw1", ["twice"]))
    merger.add(_worker("gw2", [f"b_{n}" for n in range(900)]))
    merged = merger.merged()
    assert (merged.twice, [names for _, names in merged.shared]) == (1, [("gw0", "gw1")])
    assert (merged.count, merged.share < 0.2) == (952, True)


def test_what_is_found_again_after_a_cut_is_counted_once() -> None:
    """Of many that came twice, some are let go of and some are kept."""
    ids = [f"id_{n}" for n in range(60)]
    merger = Merger(size=130)
    for name in ("gw0", "gw1"):
        merger.add(_worker(name, ids))
    assert merger.merged().twice == 60
    merger.add(_worker("gw2", [f"b_{n}" for n in range(300)]))
    assert (merger.merged().twice, merger.merged().share < 1) == (60, True)


def test_different_ids_with_one_digest_are_told_apart_by_their_checks() -> None:
    """Two lines that are equal modulo the prime are no duplicate."""
    first = b"session_0123456789"
    second = (int.from_bytes(first) + 2**61 - 1).to_bytes(len(first))
    assert digest(first) == digest(second)
    kept = []
    for name, line in (("gw0", first), ("gw1", second)):
        digests = Digests()
        digests.add([line])
        kept.append(Evidence(name, 1, 0, digests))
    assert merge(kept).twice == 0


def _ledgers(folder: Any, size: int, **ids_of: Any) -> Any:
    made = []
    for name, ids in ids_of.items():
        ledger = Ledger(folder, name, size)
        ledger.add(ids)
        made.append(Closed.at(ledger.close()))
    return made


@pytest.mark.parametrize("size", [300, 4_000])
def test_processes_of_one_worker_give_one_evidence(tmp_path: Path, size: Any) -> None:
    """Every process is cut to the same share, so that nothing which two workers minted is in one evidence alone."""
    ids = [f"id_{n}" for n in range(4_000)]
    one = evidence_of(_ledgers(tmp_path, size, p1=ids[:3_000], p2=ids[3_000:]), "gw0", size)
    other = evidence_of(_ledgers(tmp_path, size, p3=ids), "gw1", size)
    assert (one.count, other.count) == (4_000, 4_000)
    assert len(one.digests) == len(other.digests) <= size
    assert merge([one, other]).twice == len(one.digests) > 0


def test_evidence_travels_as_json() -> None:
    """It comes back the same."""
    evidence = _worker("gw0", ["a", "b"])
    assert Evidence.from_json(json.loads(json.dumps(evidence.to_json()))) == evidence


def test_evidence_of_another_schema_is_refused() -> None:
    """The version is named."""
    with pytest.raises(ValueError, match="schema 7"):
        Evidence.from_json({**_worker("gw0", ["a"]).to_json(), "schema": 7})


def test_nothing_merges_to_nothing() -> None:
    """No workers, no IDs."""
    assert merge([]).count == 0


def test_a_ledger_finds_the_lines_of_a_digest(tmp_path: Path) -> None:
    """Number and text are those that were added."""
    ledger = Ledger(tmp_path, "one")
    ledger.add(f"id_{n}" for n in range(50_000))
    closed = Closed.at(ledger.close())
    assert (closed.name, closed.count) == ("one", 50_000)
    assert list(closed.lines_with({digest(b"id_31415")})) == [(31_415, b"id_31415")]


def test_each_partition_holds_its_digests(tmp_path: Path) -> None:
    """All IDs are in one partition each, in the order in which they came; what travels has its checks."""
    ledger, lines = Ledger(tmp_path, "one"), [f"id_{n}".encode() for n in range(3_000)]
    ledger.add(line.decode() for line in lines)
    closed = Closed.at(ledger.close())
    for place in range(PARTS):
        inside = [line for line in lines if digest(line) % PARTS == place]
        assert list(closed.numbers(place)) == list(map(digest, inside))
        assert list(closed.evidence.digests.checks[place]) == list(map(crc32, inside))


def _lines(count: Any, seed: Any = 1) -> Any:
    chance = random.Random(seed)
    return [f"id_{chance.getrandbits(64)}".encode() for _ in range(count)]


def _digests(lines: Any) -> Any:
    made = Digests()
    made.add(lines)
    return made


def _pairs(digests: Any) -> Any:
    columns = zip(digests.numbers, digests.checks, strict=True)
    return {pair for numbers, checks in columns for pair in zip(numbers, checks, strict=True)}


def test_digests_lie_below_their_bound_and_differ() -> None:
    """Ten thousand similar IDs have ten thousand digests."""
    found = {digest(f"session_auth_user_{n}_001".encode()) for n in range(10_000)}
    assert len(found) == 10_000
    assert max(found) < 2**61


def test_a_share_holds_what_lies_below_its_bound() -> None:
    """Numbers and checks stay beside each other."""
    whole = _digests(_lines(2_000))
    half = whole.within(1)
    assert _pairs(half) == {pair for pair in _pairs(whole) if pair[1] < bound_of(1)}
    assert 0 < len(half) < len(whole)
    assert _pairs(whole.within(0)) == _pairs(whole)


def test_a_share_of_ids_that_differ_in_a_counter_alone_is_what_its_size_says() -> None:
    """What IDs have in common decides nothing."""
    whole = _digests([f"session_auth_{n:05d}".encode() for n in range(40_000)])
    assert len(whole.within(3)) == pytest.approx(5_000, rel=0.1)


def test_digests_of_two_are_joined() -> None:
    """The order is kept, and nothing is lost."""
    lines = _lines(500)
    joined = _digests(lines[:200])
    joined.extend(_digests(lines[200:]))
    assert joined == _digests(lines)


def test_digests_travel_as_json() -> None:
    """They come back the same, in few bytes."""
    whole = _digests(_lines(3_000))
    text = json.dumps(whole.to_json())
    assert Digests.from_json(json.loads(text)) == whole
    assert len(text) < 3_000 * 17


def test_digests_that_do_not_fit_their_sizes_are_refused() -> None:
    """A cut text is no smaller set of digests."""
    data = _digests(_lines(10)).to_json()
    with pytest.raises(ValueError, match="do not fit together"):
        Digests.from_json({**data, "sizes": [1] * 64})


def test_a_cut_keeps_a_share_that_fits() -> None:
    """It halves no oftener than it must."""
    whole = _digests(_lines(4_000))
    halvings, kept = cut(whole, 0, 300)
    assert len(kept) <= 300 < len(whole.within(halvings - 1))
    assert cut(whole, 0, 4_000) == (0, whole)


def test_two_samples_agree_on_what_they_leave_out() -> None:
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


def test_any_text_survives_being_made_a_line() -> None:
    """Newlines, backslashes and lone surrogates come back."""
    assert [decoded(line) for line in encoded(AWKWARD)] == AWKWARD
    assert all(b"\n" not in line for line in encoded(AWKWARD))


@pytest.mark.parametrize("text", AWKWARD, ids=range(len(AWKWARD)))
def test_a_text_has_the_same_line_alone_and_among_others(text: Any) -> None:
    """Batches may be cut anywhere."""
    assert encoded([text])[0] == encoded(AWKWARD)[AWKWARD.index(text)]


def test_no_texts_are_no_lines() -> None:
    """An empty batch is not the batch of one empty text."""
    assert (encoded([]), encoded([""])) == ([], [b""])
