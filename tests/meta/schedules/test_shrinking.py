"""A saved schedule is held to the code that it was saved with.

What is told of a run that failed. Shrinking: the fewest switches that there are, which brute force agrees with. The
picture of a schedule.
"""

from __future__ import annotations

import importlib.util
import json
import re
import threading
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from id_isolation.schedules import (
    Budget,
    CodeChanged,
    Failure,
    Schedule,
    ScheduleError,
    Switch,
    controlled_locks,
    explore,
    explore_tasks,
    replay,
    replay_tasks,
)
from id_isolation.schedules.execution import Follow, Line
from id_isolation.schedules.locks import locks_during
from id_isolation.schedules.search import Tally, judge, search
from id_isolation.schedules.shrinking import NARROW, Shrinker, condense, draw, report
from id_isolation.schedules.tasks import TaskRunner
from id_isolation.schedules.threads import ThreadRunner
from id_isolation.timing import units
from id_isolation.world.processes import forked, spawned, values

from .samples import TASK_FAULTS, THREAD_FAULTS, no_lock, opposite_order, traced, unique

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

CHANGES = {
    "reads": ("    with _lock:\n", "    _limit\n    _limit\n    _limit\n    with _lock:\n"),
    "reads afterwards": ("    return _next()", "    value = _next()\n    _limit\n    return value"),
    "mended": ("        _count += 1\n    return", "        _count += 1\n        return"),
    "other function": ("    return _next()", "    return len(threading.enumerate()) + id(object())"),
}

_SEEDS = range(5)

CODE = """\
def mint():
    first()
    second()
    third()
    fourth()
    value = _n + 1
    fifth()
    _n = value
    return a_name_that_is_so_long_that_no_column_of_two_has_room_for_it(value)
"""


def _loaded(place: Path, source: str) -> Any:
    """A module of this source, always under the same name and in the same file."""
    file = place / "counting.py"
    file.write_text(source)
    spec = importlib.util.spec_from_file_location("counting", file)
    module = importlib.util.module_from_spec(spec)
    with controlled_locks(str(file).__eq__):
        # The compiled form of an earlier source must not be taken for this one's.
        exec(compile(source, str(file), "exec"), vars(module))
    return module


def _found(module: Any) -> Failure:
    return explore([module.mint] * 2, unique, traced=module.__file__.__eq__, before=module.reset).failure  # type: ignore[return-value]


def _again(module: Any, failure: Failure) -> Failure | None:
    owned = module.__file__.__eq__
    return replay(failure.schedule, [module.mint] * 2, unique, traced=owned, before=module.reset, stall=units(0.1))


def _told(module: Any, failure: Failure) -> str:
    try:
        again = _again(module, failure)
    except CodeChanged as error:
        return str(error)
    return again.kind if again else "passed"


@pytest.mark.parametrize("change", CHANGES)
def test_changed_code_never_passes(change: Any, tmp_path: Path) -> None:
    """Either it fails in the same way, or the place that has changed is named."""
    failure = _found(_loaded(tmp_path, _RACY))
    changed = _loaded(tmp_path, _RACY.replace(*CHANGES[change]))
    told = _told(changed, failure)
    said = "has changed since; this interleaving no longer applies; run X5 anew"
    assert told == "violated" or re.fullmatch(rf"the code at .*counting\.py(:\d+)? {said}", told)


def test_code_that_has_only_moved_is_the_same(tmp_path: Path) -> None:
    """Comments and lines above it decide nothing while the schedule still fails."""
    failure = _found(_loaded(tmp_path, _RACY))
    assert _again(_loaded(tmp_path, f"# Counting.\n\n{_RACY}"), failure).kind == "violated"


def test_unchanged_code_that_is_right_elsewhere_passes(tmp_path: Path) -> None:
    """Every switch is taken at its place, and the functions are the same: what was wrong lay outside them."""
    failure = _found(_loaded(tmp_path, _RACY))
    module = _loaded(tmp_path, _RACY)
    owned = module.__file__.__eq__
    assert replay(failure.schedule, [module.mint] * 2, lambda results: None, traced=owned, before=module.reset) is None


def test_a_run_that_is_given_up_says_nothing(tmp_path: Path) -> None:
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


def replayed_elsewhere(name: str, saved: str, index: int) -> dict[str, Any]:
    module, mint, violated = {**THREAD_FAULTS, **TASK_FAULTS}[name]
    failure = Failure.from_json(json.loads(saved))
    run = replay if failure.schedule.kind == "threads" else replay_tasks
    return run(failure.schedule, [mint] * 2, violated, traced=traced, before=module.reset).to_json()


@pytest.mark.parametrize("name", ["no lock", "time-out of a lock", "asyncio lock too short"])
def test_a_fresh_process_shows_the_same_failure(name: Any) -> None:
    """Reason, results, switches, picture and digests are equal."""
    module, mint, violated = {**THREAD_FAULTS, **TASK_FAULTS}[name]
    run = explore if name in THREAD_FAULTS else explore_tasks
    failure = run([mint] * 2, violated, traced=traced, before=module.reset, seed=4).failure
    work = partial(replayed_elsewhere, name, json.dumps(failure.to_json()))
    assert values(spawned(work, 2)) == [failure.to_json()] * 2


