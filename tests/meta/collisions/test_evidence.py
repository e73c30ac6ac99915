"""Evidence that is merged over workers and machines."""

from __future__ import annotations

import json

import pytest

from id_isolation.collisions.digests import Sample, digest, encoded
from id_isolation.collisions.evidence import Evidence, Merger, condensed, merge


def _worker(name: str, ids: list[str], size: int = 1_000) -> Evidence:
    sample, lines = Sample(size), encoded(ids)
    sample.add([digest(line) for line in lines], lines)
    return Evidence(name, len(ids), sample.halvings, sample.digests())


def test_an_id_that_two_workers_minted_is_found():
    """Both workers are named."""
    merged = merge([_worker("gw0", ["a", "b"]), _worker("gw1", ["c"]), _worker("gw2", ["b", "d"])])
    assert [names for _, names in merged.shared] == [("gw0", "gw2")]
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
    assert len(merged.shared) == len(small.digests) > 0
    assert merged.compared == len(small.digests) + 4_000


def test_a_merger_keeps_no_more_than_it_may():
    """What it found before it let go of digests stays found, and the share tells what was let go."""
    merger = Merger(size=100)
    merger.add(_worker("gw0", ["twice", *(f"a_{n}" for n in range(50))]))
    merger.add(_worker("gw1", ["twice"]))
    merger.add(_worker("gw2", [f"b_{n}" for n in range(900)]))
    merged = merger.merged()
    assert [names for _, names in merged.shared] == [("gw0", "gw1")]
    assert (merged.count, merged.share < 0.2) == (952, True)


def test_processes_of_one_worker_are_condensed_to_one_sample():
    """Every process is cut to the same share, so that nothing which two workers minted is in one sample alone."""
    ids = [f"id_{n}" for n in range(4_000)]
    one = condensed([_worker("p1", ids[:3_000], size=3_000), _worker("p2", ids[3_000:], size=100)], "gw0", size=300)
    other = condensed([_worker("p1", ids, size=4_000)], "gw1", size=300)
    assert (one.count, other.count) == (4_000, 4_000)
    assert max(len(one.digests), len(other.digests)) <= 300
    merged = merge([one, other])
    assert len(merged.shared) == min(len(one.digests), len(other.digests)) > 0


def test_evidence_travels_as_json():
    """It comes back the same."""
    evidence = _worker("gw0", ["a", "b"])
    assert Evidence.from_json(json.loads(json.dumps(evidence.to_json()))) == evidence


def test_evidence_of_another_schema_is_refused():
    """The version is named."""
    with pytest.raises(ValueError, match="schema 2"):
        Evidence.from_json({**_worker("gw0", ["a"]).to_json(), "schema": 2})


def test_nothing_merges_to_nothing():
    """No workers, no IDs."""
    assert merge([]).count == 0
