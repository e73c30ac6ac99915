"""Digests tell functions apart by what they do."""

from __future__ import annotations

import pytest

from id_isolation.schedules.schedule import digest, name_of, noted
from id_isolation.world.processes import spawned, values

_SOURCE = """
def mint():
    global count
    count += 1
    return f"{count}" if count in {"a", "b", "c", 1, 2.5, None} else (lambda: count)()
"""


def _code(source: str, filename: str = "/a/minting.py"):
    space: dict = {}
    exec(compile(source, filename, "exec"), space)
    return space["mint"].__code__


def digest_elsewhere(_: int) -> str:
    return digest(_code(_SOURCE))


@pytest.mark.parametrize(
    ("source", "filename"),
    [
        (_SOURCE, "/b/other.py"),
        (f"import os\n\n\n{_SOURCE}", "/a/minting.py"),
        (_SOURCE.replace("count += 1", "count += 1  # the next one"), "/a/minting.py"),
    ],
    ids=["file", "place", "comment"],
)
def test_where_a_function_stands_changes_nothing(source, filename):
    """Nor do comments."""
    assert digest(_code(source, filename)) == digest(_code(_SOURCE))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("count += 1", "count += 2"),
        ("    count +=", "    count\n    count +="),
        ('"b"', '"d"'),
        ("lambda: count", "lambda: 0"),
    ],
    ids=["constant", "harmless read", "member of a set", "function inside"],
)
def test_what_a_function_does_changes_it(before, after):
    """Down to a constant, and to the functions inside."""
    assert digest(_code(_SOURCE.replace(before, after))) != digest(_code(_SOURCE))


def test_every_process_gives_the_same():
    """Though a set has another order in each."""
    assert set(values(spawned(f"{__name__}:digest_elsewhere", 2))) == {digest(_code(_SOURCE))}


def test_functions_of_one_name_are_noted_together():
    """Each once, in one order."""
    first, second = _code(_SOURCE), _code(_SOURCE.replace("+= 1", "+= 2"))
    name = name_of(first)
    assert name == "mint in minting.py"
    both = " ".join(sorted((digest(first), digest(second))))
    assert noted({}, first) == noted({name: digest(first)}, first) == digest(first)
    assert noted({name: digest(first)}, second) == noted({name: digest(second)}, first) == both
