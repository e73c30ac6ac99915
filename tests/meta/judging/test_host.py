"""A host outlives nobody, and what it prints when it dies holds no secret."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from id_isolation.backend.protocol import UsageError
from id_isolation.drivers.spec import Target, TargetKind
from id_isolation.judging.client import Judge
from id_isolation.plan.kinds import Level
from id_isolation.timing import units

CODE = """
import sys
from id_isolation.drivers.spec import on_disk, resolve
from id_isolation.plan.kinds import Level
from id_isolation.judging.client import Judge
from id_isolation.timing import units
with on_disk(resolve("remediated")) as target, Judge(target, Level.PLAN, 1) as judge:
    print(target.root, judge._process.pid, flush=True)
    sys.stdin.read()
"""


def test_a_killed_client_leaves_no_process_and_no_directory(tmp_path: Path) -> None:
    """After kill -9 of the client the host ends by itself and removes the embedded backend's directory."""
    client = subprocess.Popen([sys.executable, "-c", CODE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert client.stdout is not None
    root, host = client.stdout.readline().split()
    assert Path(root).is_dir()
    client.send_signal(signal.SIGKILL)
    client.wait()
    ended = subprocess.run(["tail", f"--pid={host}", "-f", "/dev/null"], timeout=units(30), check=False)
    assert ended.returncode == 0
    assert not Path(root).exists()


def test_a_host_that_dies_while_it_opens_the_backend_gives_no_secret_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the host has heard of the secret; who reads what it printed is told it, and takes it out."""
    (tmp_path / "dying.py").write_text(
        "import os, sys\nfrom id_isolation.history import redaction\n"
        "def backend():\n"
        "    print('the key is', redaction.remember('9f81-ana-silva', 'key'), file=sys.stderr, flush=True)\n"
        "    os._exit(3)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    judge = Judge(Target("dying:backend", TargetKind.ADAPTER, None), Level.PLAN, 1)
    with pytest.raises(UsageError) as told, judge:
        pass
    assert "the key is [key]" in str(told.value)
    assert "9f81" not in str(told.value)
