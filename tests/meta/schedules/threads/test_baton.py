"""The baton passes to a lane that can go on; where none can, a wait runs out, or the run is given up."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from id_isolation.schedules.execution import Follow
from id_isolation.schedules.instructions import TracedCode
from id_isolation.schedules.schedule import Schedule, Switch
from id_isolation.schedules.threads import Scheduler
from id_isolation.timing import units

from ..samples import traced


@dataclass
class _Held:
    """A lock that stays held, by a thread of that identity."""

    holder: int | None

    def locked(self) -> bool:
        return True


_OURS, _FOREIGN = 1, 99


@pytest.fixture
def baton() -> Scheduler:
    """Of two lanes, whose schedule has one switch: from the first lane's third step to the second lane."""
    made = Scheduler(
        TracedCode(traced), 2, units(0.02), Follow(Schedule("threads", 2, 0, (Switch(0, 2, 1),))), record=True
    )
    made.idents = {_OURS}
    return made


def test_the_baton_goes_where_the_schedule_says(baton: Scheduler) -> None:
    """Each decision is noted, and only the lane that is chosen is let go."""
    chosen = [baton.pass_on(0, "point", baton.able, "there", hot=False) for _ in range(3)]
    assert chosen == [0, 0, 1]
    assert [gate.locked() for gate in baton.gates] == [True, False]
    assert [(event.step, event.chosen) for event in baton.seen.events] == [(0, 0), (1, 0), (2, 1)]


def test_a_lane_that_waits_cannot_go_on_until_it_is_ready(baton: Scheduler) -> None:
    """A timed wait is known as one for as long."""
    baton.wait(1, _Held(_OURS), timed=True)
    assert (baton.able, baton.timed) == ((0,), (1,))
    baton.ready(1)
    assert (baton.able, baton.timed) == ((0, 1), ())


def test_where_all_wait_a_timed_wait_runs_out(baton: Scheduler) -> None:
    """Before anything is taken for a deadlock."""
    baton.wait(0, _Held(_OURS), timed=False)
    baton.wait(1, _Held(_OURS), timed=True)
    assert baton.who_can(0) == (1,)
    assert baton.timed_out == {1}
    assert baton.seen.end == "done"


@pytest.mark.parametrize(("holder", "end"), [(_OURS, "deadlock"), (_FOREIGN, "blocked outside control")])
def test_where_all_wait_for_good_the_run_is_given_up(baton: Scheduler, holder: int, end: str) -> None:
    """A lock that a lane holds makes a deadlock; whoever else holds one is not under control."""
    baton.at = ["first place", "second place"]
    for lane in (0, 1):
        baton.wait(lane, _Held(holder), timed=False)
    assert baton.who_can(1) == (1,)
    assert baton.unwinding
    assert (baton.seen.end, baton.seen.stuck) == (end, "first place")
    assert baton.seen.waiting == {0: "first place", 1: "second place"}


def test_giving_up_control_opens_every_gate(baton: Scheduler) -> None:
    """Also twice."""
    for _ in range(2):
        baton.let_all_go("out of steps", "a loop")
    assert not any(gate.locked() for gate in baton.gates)
    assert (baton.free, baton.seen.end, baton.seen.stuck) == (True, "out of steps", "a loop")
