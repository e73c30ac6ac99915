"""Spawned and forked processes, and forks of a process that has minted.

Child processes: what becomes of each is said, and none is left over.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from id_isolation.timing import units
from id_isolation.world.processes import ChildFailure, fork_after, forked, spawned, values

from ..own_children import own_children
from . import samples


def test_forked_children_run_any_callable_in_processes_of_their_own() -> None:
    """Each child is another process, and knows its index."""
    seen = values(forked(samples.process_and_count, 3))
    assert [index for index, _, _ in seen] == [0, 1, 2]
    assert len({pid for _, pid, _ in seen} | {os.getpid()}) == 4


def test_forked_children_start_from_the_same_state() -> None:
    """What the parent's counter stood at, each child counts on from."""
    assert len({count for _, _, count in values(forked(samples.process_and_count, 3))}) == 1


def test_a_fork_after_minting_counts_on_from_what_was_minted_there() -> None:
    """The copies go on where the copied process stood, and this process stays where it was."""
    here = samples.count()
    prepared, children = fork_after(lambda: [samples.count() for _ in range(5)], samples.count, 2)
    assert prepared == [here + n for n in range(1, 6)]
    assert values(children) == [here + 6, here + 6]
    assert samples.count() == here + 1


def test_a_failing_preparation_is_raised() -> None:
    """Nothing is forked from a process that could not be prepared."""
    with pytest.raises(ChildFailure, match="fails on purpose"):
        fork_after(lambda: samples.fail(0), samples.count, 2)


def test_spawned_children_start_from_a_fresh_state() -> None:
    """A spawned process imports everything anew."""
    samples.count()
    seen = values(spawned(samples.process_and_count, 2))
    assert [count for _, _, count in seen] == [1, 1]


def test_spawned_children_run_a_function_given_by_name() -> None:
    """A name "package.module:function" is imported there."""
    assert values(spawned("os:strerror", 2)) == [os.strerror(0), os.strerror(1)]


def test_a_function_that_cannot_be_imported_there_is_reported() -> None:
    """The child's import error is handed on."""
    ended: Any
    (ended,) = spawned("no_such_module_anywhere:mint", 1)
    assert "no_such_module_anywhere" in ended.trouble


def test_a_name_without_a_function_is_explained() -> None:
    """A name without a colon says how to write one."""
    ended: Any
    (ended,) = spawned("just_a_module", 1)
    assert "package.module:function" in ended.trouble


@pytest.fixture(autouse=True)
def every_child_is_reaped() -> Iterator[None]:
    """Whatever a test forks is gone, and waited for, when it ends."""
    before = own_children()
    yield
    assert own_children() <= before


def test_a_failing_child_hands_its_traceback_on() -> None:
    """The parent reads where the child failed."""
    (ended,) = forked(samples.fail, 1)
    assert "child 0 fails on purpose" in ended.trouble
    assert "samples.py" in ended.trouble


def test_a_killed_child_is_reported_by_its_signal() -> None:
    """A child that was killed is not taken for one that returned nothing."""
    (ended,) = forked(samples.die, 1)
    assert ended.trouble == "killed by SIGKILL"


def test_a_child_that_exits_without_a_word_is_reported() -> None:
    """An exit from inside the function is trouble, whatever its code."""
    (ended,) = forked(lambda _: os._exit(7), 1)
    assert ended.trouble == "ended with exit code 7 and no word"


def test_a_child_that_does_not_end_is_killed_at_the_deadline() -> None:
    """The straggler is late; the other child's value is kept; no process remains."""

    def body(index: int) -> int:
        if index:
            read, _ = os.pipe()
            os.read(read, 1)
        return index

    first, second = forked(body, 2, deadline=units(1))
    assert (first.value, first.trouble) == (0, "")
    assert second.late


def test_a_grandchild_that_holds_the_pipe_open_does_not_delay_the_report() -> None:
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


def test_values_name_every_child_that_failed() -> None:
    """The message tells each failed child apart."""
    with pytest.raises(ChildFailure, match=r"(?s)2 of 2.*child 0 .*child 1 "):
        values(forked(samples.die, 2))
