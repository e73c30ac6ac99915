"""Where a thread stands."""

from __future__ import annotations

import threading

from id_isolation.schedules.schedule import standing_at
from id_isolation.timing import units

_free = threading.Event()


def _wait() -> None:
    _free.wait(units(60))


def _stand(see):
    _free.clear()
    thread = threading.Thread(target=_wait)
    thread.start()
    while not _free._cond._waiters:
        pass
    try:
        return see(thread)
    finally:
        _free.set()
        thread.join()


def test_the_innermost_line_under_judgement_is_named():
    """What lies below it is the standard library's."""
    found = _stand(lambda thread: standing_at(thread, lambda name: name == __file__))
    assert found.endswith(f"test_standing.py:{_wait.__code__.co_firstlineno + 1}")


def test_a_thread_outside_the_code_under_judgement_stands_nowhere():
    """So does one that rests, and one that is over."""
    assert _stand(lambda thread: standing_at(thread, lambda name: False)) == ""
    resting = (threading.Condition.wait.__code__,)
    assert _stand(lambda thread: standing_at(thread, lambda name: True, resting)) == ""
    over = threading.Thread(target=str)
    over.start()
    over.join()
    assert standing_at(over, lambda name: True) == ""
