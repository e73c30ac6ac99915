"""One thread under control: where it is stopped, and where it is not."""

from __future__ import annotations

import sys

from id_isolation.schedules import Budget, explore
from id_isolation.schedules.execution import Follow
from id_isolation.schedules.schedule import Schedule
from id_isolation.schedules.threads import ThreadRunner
from id_isolation.timing import units


def _here(filename: str) -> bool:
    return filename == __file__


def test_endless_spinning_is_given_up(monkeypatch):
    """A run that never ends is abandoned, and does not hang the search."""
    monkeypatch.setattr("id_isolation.schedules.threads.MAX_STEPS", 200)
    stop: list[int] = []

    def spin() -> None:
        while not stop:
            len(stop)

    def end() -> None:
        stop.append(1)

    run = ThreadRunner([spin, end], _here).run(Follow(Schedule("threads", 2)))
    assert run.end == "out of steps"


def test_an_import_inside_a_thread_is_not_interrupted(tmp_path, monkeypatch):
    """Nothing stops while the interpreter holds its import lock."""
    (tmp_path / "lazily_imported.py").write_text("class Thing:\n    total = sum(range(10))\nvalue = Thing.total\n")
    monkeypatch.syspath_prepend(str(tmp_path))

    def mint() -> int:
        import lazily_imported

        return lazily_imported.value

    def forget() -> None:
        sys.modules.pop("lazily_imported", None)

    def own(filename: str) -> bool:
        return filename in (__file__, str(tmp_path / "lazily_imported.py"))

    budget = Budget(schedules=60)
    outcome = explore([mint] * 2, lambda values: None, traced=own, before=forget, budget=budget, stall=units(20))
    assert (outcome.failure, outcome.given_up) == (None, 0)
