"""The live line: on a terminal only, in the place of the dots, and gone when the run is."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = """
import pytest
def test_first(): pass
@pytest.mark.parametrize("n", range(3))
def test_more(n): assert n != 1
def test_left_out(): pytest.skip("no need")
"""
# Other plug-ins would only make the start slower.
BARE = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    (tmp_path / "test_it.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["id_isolation.pytest_plugin.progress"]')
    plain = ("-p", "no:cacheprovider", "--tb=no", "-rN")
    return [sys.executable, "-m", "pytest", str(tmp_path), "-q", "--rootdir", str(tmp_path), *plain]


def on_a_terminal(command: list[str]) -> str:
    outer, inner = pty.openpty()
    environment = {**BARE, "TERM": "xterm", "COLUMNS": "80"}
    environment.pop("NO_COLOR", None)
    with subprocess.Popen(command, stdout=inner, stderr=inner, env=environment) as process:
        os.close(inner)
        text = b""
        try:
            while piece := os.read(outer, 4096):
                text += piece
        except OSError:
            # Linux tells in this way that the other end is closed.
            pass
        os.close(outer)
        process.wait()
    return text.decode()


def test_a_terminal_gets_a_line_that_is_wiped_at_the_end(command: list[str]) -> None:
    """It counts up, names what failed, fits the width, and no dot is printed."""
    text = on_a_terminal(command)
    drawn = [part for part in text.split("\r\x1b[K") if part.startswith("[")]
    assert drawn[0].startswith("[........................] 0 of 5")
    assert any(line.startswith("[########################] 5 of 5, 1 not green") for line in drawn)
    assert all(len(line.splitlines()[0]) < 80 for line in drawn)
    assert text.count("\r\x1b[K") == len(drawn) + 1
    assert "1 failed" in text.replace("\x1b[31m", "").replace("\x1b[1m", "")


@pytest.mark.parametrize("more", [[], ["-v", "-v"]])
def test_a_pipe_gets_none(command: list[str], more: list[str]) -> None:
    """A log file is no terminal."""
    ended = subprocess.run([*command, *more], capture_output=True, text=True, check=False, env=BARE)
    assert "\x1b[K" not in ended.stdout
    assert "1 failed, 3 passed, 1 skipped" in ended.stdout


def test_whoever_asks_for_a_line_for_each_test_gets_these(command: list[str]) -> None:
    """With -v pytest's own lines stand as they are."""
    text = on_a_terminal([*command, "-v", "-v"])
    assert "test_first" in text
    assert "[#" not in text


def test_a_suite_that_loads_the_checks_keeps_its_dots(command: list[str], tmp_path: Path) -> None:
    """Also where a check is among its tests: the line belongs to `id-isolation run`."""
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["id_isolation.pytest_plugin"]')
    (tmp_path / "test_checks.py").write_text("from id_isolation.suite import *\n")
    text = on_a_terminal([*command, "-k", "not _on_ or s1"])
    assert "\r\x1b[K" not in text
    assert "[#" not in text
    assert "..F.s" in uncoloured(text)
    told = " ".join(uncoloured(text).split())
    assert "GREEN for " in told
    assert "3 of 53, remediated at plan level: 3 passed." in told


def test_a_run_of_the_suite_draws_the_line() -> None:
    """By the command, on a terminal."""
    run = ("run", "--backend", "remediated", "--category", "unit", "-k", "mints")
    text = on_a_terminal([sys.executable, "-m", "id_isolation.cli.main", *run])
    assert "\r\x1b[K[#" in text


def uncoloured(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)
