"""Which instructions count as places to stop."""

from __future__ import annotations

from id_isolation.schedules.instructions import place, shared_instructions, source

_count = 0
_box: dict[str, int] = {}


def _increment():
    global _count
    _count += 1
    return _count


def _local(number):
    other = number
    return (other, number)


def _into_box(key):
    if key not in _box:
        _box[key] = 1


def test_an_increment_can_be_stopped_before_its_read_and_before_its_write():
    """The read, the addition, the write and the second read are places of their own."""
    does = [instruction.does for instruction in shared_instructions(_increment.__code__).values()]
    assert does.index("reading _count") < does.index("writing _count")
    assert does.count("reading _count") == 2


def test_what_touches_locals_alone_is_no_place_to_stop():
    """Stopping there is the same as stopping later."""
    assert shared_instructions(_local.__code__) == {}


def test_looking_into_a_container_and_storing_in_it_change_or_use_it():
    """Both ends of a check-then-insert are marked."""
    marked = [i.does for i in shared_instructions(_into_box.__code__).values() if i.changes]
    assert "looking whether it is in there" in marked
    assert "writing an item" in marked


def test_places_name_the_line_of_the_source():
    """The place tells file and line, and the line can be shown."""
    writing = next(i for i in shared_instructions(_increment.__code__).values() if i.writes)
    line = _increment.__code__.co_firstlineno + 2
    assert writing.where == f"{place(__file__, line)} before writing _count"
    assert source(__file__, line) == "_count += 1"
