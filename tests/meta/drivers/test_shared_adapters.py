"""An adapter in two processes: what they share by a file, SQLite or Redis, or that they share nothing."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from id_isolation.drivers.spec import Target, TargetKind
from id_isolation.history.finding import Outcome, Verdict
from id_isolation.judging.client import Judge
from id_isolation.plan.kinds import Level, Surface
from id_isolation.world.effort import Effort

ADAPTER = Path(__file__).with_name("adapter_with_a_store.py")
STORED = (("U3", Surface.GENERATOR), ("A3", Surface.GENERATOR))
RECORDS = ("U3", Surface.AUTH)
STORES = ("files", "sqlite", "redis")
PER_PROCESS = "per process: behind a load balancer"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the adapter in it, from which it is imported."""
    shutil.copy(ADAPTER, tmp_path / "shop_adapter.py")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHOP_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def store(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a store; a Redis of its own where one is asked for and there is the program."""
    kind: str = request.param
    monkeypatch.setenv("SHOP_STORE", kind)
    if kind != "redis":
        yield kind
        return
    if shutil.which("redis-server") is None:
        pytest.skip("n/a: there is no program redis-server")
    pytest.importorskip("redis", reason="n/a: there is no client of Redis")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    monkeypatch.setenv("SHOP_REDIS", str(port))
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert any("Ready to accept connections" in line for line in server.stdout)
        try:
            yield kind
        finally:
            server.kill()


def _verdicts(factory: str, *pairs: tuple[str, Surface]) -> list[Verdict]:
    real = Effort(0.1, (("real_services", "2"),))
    with Judge(Target(f"shop_adapter:{factory}", TargetKind.ADAPTER), Level.STRICT, 1, real) as judge:
        return [judge.verdict(*pair) for pair in pairs]


@pytest.mark.slow
@pytest.mark.parametrize("store", STORES, indirect=True)
def test_what_two_processes_share_is_judged_and_a_sound_store_passes(store: str) -> None:
    """Nothing is said of processes then."""
    for one in _verdicts("sound", *STORED, RECORDS):
        assert (one.outcome, one.reason) == (Outcome.PASSED, ""), store
        assert not any(PER_PROCESS in note for note in one.notes)


@pytest.mark.slow
@pytest.mark.parametrize("store", STORES, indirect=True)
def test_an_end_that_a_cache_hides_from_the_other_process_is_caught(store: str) -> None:
    """Of a stored session, by name; and of a log-in, by its token."""
    ended, records = _verdicts("cached", STORED[1], RECORDS)
    assert {finding.symptom for finding in ended.findings} == {"survives-its-end"}
    assert {(finding.check, finding.symptom) for finding in records.besides} == {("A6", "bad-token-accepted")}


@pytest.mark.slow
@pytest.mark.parametrize("store", ["files"], indirect=True)
def test_state_of_each_process_is_told_in_one_sentence(store: str) -> None:
    """And what it means behind a load balancer; it is no fault."""
    found, records = _verdicts("alone", STORED[0], RECORDS)
    for one in (found, records):
        assert one.outcome is Outcome.PASSED, (store, one.reason)
        assert [PER_PROCESS in note for note in one.notes] == [True]


@pytest.mark.slow
@pytest.mark.parametrize("store", ["files"], indirect=True)
def test_an_adapter_that_starts_a_server_is_not_opened_twice_to_be_compared(store: str) -> None:
    """Two systems share nothing, whatever the store; that is said."""
    (found,) = _verdicts("serving", STORED[0])
    assert found.outcome is Outcome.PASSED, (store, found.reason)
    assert any("starts a server in each process" in note for note in found.notes)
