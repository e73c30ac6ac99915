"""A deployed endpoint: one sentence for each that cannot be judged, and whole runs against those that can.

Tokens for an endpoint: what is wrong with a file or a command, said without a token.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from id_isolation.backend.protocol import UsageError
from id_isolation.drivers.endpoint import EndpointBackend, staging_tokens
from id_isolation.drivers.spec import resolve
from id_isolation.history.finding import Outcome
from id_isolation.history.redaction import scrub_text
from id_isolation.judging.client import Judge
from id_isolation.plan.kinds import Level, Surface
from id_isolation.timing import units
from id_isolation.world.effort import Effort

SECRET = "very-secret-token-of-ana"
ANSWERS: dict[str, bytes | None] = {
    "silent": None,
    "web page": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi",
    "not found": b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    "unauthorised": b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    "other protocol": b"220 mail.invalid ESMTP\r\n",
    "hangs up": b"",
}
SENTENCES = {
    "silent": r"did not answer the handshake within",
    "web page": r"is no WebSocket: .* HTTP status 200",
    "not found": r"is no WebSocket: .* HTTP status 404",
    "unauthorised": r"HTTP status 401; is the token of ana still valid\?",
    "other protocol": r"is no WebSocket",
    "hangs up": r"is no WebSocket",
}

PAIRS = [
    (check, Surface.WEBSOCKET) for check in ("F1", "U1", "E1", "E2", "E3", "E6", "M1", "M2", "M3", "E4", "E5", "U4")
]


@pytest.fixture
def tokens(tmp_path: Path) -> Path:
    file = tmp_path / "tokens.json"
    file.write_text(json.dumps({"ana": SECRET, "ben": "another-secret-token"}))
    return file


@contextmanager
def _answering(answer: bytes | None) -> Iterator[int]:
    """A TCP server on loopback that gives every request this answer; None gives none."""
    loop = asyncio.new_event_loop()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        if answer is None:
            await asyncio.sleep(3600)
        writer.write(answer or b"")
        writer.close()

    server = loop.run_until_complete(asyncio.start_server(serve, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


@pytest.mark.parametrize("kind", ANSWERS)
def test_what_is_no_endpoint_is_one_sentence(kind: str, tokens: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Silent, refusing, or another protocol altogether: the sentence says which, and holds no token."""
    if kind == "silent":
        monkeypatch.setenv("ID_ISOLATION_TIME_UNIT", "0.05")
    with _answering(ANSWERS[kind]) as port, pytest.raises(UsageError, match=SENTENCES[kind]) as caught:
        EndpointBackend(f"ws://127.0.0.1:{port}/ws", {"staging_tokens": str(tokens)})
    assert SECRET not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("ws://127.0.0.1:1/ws", "cannot be reached: nothing listens there"),
        ("ws://no-such-host.invalid/ws", "cannot be reached"),
        ("ws://", "is no WebSocket address"),
    ],
)
def test_what_is_not_there_is_one_sentence(address: str, sentence: str, tokens: Path) -> None:
    """Nothing listens, no such host, and no address at all."""
    with pytest.raises(UsageError, match=sentence):
        EndpointBackend(address, {"staging_tokens": str(tokens)})


def test_tls_where_there_is_none_is_one_sentence(tokens: Path) -> None:
    """wss:// to a server that does not speak TLS."""
    with _answering(ANSWERS["other protocol"]) as port, pytest.raises(UsageError, match="TLS handshake failed"):
        EndpointBackend(f"wss://127.0.0.1:{port}/ws", {"staging_tokens": str(tokens)})


def test_a_certificate_that_nobody_vouches_for_is_one_sentence(tokens: Path, tmp_path: Path) -> None:
    """wss:// to a server with a certificate of its own making."""
    certificate = tmp_path / "certificate.pem"
    subject = ["-subj", "/CN=127.0.0.1", "-days", "1", "-nodes", "-newkey", "rsa:2048"]
    made = ["openssl", "req", "-x509", *subject, "-keyout", str(certificate), "-out", str(tmp_path / "chain.pem")]
    subprocess.run(made, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "chain.pem", certificate)
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(lambda r, w: w.close(), "127.0.0.1", 0, ssl=context))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(UsageError, match="TLS certificate is not accepted"):
            EndpointBackend(f"wss://127.0.0.1:{port}/ws", {"staging_tokens": str(tokens)})
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        loop.close()


