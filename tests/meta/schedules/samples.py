"""The planted faults and their sound twins, imported with their locks under control."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from id_isolation.schedules import controlled_locks

_HERE = os.path.dirname(__file__)
_ROOTS = tuple(os.path.join(_HERE, name) + os.sep for name in ("planted", "sound"))


def traced(filename: str) -> bool:
    return filename.startswith(_ROOTS)


def unique(results: Sequence[object]) -> str | None:
    return None if len(set(results)) == len(results) else f"one value twice: {list(results)}"


def same(results: Sequence[object]) -> str | None:
    return None if len(set(results)) == 1 else f"two answers where there is one: {list(results)}"


_early = [name for name in sys.modules if name.startswith((f"{__package__}.planted.", f"{__package__}.sound."))]
if _early:
    # Their locks would be genuine ones, for which a lane waits outside control.
    raise ImportError(f"{', '.join(_early)} must be imported from here, so that their locks are under control")

with controlled_locks(traced):
    from .planted import (
        async_executor,
        async_gap,
        async_lock_too_short,
        check_then_insert,
        double_checked_reset,
        increment_locked_only,
        lazy_lock,
        lock_of_a_copy,
        lock_per_instance,
        no_lock,
        opposite_order,
        per_thread,
        read_twice,
        same_millisecond,
        shared_value,
        timed_lock,
        unlocked_batch,
        unnamed_places,
    )
    from .sound import (
        async_executor as sound_executor,
    )
    from .sound import (
        async_locked,
        checked_under_lock,
        itertools_count,
        locked,
        locks_of_libraries,
        other_primitives,
        per_process_prefix,
        random_128,
        uuid7,
    )
    from .sound import (
        timed_lock as sound_timed_lock,
    )

THREAD_FAULTS = {
    "no lock": (no_lock, no_lock.mint, unique),
    "lock around the increment only": (increment_locked_only, increment_locked_only.mint, unique),
    "double-checked reset": (double_checked_reset, double_checked_reset.mint, unique),
    "counter for each thread": (per_thread, per_thread.mint, unique),
    "lock for each instance": (lock_per_instance, lock_per_instance.mint, unique),
    "counter read twice": (read_twice, read_twice.mint, unique),
    "batch without a lock": (unlocked_batch, unlocked_batch.mint, unique),
    "check, then insert": (check_then_insert, check_then_insert.mint, same),
    "lock made at first use": (lazy_lock, lazy_lock.mint, unique),
    "lock for each copy of a dataclass": (lock_of_a_copy, lock_of_a_copy.mint, unique),
    "time-out of a lock": (timed_lock, timed_lock.mint, unique),
    "time-out of a lock given back": (timed_lock, timed_lock.mint_and_release, unique),
    "time-out of an event": (timed_lock, timed_lock.mint_after_event, unique),
    "time-out of a queue": (timed_lock, timed_lock.mint_from_queue, unique),
    "length of a list": (unnamed_places, unnamed_places.mint_by_length, unique),
    "attribute by its text": (unnamed_places, unnamed_places.mint_by_attribute, unique),
    "calls of a cached function": (unnamed_places, unnamed_places.mint_by_calls, unique),
    "shared value read again": (shared_value, shared_value.mint, unique),
    "sequence of a millisecond": (same_millisecond, same_millisecond.mint, unique),
}
TASK_FAULTS = {
    "async generator awaits between read and write": (async_gap, async_gap.mint, unique),
    "timer between read and write": (async_gap, async_gap.mint_after_timer, unique),
    "registry awaits between look and insert": (async_gap, async_gap.session_of_one_user, same),
    "asyncio lock too short": (async_lock_too_short, async_lock_too_short.mint, unique),
    "executor between read and write": (async_executor, async_executor.mint, unique),
}
THREAD_TWINS = {
    "lock": (locked, locked.mint, unique),
    "itertools.count": (itertools_count, itertools_count.mint, unique),
    "prefix for each process": (per_process_prefix, per_process_prefix.mint, unique),
    "UUIDv7": (uuid7, uuid7.mint, unique),
    "128 random bits": (random_128, random_128.mint, unique),
    "RLock": (other_primitives, other_primitives.by_rlock, unique),
    "Condition": (other_primitives, other_primitives.by_condition, unique),
    "Semaphore": (other_primitives, other_primitives.by_semaphore, unique),
    "Queue": (other_primitives, other_primitives.by_queue, unique),
    "dataclass": (locks_of_libraries, locks_of_libraries.by_dataclass, unique),
    "allocated lock": (locks_of_libraries, locks_of_libraries.by_allocated_lock, unique),
    "SimpleQueue": (locks_of_libraries, locks_of_libraries.by_simple_queue, unique),
    "shared value": (locks_of_libraries, locks_of_libraries.by_shared_value, unique),
    "lock of processes": (locks_of_libraries, locks_of_libraries.by_lock_of_processes, unique),
    "handler's lock": (locks_of_libraries, locks_of_libraries.by_handler, unique),
    "cached property": (locks_of_libraries, locks_of_libraries.by_cached_property, unique),
    "time-out, then again": (sound_timed_lock, sound_timed_lock.mint, unique),
    "time-out, then an error": (sound_timed_lock, sound_timed_lock.mint_or_raise, unique),
    "time-out, then at random": (sound_timed_lock, sound_timed_lock.mint_at_random, unique),
    "time-out of a condition": (sound_timed_lock, sound_timed_lock.mint_by_condition, unique),
    "time-out of a queue, then again": (sound_timed_lock, sound_timed_lock.mint_from_queue, unique),
    "reset under the lock": (checked_under_lock, checked_under_lock.mint, unique),
    "setdefault under the lock": (checked_under_lock, checked_under_lock.session_of_one_user, same),
}
TASK_TWINS = {
    "asyncio lock": (async_locked, async_locked.mint, unique),
    "no await between read and write": (async_locked, async_locked.without_a_gap, unique),
    "executor under a lock": (sound_executor, sound_executor.mint, unique),
    "executor that counts": (sound_executor, sound_executor.mint_elsewhere, unique),
}
__all__ = [
    "TASK_FAULTS",
    "TASK_TWINS",
    "THREAD_FAULTS",
    "THREAD_TWINS",
    "async_gap",
    "increment_locked_only",
    "no_lock",
    "opposite_order",
    "same",
    "traced",
    "unique",
]
