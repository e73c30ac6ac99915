"""`id-isolation serve`: what cannot be served is one sentence."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from id_isolation.cli.main import main


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["no-such-backend"], "there is no such directory"),
        (["ws://127.0.0.1:1/ws"], "is served already"),
        (["hardened", "--users", "0"], "--users must be at least 1"),
    ],
)
def test_what_cannot_be_served_is_one_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code is 4, and nothing but the sentence is printed."""
    assert main(["serve", *arguments]) == 4
    out, err = capsys.readouterr()
    assert sentence in err
    assert out == ""
    assert err.count("\n") == 1


def test_a_port_in_use_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The port is named, with what the system says about it."""
    adapter = "tests.meta.sockets.backends:SmallBackend"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["serve", adapter, "--port", str(port)]) == 4
    assert f"--port {port} cannot be listened on" in capsys.readouterr().err


def test_tokens_that_cannot_be_written_are_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file is named; no token is."""
    adapter = "tests.meta.sockets.backends:SmallBackend"
    assert main(["serve", adapter, "--tokens-out", str(tmp_path / "no" / "file")]) == 4
    err = capsys.readouterr().err
    assert "cannot be written: No such file" in err
    assert "tok." not in err
