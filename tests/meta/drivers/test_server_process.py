"""A server that an adapter starts ends with whatever started it, and says so where it ends too early."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
import weakref
from pathlib import Path

import pytest

from id_isolation.adapters import BackendBroke, ServerProcess, free_port
from id_isolation.drivers.server_process import Meanwhile, exceptions_in
from id_isolation.timing import units

LISTEN = """
import socket, sys, os
# Written before anybody can connect: whoever is let in may read it at once.
with open(sys.argv[2], "w") as note:
    note.write(str(os.getpid()))
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    listener.accept()[0].close()
"""

FAILS = """
import socket, sys, traceback
try:
    1 / 0
except ArithmeticError:
    traceback.print_exc()
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    listener.accept()[0].close()
"""

OWNER = """
import os, sys
from id_isolation.adapters import ServerProcess
server = ServerProcess.listening([sys.executable, "-c", *sys.argv[1:]], int(sys.argv[2]))
if os.fork() == 0:
    os.read(0, 1)
    os._exit(0)
print("ready", flush=True)
os.read(0, 1)
"""


def command(port: int, note: Path) -> list[str]:
    return [sys.executable, "-c", LISTEN, str(port), str(note)]


def is_gone(pid: int) -> bool:
    """Whether a process has ended, or does so within a bounded time; one that nobody reaps has ended too."""
    until = time.monotonic() + units(10)
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def test_a_server_is_ready_when_it_is_made_and_gone_when_it_is_closed(tmp_path: Path) -> None:
    """A second close does nothing."""
    port = free_port()
    server = ServerProcess.listening(command(port, tmp_path / "pid"), port)
    server.check()
    pid = int((tmp_path / "pid").read_text())
    server.close()
    server.close()
    assert is_gone(pid)
    with pytest.raises(BackendBroke, match="ended"):
        server.check()


def test_a_server_that_ends_at_once_is_told_with_what_it_printed() -> None:
    """Nobody has to look for its log."""
    with pytest.raises(BackendBroke, match="no licence"):
        ServerProcess.listening([sys.executable, "-c", "raise SystemExit('no licence')"], free_port())


def test_a_server_that_is_never_ready_is_told_and_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not left behind either."""
    monkeypatch.setenv("ID_ISOLATION_TIME_UNIT", "0.02")
    with pytest.raises(BackendBroke, match=r"was not ready after 0\.4 s"):
        ServerProcess([sys.executable, "-c", "import time; time.sleep(600)"], lambda: False)


def test_a_server_does_not_outlive_a_killed_owner_and_its_copies(tmp_path: Path) -> None:
    """SIGKILL runs no clean-up, and a forked copy goes with the rest of the group."""
    port = free_port()
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, LISTEN, str(port), str(tmp_path / "pid")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert owner.stdout is not None
    assert owner.stdin is not None
    assert owner.stdout.readline() == b"ready\n"
    pid = int((tmp_path / "pid").read_text())
    os.killpg(owner.pid, signal.SIGKILL)
    owner.wait()
    owner.stdin.close()
    owner.stdout.close()
    assert is_gone(pid)


PRINTED = """ERROR: Exception in ASGI application
  + Exception Group Traceback (most recent call last):
  |   File "/lib/site-packages/uvicorn/run.py", line 7, in run
  |     await app()
  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/srv/app/chat/rooms.py", line 12, in join
    |     rooms[name]
    |   File "/lib/python3.11/collections.py", line 3, in get
    |     raise KeyError
    | KeyError: 'token=abcdef123456'
    +------------------------------------
INFO: Traceback is a word
Traceback (most recent call last):
  File "/lib/site-packages/redis/pool.py", line 5, in get
    raise OSError
OSError

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/lib/site-packages/redis/client.py", line 7, in call
    pool.get()
  File "/lib/site-packages/redis/pool.py", line 9, in get
    raise MaxConnectionsError("Too many connections")
redis.exceptions.MaxConnectionsError: Too many connections
"""


def test_an_exception_that_was_printed_is_known_by_its_last_line_and_its_own_place() -> None:
    """The newest place in the server's own directory, where there is one; what looks like a secret is taken out."""
    assert exceptions_in(PRINTED, Path("/srv/app")) == [
        ("ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)", "/lib/site-packages/uvicorn/run.py:7"),
        ("KeyError: 'token=[secret]'", "chat/rooms.py:12"),
        ("redis.exceptions.MaxConnectionsError: Too many connections", "/lib/site-packages/redis/pool.py:9"),
    ]


def test_what_a_closed_server_printed_is_still_known() -> None:
    """A server that one check starts for itself has ended when the check is judged."""
    meanwhile, port = Meanwhile(), free_port()
    server = ServerProcess.listening([sys.executable, "-c", FAILS, str(port)], port)
    server.close()
    assert "ZeroDivisionError: division by zero (<string>:" in meanwhile.raised()
    assert Meanwhile().raised() == ""


def test_a_closed_server_is_kept_for_as_long_as_somebody_may_ask_what_it_printed() -> None:
    """Whoever starts one server after another keeps none of them."""
    port, meanwhile = free_port(), Meanwhile()
    server = ServerProcess.listening([sys.executable, "-c", FAILS, str(port)], port)
    server.close()
    kept = weakref.ref(server)
    del server
    Meanwhile()
    assert "ZeroDivisionError" in meanwhile.raised()
    del meanwhile
    # Other tests of this process may have left some behind.
    gc.collect()
    Meanwhile()
    assert kept() is None
