"""How fast planted races are found by exploration, beside plain threads on a barrier and beside frontrun.

    python -m tests.benchmarks.bench_schedules [--full]

All figures of one line come from the same run; frontrun 0.7.0 is the peer, where it is installed.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import pkgutil
import sys
import time
from collections.abc import Iterator
from statistics import median
from types import ModuleType

from id_isolation.schedules import Budget, explore, explore_tasks
from id_isolation.timing import units
from id_isolation.world.processes import forked, spawned, values
from id_isolation.world.threads import TINY_SWITCH

from ..meta.schedules import planted
from .table import Row, run

PATIENCE = 0.5
"""Seconds that plain threads get on a barrier."""
LIMIT = 2.0
"""Seconds that one search of frontrun may take."""
PEER_SEEDS = 2


def throughput(lanes: int) -> Row:
    """Schedules a second on a sound counter."""
    from ..meta.schedules.samples import THREAD_TWINS, traced

    module, mint, violated = THREAD_TWINS["lock"]
    budget = Budget(1_000_000, 3.0, 3, 10**6)
    outcome = explore([mint] * lanes, violated, traced=traced, before=module.reset, budget=budget)
    return Row(f"a locked counter, {lanes} threads", f"{outcome.schedules / outcome.seconds:.0f} schedules/s")


def found_by_exploring(run, fault, seeds: int) -> tuple[int, float, float]:
    """Of so many searches: how many found it, the median seconds, and the median schedules."""
    from ..meta.schedules.samples import traced

    module, mint, violated = fault
    outcomes = [run([mint] * 2, violated, traced=traced, before=module.reset, seed=seed) for seed in range(seeds)]
    hits = [outcome for outcome in outcomes if outcome.failure is not None]
    return len(hits), median(o.seconds for o in outcomes), median(o.schedules for o in outcomes)


def found_by_barrier(fault, seconds: float) -> tuple[bool, int]:
    """Whether plain threads, started on a barrier again and again for so long, find it; and the rounds run."""
    import threading

    module, mint, violated = fault
    results: list[object] = [None, None]
    barrier = threading.Barrier(3)
    over = False

    def body(lane: int) -> None:
        while True:
            barrier.wait()
            if over:
                return
            results[lane] = mint()
            barrier.wait()

    threads = [threading.Thread(target=body, args=(lane,), daemon=True) for lane in range(2)]
    before = sys.getswitchinterval()
    sys.setswitchinterval(TINY_SWITCH)
    found, rounds, end = False, 0, time.monotonic() + seconds
    try:
        for thread in threads:
            thread.start()
        while not found and time.monotonic() < end:
            module.reset()
            barrier.wait()
            barrier.wait()
            rounds += 1
            found = violated(results) is not None
        over = True
        barrier.wait()
    finally:
        sys.setswitchinterval(before)
    return found, rounds


def found_by_frontrun(index: int) -> dict[str, tuple[int, float, float] | str]:
    """In a process of its own, locks patched before the import: the hits, median seconds and schedules of each race.

    A race that it cannot run has the name of the exception that it raised in their place.
    """
    import frontrun
    from frontrun._cooperative import patch_locks

    patch_locks()

    def search(seed: int, module: ModuleType) -> tuple[bool, float, int]:
        wanted = 1 if module.__name__.endswith("check_then_insert") else 2
        begun = time.monotonic()
        with contextlib.redirect_stdout(io.StringIO()):
            result = frontrun.explore(
                setup=lambda: module.reset() or {},
                workers=[lambda state, lane=lane: state.__setitem__(lane, module.mint()) for lane in range(2)],
                invariant=lambda state: len(set(state.values())) == wanted,
                strategy="dpor",
                trace_packages=["tests.*"],
                reproduce_on_failure=0,
                total_timeout=LIMIT,
                max_executions=500,
            )
        return not result.property_holds, time.monotonic() - begun, result.num_explored

    table: dict[str, tuple[int, float, float] | str] = {}
    for found in pkgutil.iter_modules(planted.__path__, f"{planted.__name__}."):
        if found.name.rpartition(".")[2].startswith(("async", "opposite")):
            continue
        module = importlib.import_module(found.name)
        try:
            hits, seconds, tried = zip(*(search(seed, module) for seed in range(PEER_SEEDS)), strict=True)
        except Exception as error:
            table[found.name] = f"it raises {type(error).__name__}"
        else:
            table[found.name] = sum(hits), median(seconds), median(tried)
    return table


def measure(full: bool) -> Iterator[Row]:
    """Twenty seeds for each race in full, else three."""
    # Here and not above: in the peer's process its locks must come first.
    from ..meta.schedules.samples import TASK_FAULTS, THREAD_FAULTS

    seeds = 20 if full else 3
    yield from map(throughput, (2, 3))
    peer: dict[str, tuple[int, float, float] | str] = {}
    both: list[tuple[float, float, float, float]] = []
    missing = "" if importlib.util.find_spec("frontrun") else "frontrun is not installed"
    if not missing:
        (peer,) = values(spawned("tests.benchmarks.bench_schedules:found_by_frontrun", 1, deadline=units(120)))
    for name, fault in THREAD_FAULTS.items():
        hits, seconds, schedules = found_by_exploring(explore, fault, seeds)
        own = f"{hits}/{seeds}, {seconds * 1000:.0f} ms, {schedules:.0f} runs"
        theirs = peer.get(fault[0].__name__, missing or "was not tried")
        if isinstance(theirs, str):
            yield Row(f"{name}, beside frontrun", own, theirs)
        else:
            found, took, tried = theirs
            told = f"{found}/{PEER_SEEDS}, {took * 1000:.0f} ms, {tried:.0f} runs"
            yield Row(f"{name}, beside frontrun (time)", own, told, seconds / took)
            if hits == seeds and found == PEER_SEEDS:
                both.append((seconds, took, schedules, tried))
        # A process of its own: a registry or a thread's counter must not carry over.
        long, rounds = values(forked(lambda _, f=fault: found_by_barrier(f, PATIENCE), 1))[0]
        yield Row(f"{name}, beside a barrier", own, f"{'found' if long else 'not found'} in {rounds} rounds")
    if both:
        ours, theirs_s, runs, their_runs = map(sum, zip(*both, strict=True))
        what = f"the {len(both)} races that both find, each time"
        yield Row(f"{what} (time)", f"{ours * 1000:.0f} ms", f"{theirs_s * 1000:.0f} ms", ours / theirs_s, most=1.0)
        yield Row(f"{what} (schedules)", f"{runs:.0f}", f"{their_runs:.0f}", runs / their_runs, most=1.0)
    for name, fault in TASK_FAULTS.items():
        hits, seconds, schedules = found_by_exploring(explore_tasks, fault, seeds)
        yield Row(name, f"{hits}/{seeds}, {seconds * 1000:.0f} ms, {schedules:.0f} runs")


if __name__ == "__main__":
    sys.exit(run(measure, __doc__))
