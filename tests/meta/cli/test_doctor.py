"""The command `doctor`, and `--version`."""

from __future__ import annotations

import os
import platform
import socket
from types import SimpleNamespace

import pytest

from id_isolation.cli import doctor
from id_isolation.cli.main import main


def test_version_names_interpreter_and_packages(capsys: pytest.CaptureFixture[str]) -> None:
    """The interpreter and the packages are told with the versions that are installed."""
    with pytest.raises(SystemExit, match=r"^0$"):
        main(["--version"])
    lines = capsys.readouterr().out.splitlines()
    assert platform.python_version() in lines[1]
    assert f"pytest {pytest.__version__}" in lines


def _no_loopback(self: socket.socket, address: tuple[str, int]) -> None:
    raise OSError("no such address")


@pytest.mark.parametrize("lacking", ["fork", "core", "clock", "loopback"])
def test_doctor_tells_what_is_lacking(
    lacking: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is taken away is told, and the exit code says so."""
    if lacking == "fork":
        monkeypatch.delattr(os, "fork")
    elif lacking == "core":
        monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0}, raising=False)
    elif lacking == "clock":
        ticks = iter(range(1000))
        clock = SimpleNamespace(time=lambda: next(ticks) // 2 * 0.016)
        monkeypatch.setattr(doctor, "time", clock)
    else:
        monkeypatch.setattr(socket.socket, "bind", _no_loopback)
    assert main(["doctor"]) == 1
    assert f"{lacking} " in capsys.readouterr().out.lower().replace(".", " ")


def test_doctor_of_a_whole_machine(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nothing is lacking, it says what it looked at."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0, 1}, raising=False)
    monkeypatch.setattr(socket.socket, "bind", lambda *_given: None)
    monkeypatch.setattr(socket.socket, "listen", lambda *_given: None)
    assert main(["doctor"]) == 0
    assert "loopback" in capsys.readouterr().out