def _runner() -> ThreadRunner:
    return ThreadRunner([no_lock.mint] * 2, traced, no_lock.reset)


def test_a_failure_has_its_results_its_picture_and_the_noun_of_its_lanes() -> None:
    """It is run once more for that, after it was shrunk."""
    runner = _runner()
    found = search(runner, Budget(), 0, Tally())
    schedule, execution = next((s, e) for s, e in found if judge(e, unique))
    shrinker = Shrinker(runner, unique, "violated", units(10))
    failure = report(shrinker, schedule, (execution, judge(execution, unique)), units(10))
    assert (failure.steady, failure.switches, len(failure.results)) == (True, 2, 2)
    assert failure.history.startswith("thread 1")
    assert "stops before" in failure.brief


def test_what_does_not_fail_again_is_told_as_it_was_found() -> None:
    """It is called unsteady, and there is no picture of it."""
    runner = _runner()
    plain = Schedule("threads", 2, 0, (Switch(0, 10_000, 1),))
    execution = runner.run(Follow(plain))
    execution.results = {0: "x" * 300, 1: "y"}
    verdict = judge(execution, lambda results: "Lane 1 lost it.")
    failure = report(Shrinker(runner, unique, "violated", 0), plain, (execution, verdict), 0)
    assert not failure.steady
    assert "did not fail a second time" in failure.history
    assert failure.reason == "Thread 1 lost it."
    assert len(failure.results[0]) == 200


def test_needless_switches_are_shrunk_away() -> None:
    """Of schedules found by switching at random, two switches are left."""
    runner = ThreadRunner([no_lock.mint] * 2, traced, no_lock.reset)
    at_random = search(runner, Budget(preemptions=0, random=60), 1, Tally())
    failing = [schedule for schedule, execution in at_random if judge(execution, unique)]
    assert max(len(schedule.switches) for schedule in failing) > 3
    for schedule in failing:
        shrinker = Shrinker(runner, unique, "violated", units(10))
        shrunk, steady = shrinker.shrink(schedule)
        execution, verdict = shrinker.fails(shrunk)  # type: ignore[misc]
        assert (steady, execution.switches, verdict.kind) == (True, 2, "violated")


def test_a_schedule_that_passes_is_not_shrunk() -> None:
    """It is called unsteady."""
    runner = ThreadRunner([no_lock.mint] * 2, traced, no_lock.reset)
    plain = Schedule("threads", 2)
    assert Shrinker(runner, unique, "violated", units(10)).shrink(plain) == (plain, False)


def test_without_time_a_schedule_stays_as_it_is() -> None:
    """So a replay shows what was saved."""
    runner = ThreadRunner([no_lock.mint] * 2, traced, no_lock.reset)
    at_random = search(runner, Budget(preemptions=0, random=60), 1, Tally())
    schedule = next(s for s, execution in at_random if judge(execution, unique) and len(s.switches) > 3)
    assert Shrinker(runner, unique, "violated", 0).shrink(schedule) == (schedule, True)


def test_a_deadlock_is_shrunk_too() -> None:
    """One preemption is needed, and no lane comes to its end."""
    lanes = [opposite_order.mint, opposite_order.mint_other_way]
    runner = ThreadRunner(lanes, traced, opposite_order.reset)
    found = search(runner, Budget(preemptions=3, random=60), 3, Tally())
    deadlocks = [schedule for schedule, execution in found if execution.end == "deadlock"]
    longest = max(deadlocks, key=lambda schedule: len(schedule.switches))
    shrunk, steady = Shrinker(runner, unique, "deadlock", units(10)).shrink(longest)
    assert (len(shrunk.switches), steady) == (1, True)


def _fewest(runner: Any, violated: Any) -> int:
    """The fewest changes and early ends of waits by trying every schedule of at most two departures, or the bound.

    A third departure makes for at least four: three, and one at the end of the lane that ends first.
    """
    sizes = [4]

    def grow(schedule: Schedule, left: int) -> None:
        execution = runner.run(Follow(schedule))
        if judge(execution, violated) is not None:
            sizes.append(execution.size)
        # Once two are known to be enough, no run with two departures can be smaller.
        if not left or (left == 1 and schedule.switches and min(sizes) <= 3):
            return
        done = {(switch.lane, switch.step) for switch in schedule.switches}
        asked = [index for index, event in enumerate(execution.events) if (event.lane, event.step) in done]
        for event in execution.events[asked[-1] + 1 if asked else 0 :]:
            for to in {*event.able, *event.timed} - {event.chosen}:
                grow(
                    Schedule(runner.kind, 2, schedule.first, (*schedule.switches, Switch(event.lane, event.step, to))),
                    left - 1,
                )

    for departures_left in (1, 2):
        for first in (0, 1):
            grow(Schedule(runner.kind, 2, first), departures_left)
    return min(sizes)


