"""Small minting functions that the tests of threads, processes and clocks run, here and in spawned processes."""

from __future__ import annotations

import datetime
import os
import threading
import time
import uuid
from datetime import datetime as moment
from time import time as now

_count = 0
_lock = threading.Lock()


def count(_: int = 0) -> int:
    global _count
    with _lock:
        _count += 1
        return _count


def process_and_count(index: int) -> tuple[int, int, int]:
    return index, os.getpid(), count()


def fail(index: int) -> int:
    raise ValueError(f"child {index} fails on purpose")


def die(index: int) -> int:
    os.kill(os.getpid(), 9)
    return index


def now_by_name() -> float:
    return now()


def read_into(read: list[float]) -> None:
    read.append(now())


def every_clock() -> dict[str, float]:
    import time as local

    return {
        "time.time": time.time(),
        "time.time_ns": time.time_ns() / 1e9,
        "from time import time": now(),
        "imported in the function": local.time(),
        "datetime.now": datetime.datetime.now().timestamp(),
        "aware datetime.now": moment.now(datetime.UTC).timestamp(),
        "datetime.utcnow": moment.utcnow().replace(tzinfo=datetime.UTC).timestamp(),
        "gmtime": datetime.datetime(*time.gmtime()[:6], tzinfo=datetime.UTC).timestamp(),
    }


def by_uuid1() -> float:
    return (uuid.uuid1().time - 0x01B21DD213814000) / 1e7
