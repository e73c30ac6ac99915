"""The recorder for services: what it writes, and that nothing that happens to it reaches the service."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from id_isolation.history.handler import EventHandler

from .test_full_disk import room


@pytest.fixture
def log() -> Iterator[logging.Logger]:
    logger = logging.Logger("service")
    yield logger
    for handler in logger.handlers:
        handler.close()


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_a_record_with_an_act_is_an_event(log: logging.Logger, tmp_path: Path) -> None:
    """Its fields come from `extra`; the message, which may hold anything, stays out of it."""
    handler = EventHandler(tmp_path / "events.jsonl")
    log.addHandler(handler)
    log.info("bearer secret", extra={"act": "open", "user_id": 7, "thread_id": "t1", "run": "r1", "token": "secret"})
    log.info("something else")
    handler.close()
    (event,) = _lines(tmp_path / "events.jsonl")
    assert {name: event[name] for name in ("act", "user", "thread", "run")} == {
        "act": "open",
        "user": "7",
        "thread": "t1",
        "run": "r1",
    }
    assert "secret" not in json.dumps(event)


def test_the_thread_of_the_logger_is_no_conversation(log: logging.Logger, tmp_path: Path) -> None:
    """What `logging` calls thread is left out."""
    handler = EventHandler(tmp_path / "events.jsonl")
    log.addHandler(handler)
    log.info("", extra={"act": "name", "user": "ana", "run": "r1"})
    handler.close()
    assert "thread" not in _lines(tmp_path / "events.jsonl")[0]


def test_a_disk_that_takes_nothing_is_counted(log: logging.Logger, tmp_path: Path) -> None:
    """The service goes on; once the disk takes lines again, the file tells how many are missing."""
    path = tmp_path / "gone" / "events.jsonl"
    handler = EventHandler(path)
    log.addHandler(handler)
    for _ in range(3):
        log.info("", extra={"act": "name", "run": "r1"})
    handler.close()
    assert handler.dropped == 3
    path.parent.mkdir()
    handler.start()
    log.info("", extra={"act": "name", "run": "r2"})
    handler.close()
    assert {"type": "lost", "count": 3} in _lines(path)


def test_a_line_that_was_cut_costs_no_other(log: logging.Logger, tmp_path: Path) -> None:
    """A disk that filled up in the middle of a line takes the next one as a line of its own."""
    path = tmp_path / "events.jsonl"
    handler = EventHandler(path)
    log.addHandler(handler)
    with room(150):
        for _ in range(2):
            log.info("", extra={"act": "name", "run": "r1"})
        handler.close()
    assert (handler.dropped, path.stat().st_size) == (1, 150)
    handler.start()
    log.info("", extra={"act": "name", "run": "r2"})
    handler.close()
    first, cut, whole, lost = path.read_text().splitlines()
    assert json.loads(first)["run"] == "r1"
    assert not cut.endswith("}")
    assert (json.loads(whole)["run"], json.loads(lost)["count"]) == ("r2", 1)


def test_a_full_queue_drops_and_never_waits(log: logging.Logger, tmp_path: Path) -> None:
    """A writer that stands still costs events, not time or memory."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    # Opening a pipe that nobody reads blocks the writer for as long as the test wants.
    handler = EventHandler(pipe, waiting=5)
    log.addHandler(handler)
    for _ in range(50):
        log.info("", extra={"act": "name", "run": "r1"})
    assert handler.dropped >= 44
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    log.removeHandler(handler)
    handler.close()
    os.close(reader)


def test_what_cannot_be_written_down_breaks_nothing(log: logging.Logger, tmp_path: Path) -> None:
    """A value whose text cannot be had is dropped and counted."""

    class Odd:
        def __str__(self) -> str:
            raise RuntimeError

    handler = EventHandler(tmp_path / "events.jsonl")
    log.addHandler(handler)
    log.info("", extra={"act": "name", "user": Odd()})
    assert handler.dropped == 1


def test_a_fork_goes_on_recording(log: logging.Logger, tmp_path: Path) -> None:
    """Parent and child add whole lines to one file."""
    handler = EventHandler(tmp_path / "events.jsonl")
    log.addHandler(handler)
    log.info("", extra={"act": "name", "run": "parent"})
    child = os.fork()
    if child == 0:
        try:
            log.info("", extra={"act": "name", "run": "child"})
            handler.close()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    handler.close()
    assert {event["run"] for event in _lines(tmp_path / "events.jsonl")} == {"parent", "child"}


def test_it_imports_the_standard_library_alone() -> None:
    """A service that uses it loads nothing else of the suite, and nothing of anybody else."""
    code = (
        "import sys; before = set(sys.modules); import id_isolation.history.handler;"
        "print([m for m in set(sys.modules) - before"
        " if m.split('.')[0] not in sys.stdlib_module_names and not m.startswith('id_isolation')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
