"""Which instructions count as places to stop.

What is learnt of the code under judgement: where it can be stopped, and what it writes.
"""

from __future__ import annotations

import dis
from typing import Any

import pytest

from id_isolation.schedules.execution import Follow
from id_isolation.schedules.instructions import (
    UnknownInstructions,
    place,
    refuse_unknown,
    shared_instructions,
    source,
)
from id_isolation.schedules.schedule import Schedule
from id_isolation.schedules.threads import ThreadRunner

from .samples import no_lock, traced

_count = 0
_box: dict[str, int] = {}


def _increment() -> Any:
    global _count
    _count += 1
    return _count


def _local(number: Any) -> Any:
    other = number
    return (other, number)


def _into_box(key: Any) -> None:
    if key not in _box:
        _box[key] = 1


def test_an_increment_can_be_stopped_before_its_read_and_before_its_write() -> None:
    """The read, the addition, the write and the second read are places of their own."""
    does = [instruction.does for instruction in shared_instructions(_increment.__code__).values()]
    assert does.index("reading _count") < does.index("writing _count")
    assert does.count("reading _count") == 2


def test_what_touches_locals_alone_is_no_place_to_stop() -> None:
    """Stopping there is the same as stopping later."""
    assert shared_instructions(_local.__code__) == {}


def test_looking_into_a_container_and_storing_in_it_change_or_use_it() -> None:
    """Both ends of a check-then-insert are marked."""
    marked = [i.does for i in shared_instructions(_into_box.__code__).values() if i.changes]
    assert "looking whether it is in there" in marked
    assert "writing an item" in marked


def test_places_name_the_line_of_the_source() -> None:
    """The place tells file and line, and the line can be shown."""
    writing = next(i for i in shared_instructions(_increment.__code__).values() if i.writes)
    line = _increment.__code__.co_firstlineno + 2
    assert writing.where == f"{place(__file__, line)} before writing _count"
    assert source(__file__, line) == "_count += 1"


def test_what_the_code_writes_is_learnt_from_it() -> None:
    """The counter's name is what makes its reads and writes hot."""
    runner = ThreadRunner([no_lock.mint] * 2, traced, no_lock.reset)
    runner.run(Follow(Schedule("threads", 2)))
    assert runner.code.written == {"_count"}
    events = runner.run(Follow(Schedule("threads", 2))).events
    assert {event.hot for event in events if "_count" in event.where} == {True}


def test_an_instruction_that_nobody_knows_is_refused_by_name() -> None:
    """A search that took it for harmless would have a hole."""
    refuse_unknown(dis.opmap)
    with pytest.raises(UnknownInstructions, match="instructions SHARE_AT_ONCE are not known here"):
        refuse_unknown([*dis.opmap, "SHARE_AT_ONCE"])
