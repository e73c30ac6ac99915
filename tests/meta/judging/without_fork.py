"""Takes away what Windows has not, before anything else is imported: for processes that get this as `sitecustomize`.

What replaces them in the standard library and in psutil on Windows, the end of a process, is put in by its number.
"""

import asyncio
import os
import signal
import subprocess
import sys

import psutil

_KILL = signal.SIGKILL
_OF_OS = "fork forkpty killpg getsid setsid register_at_fork sched_getaffinity sched_setaffinity getuid"

asyncio.get_event_loop_policy()
for name in _OF_OS.split():
    delattr(os, name)
for name in ("SIGKILL", "SIGALRM", "setitimer"):
    delattr(signal, name)
subprocess.Popen.kill = lambda process: process.send_signal(_KILL)  # type: ignore[method-assign, assignment]
psutil.Process.kill = lambda process: process.send_signal(_KILL)  # type: ignore[method-assign, assignment]
sys.modules.update(fcntl=None, resource=None)  # type: ignore[call-overload]
