"""Threads: results in order, failures handed on, a deadline that names the straggler.

Instructions are traced from the first run of a function on. Tasks: one loop, released together, callable from anywhere.
"""

from __future__ import annotations

import sys
import threading
from functools import partial
from typing import Any

import pytest

from id_isolation.timing import units
from id_isolation.world.threads import TINY_SWITCH, DeadlinePassed, follow_instructions, run_threads


def test_results_come_in_the_order_of_the_functions() -> None:
    """Each function's result stands where the function stood."""
    assert run_threads([partial(pow, i, 2) for i in range(8)]) == [i * i for i in range(8)]


def test_no_functions_give_no_results() -> None:
    """Nothing to run is not an error."""
    assert run_threads([]) == []


def test_threads_run_with_the_tiny_interval_and_it_is_put_back() -> None:
    """The switch interval is tiny inside and as before afterwards."""
    before = sys.getswitchinterval()
    assert run_threads([sys.getswitchinterval]) == [pytest.approx(TINY_SWITCH, abs=1e-6)]
    assert sys.getswitchinterval() == before


def test_one_failure_is_raised_as_it_is() -> None:
    """A single exception keeps its type."""

    def fail() -> int:
        raise KeyError("lost")

    with pytest.raises(KeyError, match="lost"):
        run_threads([fail, lambda: 1])


def test_several_failures_are_raised_as_a_group() -> None:
    """Two exceptions come out together."""

    def fail() -> int:
        raise KeyError("lost")

    with pytest.raises(ExceptionGroup, match="2 threads failed"):
        run_threads([fail, fail, lambda: 1])


def test_a_straggler_is_named_with_the_place_where_it_stands() -> None:
    """A thread that does not end is reported with its stack, and the caller goes on."""
    release = threading.Event()
    with pytest.raises(DeadlinePassed, match=r"(?s)1 of 2 threads still ran.*minting-1 stands at") as caught:
        run_threads([lambda: 1, lambda: release.wait(units(20))], deadline=units(0.1))
    release.set()
    assert "test_threads.py" in str(caught.value) or "threading.py" in str(caught.value)


def _fresh() -> Any:
    space: dict[str, Any] = {}
    exec(compile("def f():\n    return len('a')\n", "fresh.py", "exec"), space)
    return space["f"]


def _instructions(function: Any) -> int:
    seen: list[str] = []

    def enter(frame: Any, event: Any, _: Any) -> Any:
        return follow_instructions(frame, step) if frame.f_code.co_filename == "fresh.py" else None

    def step(frame: Any, event: Any, _: Any) -> Any:
        seen.append(event)
        return step

    def body() -> int:
        sys.settrace(enter)
        try:
            function()
        finally:
            sys.settrace(None)
        return seen.count("opcode")

    return run_threads([body])[0]


def test_the_first_run_of_a_function_has_as_many_instructions_as_the_next() -> None:
    """No interpreter needs to be warmed up."""
    for _ in range(3):
        function = _fresh()
        first = _instructions(function)
        assert first == _instructions(function) > 3
