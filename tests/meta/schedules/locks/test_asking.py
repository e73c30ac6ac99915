"""Whose lock it is: the file that asks for one, through whatever stands between."""

from __future__ import annotations

import queue
import sys
import threading
from dataclasses import dataclass, field

import pytest

from id_isolation.schedules.locks import asking_file


def _asked() -> str:
    return asking_file(sys._getframe(1))


def test_the_file_of_the_caller_asks():
    """Nothing stands between."""
    assert _asked() == __file__


def test_text_that_a_module_was_given_asks_in_its_name():
    """The generated `__init__` of a dataclass has no file of its own."""

    @dataclass
    class Made:
        asked: str = field(default_factory=_asked)

    assert Made().asked == __file__


def test_text_of_no_module_asks_for_its_caller():
    """It knows no file at all."""
    assert eval("asked()", {"asked": _asked}) == __file__


@pytest.mark.parametrize("make", [queue.Queue, threading.Event, threading.Semaphore], ids=lambda made: made.__name__)
def test_who_makes_a_wrapper_asks_for_what_is_in_it(make, monkeypatch):
    """A queue has a lock because its maker wanted a queue."""
    asked = []
    genuine = threading.Condition

    def condition(*arguments):
        asked.append(asking_file(sys._getframe(1)))
        return genuine(*arguments)

    monkeypatch.setattr(threading, "Condition", condition)
    make()
    assert set(asked) == {__file__}


def test_the_interpreter_asks_for_the_locks_of_an_import(tmp_path, monkeypatch):
    """Whoever imports has not asked for them."""
    import _thread

    asked = []
    genuine = _thread.allocate_lock

    def allocate():
        asked.append(asking_file(sys._getframe(1)))
        return genuine()

    (tmp_path / "imported_for_its_locks.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(_thread, "allocate_lock", allocate)
    __import__("imported_for_its_locks")
    assert __file__ not in asked


def test_nobody_asks_where_there_is_no_frame():
    """The outermost frame has been passed."""
    assert asking_file(None) == ""
