"""An exploration stays on one processor, and leaves the process as it was."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from id_isolation.schedules import execution
from id_isolation.schedules.execution import on_one_processor

pytestmark = pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no processor can be set here")


def test_this_thread_and_those_that_it_starts_run_on_one_processor() -> None:
    """One that the process may use; afterwards it may use all again."""
    before, seen = os.sched_getaffinity(0), []
    with on_one_processor():
        thread = threading.Thread(target=lambda: seen.append(os.sched_getaffinity(0)))
        thread.start()
        thread.join()
        seen.append(os.sched_getaffinity(0))
    assert seen[0] == seen[1]
    assert len(seen[0]) == 1
    assert seen[0] <= before
    assert os.sched_getaffinity(0) == before


def test_an_exception_leaves_the_processors_as_they_were() -> None:
    """And comes out."""
    before = os.sched_getaffinity(0)
    with pytest.raises(ZeroDivisionError), on_one_processor():
        raise ZeroDivisionError
    assert os.sched_getaffinity(0) == before


def test_where_none_can_be_set_the_work_is_done_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container may forbid it, and another system may not know it."""

    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setaffinity", refused)
    with on_one_processor():
        done = ["forbidden"]
    monkeypatch.delattr(os, "sched_setaffinity")
    with on_one_processor():
        done.append("unknown")
    assert done == ["forbidden", "unknown"]


@pytest.mark.parametrize("text", ["", "1 (a) b) S 1 2 3", f"1 (x) S {'7 ' * 40}"])
def test_a_processor_that_cannot_be_told_or_used_is_replaced_by_the_first(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So is one that this process may not run on."""
    state = tmp_path / "stat"
    state.write_text(text)
    monkeypatch.setattr(execution, "_OWN_STATE", state)
    assert execution._current({3, 5}) == 3
