"""The one clock: held, ticking and moved for the code under judgement, and real for everybody else."""

from __future__ import annotations

import asyncio
import importlib
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from id_isolation.world.clock import frozen
from id_isolation.world.processes import forked, values
from id_isolation.world.threads import run_threads

from . import samples

START = datetime(2023, 11, 14, 22, 13, 20, 250_000, tzinfo=UTC)
CLOCKS = ("time.time", "time.time_ns", "from time import time", "imported in the function", "datetime.now",
          "aware datetime.now", "datetime.utcnow", "gmtime")  # fmt: skip


def shown(name: str) -> float:
    return samples.every_clock()[name]


@pytest.mark.parametrize("name", CLOCKS)
def test_every_way_to_read_the_clock_is_held_moved_and_given_back(name: Any) -> None:
    """By whatever name a module reads the clock, it sees the held one, and afterwards the real one."""
    # A structure of time has whole seconds.
    exact = 0.3 if name == "gmtime" else 1e-5
    with frozen(START) as clock:
        assert shown(name) == pytest.approx(START.timestamp(), abs=exact)
        assert shown(name) == shown(name)
        for moved in (-timedelta(milliseconds=5), -timedelta(hours=1), timedelta(days=365), timedelta(0)):
            clock.move_to(START + moved)
            assert shown(name) == pytest.approx((START + moved).timestamp(), abs=exact)
    assert shown(name) == pytest.approx(time.time(), abs=60)


def test_a_step_of_five_milliseconds_back_is_seen_as_such() -> None:
    """Small steps are not lost to rounding."""
    with frozen(START) as clock:
        before = shown("time.time_ns")
        clock.move_to(START - timedelta(milliseconds=5))
        assert before - shown("time.time_ns") == pytest.approx(0.005, abs=1e-6)


def test_a_ticking_clock_runs_on_from_where_it_was_put() -> None:
    """It goes forward, also after it was moved back."""
    with frozen(START, tick=True) as clock:
        first, second = shown("time.time"), shown("time.time")
        assert START.timestamp() <= first < second < START.timestamp() + 60
        clock.move_to(START - timedelta(hours=1))
        first, second = shown("time.time"), shown("time.time")
        assert START.timestamp() - 3600 <= first < second < START.timestamp() - 3540


def test_the_clock_is_held_in_threads_of_every_kind() -> None:
    """A thread's first function sees it as well as one further down."""
    with frozen(START):
        direct: list[float] = []
        thread = threading.Thread(target=samples.read_into, args=(direct,))
        thread.start()
        thread.join()
        assert [*direct, *run_threads([samples.now_by_name] * 4)] == [START.timestamp()] * 5


def test_the_clock_is_held_in_tasks_while_loops_go_by_the_real_one() -> None:
    """A sleep comes to its end, and what is read before and after it is the same moment."""

    async def work() -> tuple[float, float]:
        before = samples.now_by_name()
        await asyncio.wait_for(asyncio.sleep(0.001), 30)
        return before, samples.now_by_name()

    with frozen(START):
        assert asyncio.run(work()) == (START.timestamp(), START.timestamp())
        assert run_threads([lambda: asyncio.run(work())]) == [(START.timestamp(), START.timestamp())]


def test_the_clock_is_held_in_forked_children() -> None:
    """A fork takes the held clock along."""
    with frozen(START):
        assert values(forked(lambda _: samples.now_by_name(), 2)) == [START.timestamp()] * 2


def test_waits_with_a_deadline_end_while_the_clock_stands() -> None:
    """The standard library and the suite count real seconds."""
    with frozen(START):
        assert threading.Semaphore(0).acquire(timeout=0.01) is False
        assert threading.Event().wait(0.01) is False


def test_uuid1_goes_by_the_held_clock() -> None:
    """The routine in C, which reads the system's clock, is out of the way."""
    with frozen(START):
        assert samples.by_uuid1() == pytest.approx(START.timestamp(), abs=1e-4)
    assert samples.by_uuid1() == pytest.approx(time.time(), abs=60)


def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: Any) -> Any:
    place = tmp_path / "site-packages"
    place.mkdir()
    (place / f"{name}.py").write_text(
        "import time\nfrom time import time as now\ndef read(): return time.time(), now()\n"
    )
    monkeypatch.syspath_prepend(str(place))
    # So that it is out again afterwards.
    monkeypatch.setitem(sys.modules, name, None)
    del sys.modules[name]
    return importlib.import_module(name)


def test_installed_packages_keep_the_real_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are not even looked at, so what they load lazily stays unloaded."""
    package = installed(tmp_path, monkeypatch, "an_installed_package")
    package.__dir__ = lambda: pytest.fail("its attributes were read")
    with frozen(START):
        assert min(package.read()) > START.timestamp() + 1000


def test_an_installed_backend_is_held_where_it_names_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it owns counts as the backend's code."""
    package = installed(tmp_path, monkeypatch, "an_installed_backend")
    with frozen(START, owned=lambda filename: filename == package.__file__):
        assert package.read() == (START.timestamp(),) * 2
    assert min(package.read()) > START.timestamp() + 1000


def test_the_real_clock_is_back_after_an_error() -> None:
    """Whatever is raised inside, nothing of the held clock is left, and the next one works."""
    real = time.time, samples.now
    for _ in range(2):
        with pytest.raises(KeyError), frozen(START):
            raise KeyError("raised inside")
        assert (time.time, samples.now) == real
        assert samples.now_by_name() == pytest.approx(time.time(), abs=60)


def test_a_clock_within_a_clock_gives_way_to_the_outer_one() -> None:
    """The inner moment ends with its block."""
    with frozen(START):
        with frozen(START + timedelta(hours=1)):
            assert shown("time.time") == START.timestamp() + 3600
        assert shown("time.time") == START.timestamp()
        assert run_threads([samples.now_by_name]) == [START.timestamp()]


def test_a_process_in_another_zone_tells_local_time_from_utc() -> None:
    """Local clocks are ahead of it, moments in UTC and seconds since 1970 are not, and afterwards all is as before."""
    before = time.strftime("%z")
    with frozen(START, east=timedelta(hours=9)):
        moment = datetime.now(UTC)
        assert moment == START
        assert datetime.now() - moment.replace(tzinfo=None) == timedelta(hours=9)
        assert time.localtime(0).tm_hour == 9
        assert moment.timestamp() == START.timestamp()
    assert time.strftime("%z") == before