def _least_and_reported(make: Any, run: Any, fault: Any) -> Any:
    module, mint, violated = fault
    runner = make([mint] * 2, traced, module.reset)
    with locks_during(traced):
        least = _fewest(runner, violated)
        reported = []
        for seed in _SEEDS:
            outcome = run([mint] * 2, violated, traced=traced, before=module.reset, seed=seed, stall=units(20))
            reported.append(runner.run(Follow(outcome.failure.schedule)).size)
    return least, reported


@pytest.mark.parametrize("fault", THREAD_FAULTS)
def test_no_schedule_of_two_threads_fails_with_fewer_switches(fault: Any) -> None:
    """Brute force finds nothing shorter for any planted fault, whatever the seed."""
    least, reported = _least_and_reported(ThreadRunner, explore, THREAD_FAULTS[fault])
    assert reported == [least] * len(_SEEDS)


@pytest.mark.parametrize("fault", TASK_FAULTS)
def test_no_schedule_of_two_tasks_fails_with_fewer_switches(fault: Any) -> None:
    """Brute force finds nothing shorter for any planted fault, whatever the seed."""
    least, reported = _least_and_reported(TaskRunner, explore_tasks, TASK_FAULTS[fault])
    assert reported == [least] * len(_SEEDS)


def test_each_lane_has_its_column_and_a_rule_marks_each_change(tmp_path: Path) -> None:
    """Two lanes, three stretches, two rules; the file is listed below."""
    file = tmp_path / "counting.py"
    file.write_text("first = 1\n\nthird = 3\n")
    lines = [
        Line(0, filename=str(file), number=1),
        Line(0, "stops before writing _n"),
        Line(1, filename=str(file), number=3),
        Line(0, "ends: 2"),
    ]
    text = draw(2, lines, "thread").splitlines()
    assert [cell.strip() for cell in text[0].split("|")] == ["thread 1", "thread 2"]
    assert text[2].startswith("counting.py:1  first = 1")
    assert text[3].startswith("-- stops before writing _n")
    assert sum(set(line) <= set(". |") for line in text if line) == 2
    assert text[5].split("|")[1].strip() == "counting.py:3  third = 3"
    assert text[-1].startswith("counting.py is ")


def test_long_lines_are_folded_into_their_column() -> None:
    """Nothing leaves its column."""
    text = draw(3, [Line(1, "waits " * 60)], "task")
    assert max(map(len, text.splitlines())) <= 132


def run_of(path: Any) -> Any:
    path.write_text(CODE)

    def at(lane: Any, *numbers: Any) -> Any:
        return [Line(lane, filename=str(path), number=number) for number in numbers]

    return [
        *at(0, 2, 3, 4, 5, 6, 7, 8),
        Line(0, "stops before writing _n"),
        *at(1, 2, 3, 4, 5, 6, 7, 8, 9),
        Line(1, f"ends: '{'x' * 60}'"),
        *at(0, 9),
        Line(0, "ends: 1"),
    ]


def test_the_condensed_form_keeps_what_decides(tmp_path: Path) -> None:
    """Beginnings, ends, the lines at a switch, and those that touch the name; "..." stands for the rest."""
    text = condense(2, run_of(tmp_path / "counter.py"), "thread").splitlines()
    left, right = ([line.ljust(78)[part].strip() for line in text] for part in (slice(0, 37), slice(40, 78)))
    assert [cell for cell in left[2:-2] if cell.strip(".")] == [
        "2  first()",
        "6  value = _n + 1",
        "7  fifth()",
        "8  _n = value",
        "-- stops before writing _n",
        "9  return a_name_that_is_so_long_t...",
        "-- ends: 1",
    ]
    assert [cell for cell in right[2:-2] if cell.strip(".")][-2:] == [
        "9  return a_name_that_is_so_long_t...",
        "-- ends",
    ]
    assert left.count("...") == right.count("...") == 1
    assert text[-1].endswith("/counter.py")


def test_the_condensed_form_fits_a_terminal(tmp_path: Path) -> None:
    """78 columns, whatever the number of lanes and the length of lines, notes and paths."""
    folder = tmp_path / ("deep" * 20)
    folder.mkdir()
    lines = [*run_of(folder / "one.py"), Line(1, f"waits {'for long ' * 20}")]
    lines += [Line(2, filename=line.filename, number=line.number) for line in lines[:3]]
    for lanes in (2, 3):
        text = condense(lanes, [line for line in lines if line.lane < lanes], "thread")
        assert max(map(len, text.splitlines())) <= NARROW


def test_several_files_are_told_apart_by_a_letter(tmp_path: Path) -> None:
    """Each has its letter, and the letters are explained below."""
    lines = [*run_of(tmp_path / "one.py")[:2], *run_of(tmp_path / "two.py")[-3:]]
    text = condense(2, lines, "task")
    assert "A 2  first()" in text
    assert "B 9  return" in text
    assert [line[:5] for line in text.splitlines()[-2:]] == ["A of ", "B of "]