@contextmanager
def _served(spec: str, users: int, tokens: Path) -> Iterator[str]:
    """An embedded backend behind an address, in a process of its own, as the command `serve` starts it."""
    command = [sys.executable, "-m", "id_isolation.cli.main", "serve", spec, "--users", str(users)]
    process = subprocess.Popen([*command, "--tokens-out", str(tokens)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
        process.send_signal(signal.SIGTERM)
        assert process.wait(units(20)) == 0
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def test_a_served_backend_is_judged_from_outside(tmp_path: Path) -> None:
    """What can be seen is judged, the rest is not applicable with a reason; no token is written anywhere.

    Isolation takes two users; a single token makes no green run.
    """
    tokens, single = tmp_path / "tokens.json", tmp_path / "single.json"
    with _served("hardened", 4, tokens) as address:
        assert os.stat(tokens).st_mode & 0o077 == 0
        effort = Effort(0.3, (("staging_tokens", str(tokens)),))
        with Judge(resolve(address), Level.STRICT, 1, effort, workers=2) as judge:
            judge.submit(PAIRS)
            verdicts = {check: judge.verdict(check, surface) for check, surface in PAIRS}
        single.write_text(json.dumps(dict([*json.loads(tokens.read_text()).items()][:1])))
        with Judge(resolve(address), Level.PLAN, 1, Effort(0.3, (("staging_tokens", str(single)),))) as judge:
            alone = [judge.verdict(check, Surface.WEBSOCKET) for check in ("E1", "E2", "E3", "E6", "F1", "U1")]
    assert {verdict.outcome for verdict in alone} == {Outcome.INCONCLUSIVE}
    assert all("takes two users" in verdict.reason for verdict in alone)
    seen = {check: verdict.outcome for check, verdict in verdicts.items()}
    assert seen == {
        **dict.fromkeys(("F1", "U1", "E1", "E2", "E3", "E6", "M1", "M2", "M3", "E4"), Outcome.PASSED),
        **dict.fromkeys(("E5", "U4"), Outcome.NOT_APPLICABLE),
    }, [verdict.reason for verdict in verdicts.values()]
    assert verdicts["E5"].reason
    text = json.dumps([verdict.to_json() for verdict in verdicts.values()])
    assert not [token for token in json.loads(tokens.read_text()).values() if token in text]


@pytest.mark.slow
def test_an_endpoint_with_raw_ids_fails_from_outside(tmp_path: Path) -> None:
    """The connection IDs give the legacy backend away; its events are sound."""
    tokens = tmp_path / "tokens.json"
    with _served("legacy", 2, tokens) as address:
        effort = Effort(0.3, (("staging_token_command", f"cat {tokens}"),))
        with Judge(resolve(address), Level.PLAN, 1, effort) as judge:
            outcomes = {check: judge.verdict(check, Surface.WEBSOCKET).outcome for check in ("F1", "U1", "E1", "E2")}
    assert outcomes == {
        "F1": Outcome.FAILED,
        "U1": Outcome.FAILED,
        "E1": Outcome.PASSED,
        "E2": Outcome.PASSED,
    }


def test_tokens_come_from_a_file_or_a_command_and_are_kept_out_of_all_text(tmp_path: Path) -> None:
    """Either gives the same, and from then on no token can be written."""
    file = tmp_path / "tokens.json"
    file.write_text(json.dumps({"ana": SECRET, "ben": "another-secret-token"}))
    by_file = staging_tokens("ws://staging.invalid/ws", {"staging_tokens": str(file)})
    assert staging_tokens("ws://staging.invalid/ws", {"staging_token_command": f"cat {file}"}) == by_file
    assert by_file == {"ana": SECRET, "ben": "another-secret-token"}
    assert scrub_text(f"refused {SECRET}") == "refused [token of ana]"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is not JSON"),
        (f"{SECRET}", "is not JSON"),
        (f'["{SECRET}"]', "is not an object of user to token"),
        (f'{{"ana": ["{SECRET}"]}}', "is not an object of user to token"),
        ("{}", "holds no token"),
        ('{"ana": "abc"}', "too short"),
        (f'{{"ana": "{SECRET}\\n"}}', "no header may carry"),
        (f'{{"ana": "{SECRET}", "ben": "{SECRET}"}}', "one token to two users"),
    ],
)
def test_bad_tokens_are_one_sentence_without_a_token(text: str, sentence: str, tmp_path: Path) -> None:
    """What is wrong with the file is said; what is in it is not."""
    file = tmp_path / "tokens.json"
    file.write_text(text)
    with pytest.raises(UsageError, match=sentence) as caught:
        staging_tokens("ws://staging.invalid/ws", {"staging_tokens": str(file)})
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({}, "name a JSON file of user to token"),
        ({"staging_tokens": "/no/such/file"}, "cannot be read: No such file"),
        ({"staging_token_command": f"echo {SECRET}; exit 3"}, "ended with exit code 3"),
        ({"staging_token_command": f"echo {SECRET}"}, "is not JSON"),
    ],
)
def test_tokens_that_cannot_be_had_are_one_sentence(options: dict[str, str], sentence: str) -> None:
    """Neither the command nor what it printed is repeated."""
    with pytest.raises(UsageError, match=sentence) as caught:
        staging_tokens("ws://staging.invalid/ws", options)
    assert SECRET not in str(caught.value)
