"""A saved schedule is held to the code that it was saved with."""

from __future__ import annotations

import importlib.util
import json
import re
import threading
from functools import partial
from pathlib import Path

import pytest

from id_isolation.schedules import (
    CodeChanged,
    Failure,
    ScheduleError,
    controlled_locks,
    explore,
    explore_tasks,
    replay,
    replay_tasks,
)
from id_isolation.timing import units
from id_isolation.world.processes import forked, spawned, values

from ..samples import TASK_FAULTS, THREAD_FAULTS, traced, unique

_RACY = """import threading

_lock = threading.Lock()
_count = 0
_limit = 10 ** 9


def _next():
    global _count
    with _lock:
        _count += 1
    return _count


def mint():
    return _next()


def reset():
    global _count
    _count = 0
"""


def _loaded(place: Path, source: str):
    """A module of this source, always under the same name and in the same file."""
    file = place / "counting.py"
    file.write_text(source)
    spec = importlib.util.spec_from_file_location("counting", file)
    module = importlib.util.module_from_spec(spec)
    with controlled_locks(str(file).__eq__):
        # The compiled form of an earlier source must not be taken for this one's.
        exec(compile(source, str(file), "exec"), vars(module))
    return module


def _found(module) -> Failure:
    return explore([module.mint] * 2, unique, traced=module.__file__.__eq__, before=module.reset).failure


def _again(module, failure: Failure) -> Failure | None:
    owned = module.__file__.__eq__
    return replay(failure.schedule, [module.mint] * 2, unique, traced=owned, before=module.reset, stall=units(0.1))


def _told(module, failure: Failure) -> str:
    try:
        again = _again(module, failure)
    except CodeChanged as error:
        return str(error)
    return again.kind if again else "passed"


CHANGES = {
    "reads": ("    with _lock:\n", "    _limit\n    _limit\n    _limit\n    with _lock:\n"),
    "reads afterwards": ("    return _next()", "    value = _next()\n    _limit\n    return value"),
    "mended": ("        _count += 1\n    return", "        _count += 1\n        return"),
    "other function": ("    return _next()", "    return len(threading.enumerate()) + id(object())"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_changed_code_never_passes(change, tmp_path):
    """Either it fails in the same way, or the place that has changed is named."""
    failure = _found(_loaded(tmp_path, _RACY))
    changed = _loaded(tmp_path, _RACY.replace(*CHANGES[change]))
    told = _told(changed, failure)
    said = "has changed since; this interleaving no longer applies; run X5 anew"
    assert told == "violated" or re.fullmatch(rf"the code at .*counting\.py(:\d+)? {said}", told)


def test_code_that_has_only_moved_is_the_same(tmp_path):
    """Comments and lines above it decide nothing while the schedule still fails."""
    failure = _found(_loaded(tmp_path, _RACY))
    assert _again(_loaded(tmp_path, f"# Counting.\n\n{_RACY}"), failure).kind == "violated"


def test_unchanged_code_that_is_right_elsewhere_passes(tmp_path):
    """Every switch is taken at its place, and the functions are the same: what was wrong lay outside them."""
    failure = _found(_loaded(tmp_path, _RACY))
    module = _loaded(tmp_path, _RACY)
    owned = module.__file__.__eq__
    assert replay(failure.schedule, [module.mint] * 2, lambda results: None, traced=owned, before=module.reset) is None


def test_a_run_that_is_given_up_says_nothing(tmp_path):
    """It is no pass, and no change of the code."""
    failure = _found(_loaded(tmp_path, _RACY))
    module = _loaded(tmp_path, _RACY)
    hole, asked = threading.Event(), []

    def mint() -> int:
        asked.append(1)
        return hole.wait() if len(asked) > 3 else module.mint()

    def replayed(_: int) -> str:
        owned = (__file__, module.__file__).__contains__
        with pytest.raises(ScheduleError) as caught:
            replay(failure.schedule, [mint] * 2, unique, traced=owned, before=module.reset, stall=units(0.1))
        return str(caught.value)

    # In a process of its own, which ends with the threads that block in it for good.
    assert "could not be run to an end, because" in values(forked(replayed, 1))[0]


def replayed_elsewhere(name: str, saved: str, index: int) -> dict:
    module, mint, violated = {**THREAD_FAULTS, **TASK_FAULTS}[name]
    failure = Failure.from_json(json.loads(saved))
    run = replay if failure.schedule.kind == "threads" else replay_tasks
    return run(failure.schedule, [mint] * 2, violated, traced=traced, before=module.reset).to_json()


@pytest.mark.parametrize("name", ["no lock", "time-out of a lock", "asyncio lock too short"])
def test_a_fresh_process_shows_the_same_failure(name):
    """Reason, results, switches, picture and digests are equal."""
    module, mint, violated = {**THREAD_FAULTS, **TASK_FAULTS}[name]
    run = explore if name in THREAD_FAULTS else explore_tasks
    failure = run([mint] * 2, violated, traced=traced, before=module.reset, seed=4).failure
    work = partial(replayed_elsewhere, name, json.dumps(failure.to_json()))
    assert values(spawned(work, 2)) == [failure.to_json()] * 2
