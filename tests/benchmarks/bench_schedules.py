"""How fast planted races are found by exploration, beside plain threads on a barrier and beside frontrun.

Run it as `python -m tests.benchmarks.bench_schedules`. All figures of one line come from the same run.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import pkgutil
import sys
import time
from statistics import median
from types import ModuleType

from id_isolation.schedules import Budget, explore, explore_tasks
from id_isolation.timing import units
from id_isolation.world.processes import forked, spawned, values
from id_isolation.world.threads import TINY_SWITCH

from ..meta.schedules import planted

SEEDS = 20
PATIENCE = 1.0
"""Seconds that plain threads get in the longer comparison."""


def throughput() -> None:
    """Schedules a second on a sound counter."""
    from ..meta.schedules.samples import THREAD_TWINS, traced

    module, mint, violated = THREAD_TWINS["lock"]
    for lanes in (2, 3):
        outcome = explore(
            [mint] * lanes, violated, traced=traced, before=module.reset, budget=Budget(1_000_000, 3.0, 3, 10**6)
        )
        print(f"{outcome.schedules / outcome.seconds:8.0f} schedules a second ({lanes} threads, locked counter)")


def found_by_exploring(run, fault) -> tuple[int, float, float]:
    """Of SEEDS searches: how many found it, the median seconds, and the median schedules."""
    from ..meta.schedules.samples import traced

    module, mint, violated = fault
    outcomes = [run([mint] * 2, violated, traced=traced, before=module.reset, seed=seed) for seed in range(SEEDS)]
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


def found_by_frontrun(index: int) -> dict[str, dict[str, tuple[int, float]]]:
    """In a process of its own, locks patched before the import: of 5 searches, how many found it, and the seconds."""
    import frontrun
    from frontrun._cooperative import patch_locks

    patch_locks()

    def search(strategy: str, seed: int, module: ModuleType) -> bool:
        wanted = 1 if module.__name__.endswith("check_then_insert") else 2
        limits = {"seed": seed, "max_attempts": 200} if strategy == "random" else {"max_executions": 500}
        with contextlib.redirect_stdout(io.StringIO()):
            result = frontrun.explore(
                setup=lambda: module.reset() or {},
                workers=[lambda state, lane=lane: state.__setitem__(lane, module.mint()) for lane in range(2)],
                invariant=lambda state: len(set(state.values())) == wanted,
                strategy=strategy,
                trace_packages=["tests.*"],
                reproduce_on_failure=0,
                total_timeout=5.0,
                **limits,
            )
        return not result.property_holds

    table: dict[str, dict[str, tuple[int, float]]] = {}
    for found in pkgutil.iter_modules(planted.__path__, f"{planted.__name__}."):
        if found.name.rpartition(".")[2].startswith(("async", "opposite")):
            continue
        module = importlib.import_module(found.name)
        for strategy in ("dpor", "random"):
            begun = time.monotonic()
            hits = sum(search(strategy, seed, module) for seed in range(5))
            table.setdefault(found.name, {})[strategy] = hits, (time.monotonic() - begun) / 5
    return table


def main() -> None:
    """Print the tables."""
    # Here and not above: in the peer's process its locks must come first.
    from ..meta.schedules.samples import TASK_FAULTS, THREAD_FAULTS

    throughput()
    peer = {}
    if importlib.util.find_spec("frontrun"):
        (peer,) = values(spawned("tests.benchmarks.bench_schedules:found_by_frontrun", 1, deadline=units(120)))
    print(f"\n{'planted race of two threads':34}{'explored':>22}{'barrier, same time':>20}{'barrier, 1 s':>22}", end="")
    print(f"{'frontrun dpor':>16}{'frontrun random':>18}" if peer else "")
    for name, fault in THREAD_FAULTS.items():
        hits, seconds, schedules = found_by_exploring(explore, fault)
        # A process of its own: a registry or a thread's counter must not carry over.
        short = [values(forked(lambda _, s=seconds, f=fault: found_by_barrier(f, s), 1))[0][0] for _ in range(SEEDS)]
        long, rounds = values(forked(lambda _, f=fault: found_by_barrier(f, PATIENCE), 1))[0]
        line = f"{name:34}{f'{hits}/{SEEDS} {seconds * 1000:.0f} ms {schedules:.0f} runs':>22}"
        line += f"{f'{sum(short)}/{SEEDS}':>20}{('found' if long else 'not found') + f' in {rounds}':>22}"
        for strategy in ("dpor", "random") if peer else ():
            got, took = peer[fault[0].__name__][strategy]
            line += f"{f'{got}/5 {took * 1000:.0f} ms':>17}"
        print(line)
    print()
    for name, fault in TASK_FAULTS.items():
        hits, seconds, schedules = found_by_exploring(explore_tasks, fault)
        print(f"{name:50}{f'{hits}/{SEEDS} {seconds * 1000:.0f} ms {schedules:.0f} runs':>22}")


if __name__ == "__main__":
    main()
