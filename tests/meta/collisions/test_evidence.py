"""Evidence that is merged over workers and machines."""

from __future__ import annotations

import json

import pytest

from id_isolation.collisions.digests import Sample, digest, encoded
from id_isolation.collisions.evidence import Evidence, merge


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


def test_samples_of_different_shares_are_compared_at_the_smaller_one():
    """What both kept is found; the share says how much that is."""
    ids = [f"id_{n}" for n in range(4_000)]
    merged = merge([_worker("gw0", ids, size=200), _worker("gw1", ids, size=4_000)])
    assert merged.share < 0.1
    assert len(merged.shared) * 2 == merged.compared > 0


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
