"""A request comes out of its JSON as it went in, and a message is one whole line.

A process that waits for ever is told from one that works.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO

import pytest

from id_isolation.judging.messages import GOODBYE, Idleness, Lines, Request, send
from id_isolation.plan.kinds import Level, Surface
from id_isolation.world.effort import Effort

_READY = "print('ready', flush=True)"
_WORK = f"{_READY}\nwhile True: pass"


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("surface", list(Surface))
def test_a_request_comes_back_as_it_was(level: Level, surface: Surface) -> None:
    """Surface and level as members, effort with its scale and options."""
    request = Request(7, "X1", surface, level, 42, Effort(0.25, (("ids", "1000"), ("users", "7"))))
    back = Request.from_json(json.loads(json.dumps(request.to_json())))
    assert back == request
    assert back.surface is surface
    assert back.level is level


def test_the_order_of_the_options_makes_no_other_request() -> None:
    """They are a table, and come back sorted."""
    data = Request(1, "X1", Surface.AUTH, Level.PLAN, 1, Effort(1.0, (("users", "7"), ("ids", "9")))).to_json()
    assert Request.from_json(data).effort.options == (("ids", "9"), ("users", "7"))


@pytest.mark.parametrize("field", ["surface", "level"])
def test_an_unknown_word_is_an_error(field: str) -> None:
    """A host of another version is not half understood."""
    data = Request(1, "X1", Surface.AUTH, Level.PLAN, 1, Effort()).to_json()
    with pytest.raises(ValueError, match="moon"):
        Request.from_json({**data, field: "moon"})


def test_a_message_is_one_line_whatever_is_in_it() -> None:
    """Line ends and other letters are escaped, and the stream is flushed."""

    class Stream(BytesIO):
        flushed = 0

        def flush(self) -> None:
            self.flushed += 1

    stream = Stream()
    send(stream, {"reason": "two\nlines\r\u2028é"})
    send(stream, GOODBYE)
    first, second, rest = stream.getvalue().split(b"\n")
    assert json.loads(first) == {"reason": "two\nlines\r\u2028é"}
    assert json.loads(second) == {"goodbye": True}
    assert rest == b""
    assert stream.flushed == 2


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_lines_are_whole_however_they_are_cut(size: int) -> None:
    """The last one waits for its end."""
    text, lines, taken = b"one\n\ntwo two\nthr", Lines(), []
    for start in range(0, len(text), size):
        lines.add(text[start : start + size])
        while (line := lines.take()) is not None:
            taken.append(line)
    assert taken == [b"one", b"", b"two two"]
    lines.add(b"ee\n")
    assert (lines.take(), lines.take()) == (b"three", None)


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Processes that a test starts; they are ended with it, and their children too."""
    processes: list[subprocess.Popen[bytes]] = []
    yield processes
    for process in processes:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


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
