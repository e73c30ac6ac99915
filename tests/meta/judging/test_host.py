"""A host outlives nobody: when whoever started it dies, it ends, and takes its directory with it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

CODE = """
import sys
from id_isolation.drivers.spec import on_disk, resolve
from id_isolation.ids.kinds import Level
from id_isolation.judging.client import Judge
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
    ended = subprocess.run(["tail", f"--pid={host}", "-f", "/dev/null"], timeout=30, check=False)
    assert ended.returncode == 0
    assert not Path(root).exists()
