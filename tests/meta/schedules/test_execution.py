"""The plain order, and the schedules that depart from it."""

from __future__ import annotations

import pytest

from id_isolation.schedules import Schedule, Switch
from id_isolation.schedules.execution import Event, Execution, Follow, plain


@pytest.mark.parametrize(
    ("lane", "why", "able", "next_lane"),
    [
        (1, "point", (0, 1, 2), 1),
        (1, "waits", (0, 2), 2),
        (2, "ended", (0, 1), 0),
        (1, "gives way", (0, 1), 0),
        (1, "gives way", (1,), 1),
        (0, "gives way", (0, 1, 2), 1),
    ],
)
def test_the_plain_order_goes_on_or_round(lane, why, able, next_lane):
    """A lane goes on where it can; otherwise the next one does."""
    assert plain(lane, why, able) == next_lane


def test_a_schedule_is_followed_where_it_says_something_possible():
    """A lane that cannot run is passed over."""
    follow = Follow(Schedule("threads", 3, 2, (Switch(0, 5, 1), Switch(0, 6, 2))))
    assert follow.first(3) == 2
    assert follow.choose(0, 5, "point", (0, 1)) == 1
    assert follow.choose(0, 6, "point", (0, 1)) == 0
    assert follow.choose(0, 7, "point", (0, 1)) == 0
    assert follow.choose(0, 6, "point", (0, 1), (2,)) == 2


def test_an_execution_knows_its_switches_and_its_shape():
    """Staying is no switch."""
    execution = Execution(2, 0)
    execution.events += [Event(0, 1, "point", (0, 1), 0, True, "a"), Event(0, 2, "point", (0, 1), 1, True, "b")]
    assert execution.switches == 1
    assert execution.shape() == ((0, 2, 1),)


def test_a_wait_that_ends_before_its_time_counts_but_is_no_switch():
    """It makes another run of it, and a harder one to follow."""
    execution = Execution(2, 0)
    execution.events += [Event(0, 1, "waits", (1,), 0, True, "a", (0,)), Event(0, 2, "point", (0, 1), 0, True, "b")]
    assert (execution.switches, execution.size) == (0, 1)
    assert execution.shape() == ((0, 1, 0),)
