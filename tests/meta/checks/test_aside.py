"""What a check hands over beside its verdict."""

from __future__ import annotations

import json

from id_isolation.checks.context import RunData
from id_isolation.collisions.evidence import Evidence, Sample
from id_isolation.world.swarm import Figures


def test_it_travels_as_json() -> None:
    """Evidence and figures come back the same; a verdict without gives nothing."""
    load = Figures(3, 6, 90, 1, 0, p50=4.0, p99=50.0, seconds=2.0, memory=70.0)
    sample = Sample()
    sample.add([b"a", b"b"])
    aside = RunData((Evidence("X3", sample.count, 0, sample.digests),), load)
    assert RunData.from_json(json.loads(json.dumps(aside.to_json()))) == aside
    assert RunData.from_json(None) == RunData()
