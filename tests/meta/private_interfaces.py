"""What the suite uses of other packages beside their public interfaces: where, why, and which public way was judged."""

from __future__ import annotations

import argparse
import asyncio
import inspect
import multiprocessing.synchronize
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass

import freezegun.api
import hypothesis.configuration
import pytest


@dataclass(frozen=True)
class Private:
    """One private interface: `there` tells whether it is there, `used` names the files, `instead` the public way."""

    name: str
    there: Callable[[], bool]
    used: tuple[str, ...]
    instead: str


def _loop(*names: str) -> bool:
    loop = asyncio.SelectorEventLoop()
    try:
        return all(hasattr(loop, name) for name in names)
    finally:
        loop.close()


def _handle(*names: str) -> bool:
    loop = asyncio.SelectorEventLoop()
    try:
        handle = loop.call_later(0, print)
        return all(hasattr(handle, name) for name in names)
    finally:
        loop.close()


def _frozen_offset() -> bool:
    return callable(getattr(freezegun.api.FakeDatetime, "_tz_offset", None))


PRIVATE = (
    Private(
        "pytest: Function._fixtureinfo, with argnames and name2fixturedefs",
        lambda: "_fixtureinfo" in inspect.getsource(pytest.Function),
        ("pytest_plugin/surfaces.py",),
        "request.fixturenames gives names; a name does not tell whose fixture it is, and a user's may be called alike",
    ),
    Private(
        "pytest: TerminalReporter._tw, the writer of the terminal",
        lambda: "_tw" in inspect.getsource(pytest.TerminalReporter),
        ("pytest_plugin/results.py",),
        "write and write_line; they cannot take a line back that is not finished",
    ),
    Private(
        "pytest: Module._getobj, by which a module of the suite is imported under its own name",
        lambda: hasattr(pytest.Module, "_getobj"),
        ("pytest_plugin/plugin.py",),
        "--import-mode; it is the user's to choose, and none of its values knows a package under two names",
    ),
    Private(
        "argparse: HelpFormatter._split_lines and _fill_text",
        lambda: hasattr(argparse.HelpFormatter, "_split_lines") and hasattr(argparse.HelpFormatter, "_fill_text"),
        ("cli/main.py",),
        "RawTextHelpFormatter; it leaves lines as they are, whatever the width of the terminal",
    ),
    Private(
        "asyncio: BaseEventLoop._ready, _scheduled and _run_once",
        lambda: _loop("_ready", "_scheduled", "_run_once"),
        ("schedules/loop.py", "world/out_of_turn.py"),
        "AbstractEventLoop written anew; then the tasks and timers of the judged code would not be asyncio's own",
    ),
    Private(
        "asyncio: Handle._run, _cancelled, _context, _scheduled, _callback and _args",
        lambda: _handle("_run", "_cancelled", "_context", "_scheduled", "_callback", "_args"),
        ("schedules/loop.py", "world/out_of_turn.py"),
        "Handle.cancelled and get_context (Python 3.12); nothing public runs a handle or tells whose step it is",
    ),
    Private(
        "threading: Condition._waiters, _is_owned, _release_save and _acquire_restore",
        lambda: all(
            hasattr(threading.Condition(), name)
            for name in ("_waiters", "_is_owned", "_release_save", "_acquire_restore")
        ),
        ("schedules/locks.py",),
        "a Condition written anew; judged code asks whether it is an instance of threading's",
    ),
    Private(
        "queue: _PySimpleQueue, the queue that is written in Python",
        lambda: hasattr(queue, "_PySimpleQueue"),
        ("schedules/locks.py",),
        "queue.SimpleQueue is written in C, where no thread can be stopped",
    ),
    Private(
        "multiprocessing: SemLock._make_methods and _semlock",
        lambda: hasattr(multiprocessing.synchronize.SemLock, "_make_methods"),
        ("schedules/locks.py",),
        "none: acquire of such a lock is written in C, and would stop the scheduler with the thread",
    ),
    Private(
        "hypothesis: configuration.set_hypothesis_home_dir",
        lambda: callable(hypothesis.configuration.set_hypothesis_home_dir),
        ("checks/ready.py",),
        "the variable HYPOTHESIS_STORAGE_DIRECTORY; it counts where a user set it",
    ),
    Private(
        "freezegun: api.call_stack_inspection_limit",
        lambda: isinstance(freezegun.api.call_stack_inspection_limit, int),
        ("world/clock.py",),
        "freeze_time(ignore=...); it looks at five callers, where the one that asks is the one that counts",
    ),
    Private(
        "freezegun: api.FakeDatetime.now and _tz_offset",
        lambda: "now" in freezegun.api.FakeDatetime.__dict__ and _frozen_offset(),
        ("world/clock.py",),
        "freeze_time(tz_offset=...); it shifts a moment in a named zone too",
    ),
)
