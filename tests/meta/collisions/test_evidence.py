"""Evidence that is merged over workers and machines."""

from __future__ import annotations

import json

import pytest

from id_isolation.collisions.evidence import (
    Closed,
    Digests,
    Evidence,
    Ledger,
    Merger,
    Sample,
    digest,
    encoded,
    evidence_of,
    merge,
)


def _worker(name: str, ids: list[str], size: int = 1_000) -> Evidence:
    sample = Sample(size)
    sample.add(encoded(ids))
    return Evidence(name, sample.count, sample.halvings, sample.digests)


def test_an_id_that_two_workers_minted_is_found():
    """Both workers are named."""
    merged = merge([_worker("gw0", ["a", "b"]), _worker("gw1", ["c"]), _worker("gw2", ["b", "d"])])
    assert [names for _, names in merged.shared] == [("gw0", "gw2")]
    assert merged.twice == 1
    assert "by gw0 and gw2" in merged.sentence()


def test_disjoint_workers_share_nothing():
    """All IDs were compared, and it is said."""
    merged = merge([_worker("gw0", ["a", "b"]), _worker("gw1", ["c"])])
    assert (merged.count, merged.compared, merged.share, merged.shared) == (3, 3, 1.0, ())
    assert "none was minted by more than one" in merged.sentence()


def test_of_samples_of_different_shares_all_that_both_kept_is_found():
    """The share says of which part everything was compared."""
    ids = [f"id_{n}" for n in range(4_000)]
    small, large = _worker("gw0", ids, size=200), _worker("gw1", ids, size=4_000)
    merged = merge([small, large])
    assert merged.share < 0.1
    assert merged.twice == len(small.digests) > 0
    assert len(merged.shared) == 20
    assert merged.compared == len(small.digests) + 4_000


def test_a_merger_keeps_no_more_than_it_may():
    """What it found before it let go of digests stays found, and the share tells what was let go."""
    merger = Merger(size=100)
    merger.add(_worker("gw0", ["twice", *(f"a_{n}" for n in range(50))]))
    merger.add(_worker("gw1", ["twice"]))
    merger.add(_worker("gw2", [f"b_{n}" for n in range(900)]))
    merged = merger.merged()
    assert (merged.twice, [names for _, names in merged.shared]) == (1, [("gw0", "gw1")])
    assert (merged.count, merged.share < 0.2) == (952, True)


def test_what_is_found_again_after_a_cut_is_counted_once():
    """Of many that came twice, some are let go of and some are kept."""
    ids = [f"id_{n}" for n in range(60)]
    merger = Merger(size=130)
    for name in ("gw0", "gw1"):
        merger.add(_worker(name, ids))
    assert merger.merged().twice == 60
    merger.add(_worker("gw2", [f"b_{n}" for n in range(300)]))
    assert (merger.merged().twice, merger.merged().share < 1) == (60, True)


def test_different_ids_with_one_digest_are_told_apart_by_their_checks():
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


def _ledgers(folder, **ids_of):
    made = []
    for name, ids in ids_of.items():
        ledger = Ledger(folder, name)
        ledger.add(ids)
        made.append(Closed.at(ledger.close()))
    return made


@pytest.mark.parametrize("size", [300, 4_000])
def test_processes_of_one_worker_give_one_evidence(tmp_path, size):
    """Every process is cut to the same share, so that nothing which two workers minted is in one evidence alone."""
    ids = [f"id_{n}" for n in range(4_000)]
    one = evidence_of(_ledgers(tmp_path, p1=ids[:3_000], p2=ids[3_000:]), "gw0", size)
    other = evidence_of(_ledgers(tmp_path, p3=ids), "gw1", size)
    assert (one.count, other.count) == (4_000, 4_000)
    assert len(one.digests) == len(other.digests) <= size
    assert merge([one, other]).twice == len(one.digests) > 0


def test_evidence_travels_as_json():
    """It comes back the same."""
    evidence = _worker("gw0", ["a", "b"])
    assert Evidence.from_json(json.loads(json.dumps(evidence.to_json()))) == evidence


def test_evidence_of_another_schema_is_refused():
    """The version is named."""
    with pytest.raises(ValueError, match="schema 7"):
        Evidence.from_json({**_worker("gw0", ["a"]).to_json(), "schema": 7})


def test_nothing_merges_to_nothing():
    """No workers, no IDs."""
    assert merge([]).count == 0
