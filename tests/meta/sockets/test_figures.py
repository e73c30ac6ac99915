"""The figures of a load that several workers shared."""

from __future__ import annotations

from id_isolation.world.swarm import Figures, total


def test_numbers_are_added_up_and_of_times_and_memory_the_worst_is_told() -> None:
    """Of one worker they stay what they are."""
    one = Figures(3, 6, 90, 1, 0, p50=4.0, p99=50.0, seconds=2.0, memory=70.0)
    other = Figures(2, 4, 60, 0, 2, p50=5.0, p99=40.0, seconds=1.0, memory=80.0)
    assert total([one]) == one
    assert total([one, other]) == Figures(5, 10, 150, 1, 2, p50=5.0, p99=50.0, seconds=2.0, memory=80.0)
