"""Which child processes this test process has: others than a test's own may be there, such as the host of a judge."""

from __future__ import annotations

import psutil


def own_children() -> set[int]:
    """The process IDs of this process's children, those included that have ended and were not waited for."""
    return {process.pid for process in psutil.Process().children()}
