"""What is learnt of the code under judgement: where it can be stopped, and what it writes."""

from __future__ import annotations

import sys

from id_isolation.schedules.execution import Follow
from id_isolation.schedules.instructions import TracedCode
from id_isolation.schedules.schedule import Schedule
from id_isolation.schedules.threads import ThreadRunner

from ..samples import no_lock, traced


def _everything(filename: str) -> bool:
    return True


def test_what_the_code_writes_is_learnt_from_it() -> None:
    """The counter's name is what makes its reads and writes hot."""
    runner = ThreadRunner([no_lock.mint] * 2, traced, no_lock.reset)
    runner.run(Follow(Schedule("threads", 2)))
    assert runner.code.written == {"_count"}
    events = runner.run(Follow(Schedule("threads", 2))).events
    assert {event.hot for event in events if "_count" in event.where} == {True}


def test_frames_of_other_files_have_no_table() -> None:
    """Only code under judgement is stopped."""
    assert TracedCode(traced).table(sys._getframe()) is None
    assert TracedCode(_everything).table(sys._getframe()) is not None


def test_code_is_looked_through_once() -> None:
    """A second frame of the same code has the same table, and its file is not asked about again."""
    asked: list[str] = []
    code = TracedCode(lambda filename: asked.append(filename) or True)  # type: ignore[func-returns-value]

    def frame_of_its_own() -> object:
        return code.table(sys._getframe())

    first, second = frame_of_its_own(), frame_of_its_own()
    assert first is second is not None
    assert asked == [__file__]
