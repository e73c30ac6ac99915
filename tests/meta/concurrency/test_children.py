"""Child processes: what becomes of each is said, and none is left over."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from id_isolation.timing import units
from id_isolation.world.processes import ChildFailure, forked, values

from ..own_children import own_children
from . import samples


@pytest.fixture(autouse=True)
def every_child_is_reaped() -> Iterator[None]:
    """Whatever a test forks is gone, and waited for, when it ends."""
    before = own_children()
    yield
    assert own_children() <= before


def test_a_failing_child_hands_its_traceback_on():
    """The parent reads where the child failed."""
    (ended,) = forked(samples.fail, 1)
    assert "child 0 fails on purpose" in ended.trouble
    assert "samples.py" in ended.trouble


def test_a_killed_child_is_reported_by_its_signal():
    """A child that was killed is not taken for one that returned nothing."""
    (ended,) = forked(samples.die, 1)
    assert ended.trouble == "killed by SIGKILL"


def test_a_child_that_exits_without_a_word_is_reported():
    """An exit from inside the function is trouble, whatever its code."""
    (ended,) = forked(lambda _: os._exit(7), 1)
    assert ended.trouble == "ended with exit code 7 and no word"


def test_a_child_that_does_not_end_is_killed_at_the_deadline():
    """The straggler is late; the other child's value is kept; no process remains."""

    def body(index: int) -> int:
        if index:
            read, _ = os.pipe()
            os.read(read, 1)
        return index

    first, second = forked(body, 2, deadline=units(0.3))
    assert (first.value, first.trouble) == (0, "")
    assert second.late


def test_a_grandchild_that_holds_the_pipe_open_does_not_delay_the_report():
    """A child's end counts, even while a process that it started lives on."""

    def body(index: int) -> str:
        if os.fork() == 0:
            read, _ = os.pipe()
            os.set_blocking(read, True)
            import select

            select.select([read], [], [], units(3))
            os._exit(0)
        return "done"

    (ended,) = forked(body, 1, deadline=units(10))
    assert ended.value == "done"


def test_values_name_every_child_that_failed():
    """The message tells each failed child apart."""
    with pytest.raises(ChildFailure, match=r"(?s)2 of 2.*child 0 .*child 1 "):
        values(forked(samples.die, 2))
