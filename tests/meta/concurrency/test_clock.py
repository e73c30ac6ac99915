"""A controlled clock that only the given files see."""

from __future__ import annotations

import datetime
import sys
import time
import types

import pytest

from id_isolation.concurrency.clock import controlled_clock

from . import samples

START = 1_700_000_000.25


def _owned(filename: str) -> bool:
    return filename == samples.__file__


@pytest.mark.parametrize("name", sorted(samples.every_clock()))
def test_every_way_to_read_the_clock_is_frozen_moved_and_given_back(name):
    """By whatever name a module reads the clock, it sees the controlled one, and afterwards the real one."""
    with controlled_clock(_owned, start=START) as clock:
        assert samples.every_clock()[name] == pytest.approx(START, abs=0.26)
        assert samples.every_clock()[name] == pytest.approx(samples.every_clock()[name], abs=1e-5)
        clock.move(-3600)
        assert samples.every_clock()[name] == pytest.approx(START - 3600, abs=0.26)
        clock.move_to(START + 86400 * 365)
        assert samples.every_clock()[name] == pytest.approx(START + 86400 * 365, abs=0.26)
    assert samples.every_clock()[name] == pytest.approx(time.time(), abs=60)


def test_code_in_other_files_keeps_the_real_clock():
    """This file is not owned, so nothing changes here."""
    with controlled_clock(_owned, start=START):
        assert time.time() > START + 1000
        assert datetime.datetime.now().timestamp() > START + 1000
        assert isinstance(datetime.datetime.now(), datetime.datetime)
        assert issubclass(datetime.datetime, datetime.date)


def test_a_step_of_five_milliseconds_back_is_seen_as_such():
    """Small steps are not lost to rounding."""
    with controlled_clock(_owned, start=START) as clock:
        before = samples.every_clock()["time.time_ns"]
        clock.move(-0.005)
        assert before - samples.every_clock()["time.time_ns"] == pytest.approx(0.005, abs=1e-6)


def test_a_ticking_clock_runs_on_and_a_frozen_one_stands():
    """The clock can be let go and stopped again."""
    with controlled_clock(_owned, start=START) as clock:
        assert clock.time_ns() == clock.time_ns()
        clock.tick()
        first = clock.time_ns()
        assert clock.time_ns() > first
        clock.freeze()
        assert clock.time_ns() == clock.time_ns()


def test_dates_made_under_the_clock_are_genuine():
    """Nothing of the stand-ins is left in data."""
    with controlled_clock(_owned, start=START):
        made = samples.moment(2024, 2, 29), samples.moment.now()
    assert [type(date) for date in made] == [datetime.datetime, datetime.datetime]


def test_lazy_modules_are_left_alone(monkeypatch):
    """A module that computes its attributes is not asked for any."""

    class Lazy(types.ModuleType):
        def __getattr__(self, name):
            raise AssertionError(f"{name} was asked for")

    lazy, real = Lazy("a_lazy_module"), time.time
    lazy.__file__ = "lazy.py"
    lazy.now = time.time
    monkeypatch.setitem(sys.modules, "a_lazy_module", lazy)
    with controlled_clock(lambda filename: filename == "lazy.py", start=START):
        assert lazy.now is not real
    assert lazy.now is real


def test_uuid1_starts_at_the_controlled_time():
    """The routine in C, which reads the system's clock, is out of the way."""
    with controlled_clock(_owned, start=START):
        assert samples.by_uuid1() == pytest.approx(START, abs=1e-4)
    assert samples.by_uuid1() == pytest.approx(time.time(), abs=60)


def test_a_monotonic_clock_follows_forward_and_never_back():
    """With `monotonic`, elapsed time stands still while the clock does."""
    code = compile("def read():\n    return time.monotonic()\n", "owned_here.py", "exec")
    space: dict = {"time": time}
    exec(code, space)
    with controlled_clock(lambda filename: filename == "owned_here.py", start=START, monotonic=True) as clock:
        first = space["read"]()
        assert space["read"]() == first
        clock.move(2)
        assert space["read"]() == pytest.approx(first + 2)
        clock.move(-10)
        assert space["read"]() == pytest.approx(first + 2)
