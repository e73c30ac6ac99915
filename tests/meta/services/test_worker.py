"""A server process shares its port with others, and ends with whoever started it."""

from __future__ import annotations

import json
import os
import signal
import socket

import pytest

from id_isolation.drivers.services import Task, end_with_parent, shared_listener


def test_a_task_comes_out_of_its_json_as_it_went_in() -> None:
    """With and without a keepalive."""
    for keepalive in (None, 2.5):
        task = Task("spec", "/root", 8000, "00ff", "/ledger", 1, "a.b:C", keepalive)
        assert Task(**json.loads(json.dumps(task.to_json()))) == task


def test_two_listeners_share_one_port_of_loopback() -> None:
    """A plain one may not take it besides."""
    with shared_listener() as first, shared_listener(first.getsockname()[1]) as second, socket.socket() as plain:
        first.listen()
        second.listen()
        assert first.getsockname() == second.getsockname()
        assert first.getsockname()[0] == "127.0.0.1"
        with pytest.raises(OSError, match="in use"):
            plain.bind(first.getsockname())


@pytest.mark.parametrize("right", [True, False])
def test_a_process_whose_parent_is_gone_already_ends_at_once(right: bool) -> None:
    """And one whose parent is there goes on."""
    parent = os.getpid() if right else os.getppid()
    pid = os.fork()
    if pid == 0:
        try:
            end_with_parent(parent)
        finally:
            os._exit(7)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == (7 if right else 1)


def test_a_process_is_killed_when_its_parent_dies() -> None:
    """However the parent went: the pipe that only it holds open comes to its end."""
    read, write = os.pipe()
    middle = os.fork()
    if middle == 0:
        try:
            if os.fork() == 0:
                end_with_parent(os.getppid())
                os.write(write, b"r")
                signal.pause()
            os.close(write)
            signal.pause()
        finally:
            os._exit(9)
    os.close(write)
    assert os.read(read, 1) == b"r"
    os.kill(middle, signal.SIGKILL)
    os.waitpid(middle, 0)
    assert os.read(read, 1) == b""
    os.close(read)
