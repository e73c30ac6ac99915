"""The loop that all explorations of a process share."""

from __future__ import annotations

from id_isolation.schedules.tasks import abandon_loop, process_loop
from id_isolation.world.processes import forked, values


def test_a_process_has_one_loop():
    """Whoever asks gets the same, so that a module's locks belong to it for good."""
    assert process_loop() is process_loop()


def test_a_lost_loop_is_replaced():
    """A task blocks in it, so it is never run again."""

    def lose(_: int) -> bool:
        lost = process_loop()
        abandon_loop()
        return process_loop() is not lost

    # In a process of its own: the locks of the samples belong to this one's loop.
    assert values(forked(lose, 1)) == [True]


def test_a_forked_process_has_a_loop_of_its_own():
    """The copy of its parent's would share the parent's selector."""
    ours = process_loop()
    assert values(forked(lambda _: process_loop() is not ours, 1)) == [True]
