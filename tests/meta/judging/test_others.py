"""A session of processes that stands still is told from one at work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from id_isolation.judging.others import Idleness

pytestmark = pytest.mark.quick

_READY = "print('ready', flush=True)"
_WORK = f"{_READY}\nwhile True: pass"


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Processes that a test starts; they are ended with it, and their children too."""
    processes: list[subprocess.Popen[bytes]] = []
    yield processes
    for process in processes:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def run(code: str, processes: list[subprocess.Popen[bytes]]) -> int:
    """Starts code in a session of its own, waits until it, or a child of its, says ready, and returns the session."""
    process = subprocess.Popen([sys.executable, "-c", code], start_new_session=True, stdout=subprocess.PIPE)
    processes.append(process)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process.pid


def test_a_process_that_waits_becomes_idle(started: list[subprocess.Popen[bytes]]) -> None:
    """Nothing moves in it, so its idle time grows with the clock that it is told."""
    idleness = Idleness(run(f"import threading; {_READY}; threading.Event().wait()", started), now=0.0)
    moment = 0.0
    while idleness.seconds(moment) < 90.0:
        # Until it has reached the wait it uses the processor, and its idle time begins anew.
        moment += 10.0


def test_a_process_that_works_is_never_idle(started: list[subprocess.Popen[bytes]]) -> None:
    """A runnable process is at work, even where it gets no processor."""
    idleness = Idleness(run(_WORK, started), now=0.0)
    assert [idleness.seconds(now) for now in (10.0, 20.0, 30.0)] == [0.0, 0.0, 0.0]


def test_a_child_at_work_keeps_its_whole_session_busy(started: list[subprocess.Popen[bytes]]) -> None:
    """A process that only waits for a child at work is not idle."""
    session = run(f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_WORK!r}])", started)
    idleness = Idleness(session, now=0.0)
    assert [idleness.seconds(now) for now in (1.0, 50.0)] == [0.0, 0.0]
