"""The command line as a whole: which command runs, and how it ends."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from id_isolation.cli.main import main

COMMAND = (sys.executable, "-m", "id_isolation.cli.main")


def test_the_exit_code_is_the_commands_own(capsys: pytest.CaptureFixture[str]) -> None:
    """What it prints goes to standard output."""
    assert main(["checks"]) == 0
    assert "X5" in capsys.readouterr().out


def test_wrong_usage_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    """It names the command, and the exit code is 4."""
    assert main(["prove", "--only", "no-such-fault"]) == 4
    told = capsys.readouterr().err
    assert told.startswith("ERROR: ")
    assert "no-such-fault" in told
    assert told.count("\n") == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "COMMAND"),
        (["rum"], "did you mean run?"),
        (["checks", "--no-such-option"], "There is no option --no-such-option; id-isolation checks --help"),
        (["serve", "hardened", "--prt", "1"], "There is no option --prt; did you mean --port?"),
        (["run", "--level", "strct"], "--level strct is no level; did you mean strict?"),
    ],
)
def test_what_no_command_knows_is_refused(given: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """In one sentence, with the nearest right word where there is one, and 4 for an exit code."""
    assert main(given) == 4
    told = capsys.readouterr().err
    assert told.startswith("ERROR: ")
    assert said in told
    assert told.count("\n") == 1


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """As of the package that is installed."""
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("id-isolation ")


def test_a_command_imports_nothing_of_the_others() -> None:
    """A scan needs no driver and no pytest."""
    code = (
        "import atexit, sys; from id_isolation.cli.main import main;"
        " atexit.register(lambda: print(*sorted(sys.modules))); main(['scan', '--help'])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    names = ended.stdout.splitlines()[-1].split()
    assert "id_isolation.cli.scan" in names
    assert not {"pytest", "hypothesis", "id_isolation.cli.prove"}.intersection(names)


def test_a_reader_that_has_seen_enough_ends_the_command_quietly() -> None:
    """As with `| head -1`: no traceback, and the exit code that a broken pipe has in a shell."""
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as broken:
        ended = subprocess.run([*COMMAND, "prove", "--list"], stdout=broken, stderr=subprocess.PIPE, check=False)
    assert (ended.returncode, ended.stderr) == (141, b"")


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("command", ["run", "scan", "audit", "prove", "compare"])
def test_help_fits_its_width_and_breaks_no_word(
    command: str, width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it names can be copied: a line ends in a hyphen nowhere."""
    monkeypatch.setenv("COLUMNS", str(width))
    with pytest.raises(SystemExit):
        main([command, "--help"])
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if len(line) > width or line.endswith("-")] == []
