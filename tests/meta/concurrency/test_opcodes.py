"""Instructions are traced from the first run of a function on."""

from __future__ import annotations

import sys

from id_isolation.world.threads import follow_instructions, run_threads


def _fresh():
    space: dict = {}
    exec(compile("def f():\n    return len('a')\n", "fresh.py", "exec"), space)
    return space["f"]


def _instructions(function) -> int:
    seen: list[str] = []

    def enter(frame, event, _):
        return follow_instructions(frame, step) if frame.f_code.co_filename == "fresh.py" else None

    def step(frame, event, _):
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


def test_the_first_run_of_a_function_has_as_many_instructions_as_the_next():
    """No interpreter needs to be warmed up."""
    for _ in range(3):
        function = _fresh()
        first = _instructions(function)
        assert first == _instructions(function) > 3
