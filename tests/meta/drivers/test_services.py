"""Several server processes behind one port: used, killed in mid-run, and never left behind.

A server process shares its port with others, and ends with whoever started it.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from id_isolation.backend.protocol import BackendBroke
from id_isolation.drivers.services import Task, end_with_parent, served_by_processes, shared_listener
from id_isolation.drivers.spec import Target, TargetKind, on_disk, open_backend, resolve
from id_isolation.embedded import compose
from id_isolation.embedded.layer import GENERATOR, WEBSOCKET, Edit, Layer
from id_isolation.history.finding import Outcome
from id_isolation.judging.client import Judge
from id_isolation.plan.kinds import Level, Surface
from id_isolation.timing import units
from id_isolation.world.effort import Effort
from id_isolation.world.swarm import Swarm, together

REAL = Effort(0.5, (("real_services", "2"),))

COUNTER_ONLY = Layer(
    "counter-only-random-part",
    (
        Edit(
            GENERATOR,
            "    return secrets.token_hex((length + 1) // 2)[:length]\n",
            '    return f"{_counter * 2654435761 % 16**8:08x}"[:length]\n',
        ),
    ),
)

DIES_OF_MANY = Layer(
    "dies-of-many-handshakes",
    (
        Edit(
            WEBSOCKET,
            "logger = logging.getLogger(__name__)\n",
            "logger = logging.getLogger(__name__)\n_handshakes = []\n",
        ),
        Edit(
            WEBSOCKET,
            "        if not auth_result.success:\n",
            "        _handshakes.append(1)\n"
            "        if len(_handshakes) > 15:\n"
            "            __import__('os').kill(__import__('os').getpid(), 9)\n"
            "        if not auth_result.success:\n",
        ),
    ),
)

SERVE = """
import asyncio, os, sys
from pathlib import Path
from id_isolation.drivers.spec import open_backend
from id_isolation.drivers.services import served_by_processes

async def main():
    async with served_by_processes(open_backend("hardened", Path(sys.argv[1])), 2) as fleet:
        print(fleet.address.rsplit(":", 1)[1].split("/")[0], *(one.process.pid for one in fleet.processes), flush=True)
        await asyncio.sleep(3600)

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compose.write("hardened", tmp_path_factory.mktemp("hardened"))


@pytest.mark.slow
def test_the_event_checks_pass_over_two_processes() -> None:
    """Each process opens the backend anew; tokens, withdrawals and re-assignments are known to both."""
    pairs = [(check, Surface.WEBSOCKET) for check in ("E1", "E2", "E3", "E4", "E5", "E6")]
    with on_disk(resolve("hardened")) as target, Judge(target, Level.STRICT, 1, REAL) as judge:
        verdicts = [judge.verdict(*pair) for pair in pairs]
    assert [(verdict.check, verdict.outcome, verdict.reason) for verdict in verdicts] == [
        (check, Outcome.PASSED, "") for check, _ in pairs
    ]


@pytest.mark.slow
def test_a_second_process_that_reuses_the_first_ones_ids_is_caught(tmp_path: Path) -> None:
    """IDs that are unique in one process and repeat in the next are given to two users."""
    target = Target(str(tmp_path), TargetKind.CHECKOUT, compose.write("remediated", tmp_path, [COUNTER_ONLY]))
    with Judge(target, Level.PLAN, 1, REAL) as judge:
        over_two = judge.verdict("E1", Surface.WEBSOCKET)
    with Judge(target, Level.PLAN, 1, Effort(0.5)) as judge:
        in_one = judge.verdict("E1", Surface.WEBSOCKET)
    assert "shared-id" in {finding.symptom for finding in over_two.findings}
    assert in_one.outcome is Outcome.PASSED


@pytest.mark.slow
def test_the_run_goes_on_after_a_server_process_died(tmp_path: Path) -> None:
    """The check that it died under is errored with a sentence; the next one has new processes, and passes."""
    target = Target(str(tmp_path), TargetKind.CHECKOUT, compose.write("remediated", tmp_path, [DIES_OF_MANY]))
    with Judge(target, Level.PLAN, 1, REAL) as judge:
        died, next_one = (judge.verdict(check, Surface.WEBSOCKET) for check in ("E1", "M3"))
    assert died.outcome is Outcome.ERRORED
    assert re.search(r"server process \d of 2 \(pid \d+\) ended in mid-run with signal SIGKILL", died.reason)
    assert died.seconds < units(30)
    assert next_one.outcome is Outcome.PASSED, next_one.reason


async def test_a_process_that_is_killed_in_mid_run_is_one_sentence(tree: Path) -> None:
    """The swarm ends in bounded time and says which process ended how; no process and no port is left."""
    backend = open_backend("hardened", tree)
    assert backend.tokens is not None
    started = time.monotonic()
    dies = pytest.raises(BackendBroke, match=r"server process 1 of 2 \(pid \d+\) ended in mid-run with signal SIGKILL")
    with dies:
        async with served_by_processes(backend, 2) as fleet, Swarm(fleet, backend.tokens.issue) as swarm:
            port = int(fleet.address.rsplit(":", 1)[1].split("/")[0])
            pids = [one.process.pid for one in fleet.processes]
            clients = await swarm.open_all([await swarm.join(f"user{n}.osei") for n in range(8)])
            await together(client.start(hold=True) for client in clients)
            os.kill(pids[0], signal.SIGKILL)
            await swarm.settle()
    assert time.monotonic() - started < units(30)
    assert not any(_alive(pid) for pid in pids)
    assert not _listened_on(port)


@pytest.mark.parametrize(
    "how",
    [pytest.param(signal.SIGINT, id="interrupted", marks=pytest.mark.slow), pytest.param(signal.SIGKILL, id="killed")],
)
def test_no_process_outlives_the_one_that_started_it(tree: Path, how: signal.Signals) -> None:
    """Neither Ctrl-C nor the death of the starting process leaves a server behind."""
    starter = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(tree)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert starter.stdout is not None
    try:
        port, *pids = (int(word) for word in starter.stdout.readline().split())
        starter.send_signal(how)
        starter.wait(units(20))
        assert _until(lambda: not any(_alive(pid) for pid in pids))
        assert not _listened_on(port)
    finally:
        starter.kill()
        starter.stdout.close()
        starter.wait()


def _until(reached: Callable[[], bool]) -> bool:
    for _ in range(200):
        if reached():
            return True
        time.sleep(units(0.05))
    return False


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _listened_on(port: int) -> bool:
    with socket.socket() as world:
        return world.connect_ex(("127.0.0.1", port)) == 0


def test_a_task_comes_out_of_its_json_as_it_went_in() -> None:
    """With and without a keepalive."""
    for keepalive in (None, 2.5):
        task = Task("spec", 1, "/root", 8000, "00ff", "/ledger", "a.b:C", keepalive, ["/path"])
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
