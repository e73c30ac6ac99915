"""The command as a user has it: exit codes, files, partial digests, what is known, and what is never shown."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from id_isolation.cli.main import main
from id_isolation.history.finding import Finding

from .service import Service, write

CLEAN = list(Service(11, users=30).events(1_500))
MIDDLE = next(event for event in CLEAN[700:] if event["act"] == "receive")
LEAK = {**MIDDLE, "act": "name", "user": "mallory.secret", "at": MIDDLE["at"] + 0.1}


@pytest.fixture
def clean(tmp_path: Path) -> str:
    return str(write(tmp_path / "clean.jsonl", CLEAN))


@pytest.fixture
def leaking(tmp_path: Path) -> str:
    return str(write(tmp_path / "leaking.jsonl", [*CLEAN, LEAK]))


def _found(path: Path) -> list[dict[str, Any]]:
    head, *lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert head["type"] == "audit"
    return lines


def test_clean_and_leaking_logs(clean: str, leaking: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Green is 0, red is 1; the last line says which."""
    assert main(["audit", clean]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("GREEN")
    assert main(["audit", leaking]) == 1
    assert capsys.readouterr().out.splitlines()[-1].startswith("RED")


def test_the_files_show_the_same_events(leaking: str, tmp_path: Path) -> None:
    """A finding of the JSON Lines is one as a run writes it; the page has its events and dates."""
    assert main(["audit", leaking, "--json", f"{tmp_path}/found.jsonl", "--html", f"{tmp_path}/found.html"]) == 1
    found = [Finding.from_json(line) for line in _found(tmp_path / "found.jsonl")]
    assert found
    page = (tmp_path / "found.html").read_text()
    for event in found[0].history:
        assert f"line {event.note.rpartition('line ')[2].split(' ')[0]}" in page
    assert "2025-12-01" in page


def test_what_an_earlier_audit_found_is_known(leaking: str, tmp_path: Path) -> None:
    """It stays green until something else shows."""
    known = tmp_path / "known.jsonl"
    assert main(["audit", leaking, "--json", str(known)]) == 1
    assert main(["audit", leaking, "--baseline", str(known)]) == 0
    another = next(e for e in CLEAN[900:] if e["act"] == "receive" and e["session"] != MIDDLE["session"])
    more = write(tmp_path / "more.jsonl", [*CLEAN, LEAK, {**another, "act": "name", "user": "eve"}])
    assert main(["audit", str(more), "--baseline", str(known)]) == 1


@pytest.mark.slow
def test_parts_judged_together_find_what_the_whole_does(tmp_path: Path, leaking: str) -> None:
    """Twenty parts, digested by four processes at a time under xargs, and merged: the same findings."""
    for number in range(20):
        write(tmp_path / f"part{number:02d}", [*CLEAN, LEAK][number::20])
    names = "\n".join(f"{tmp_path}/part{number:02d}" for number in range(20))
    command = f"{sys.executable} -m id_isolation.cli.main audit '@' --partial '@.digest'"
    subprocess.run(
        ["xargs", "-P", "4", "-I", "@", "sh", "-c", command], input=names, text=True, check=True, timeout=300
    )
    digests = [f"{tmp_path}/part{number:02d}.digest" for number in range(20)]
    assert main(["audit", "--merge", *digests, "--json", f"{tmp_path}/merged.jsonl"]) == 1
    assert main(["audit", leaking, "--json", f"{tmp_path}/whole.jsonl"]) == 1
    merged, whole = (
        [
            (line["symptom"], line["ids"], [(e["act"], e.get("user"), e["at"]) for e in line["history"]])
            for line in found
        ]
        for found in (_found(tmp_path / "merged.jsonl"), _found(tmp_path / "whole.jsonl"))
    )
    assert merged == whole


def test_several_processes_find_what_one_does(tmp_path: Path, leaking: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file split between two processes keeps its line numbers."""
    monkeypatch.setattr("id_isolation.audit.judging._STRETCH", 100_000)
    for number, options in enumerate(([], ["-n", "2"])):
        assert main(["audit", leaking, "--json", f"{tmp_path}/{number}.jsonl", *options]) == 1
    assert _found(tmp_path / "0.jsonl") == _found(tmp_path / "1.jsonl")


def test_a_worker_that_is_killed_leaves_the_audit_incomplete(
    leaking: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As where memory runs out: no green, and no traceback."""
    monkeypatch.setattr("id_isolation.audit.judging._STRETCH", 100_000)
    monkeypatch.setattr("id_isolation.audit.judging._as_a_worker", partial(os._exit, 1))
    assert main(["audit", leaking, "-n", "2"]) == 2
    assert "INCOMPLETE" in capsys.readouterr().out


def test_sharing_that_is_declared_is_no_leak(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By a pattern of IDs, by one of users, or by an event of the log itself."""
    event = next(event for event in CLEAN[700:] if event["act"] == "open")
    visit = {"act": "name", "at": event["at"] + 1, "user": "support-eva", "thread": event["thread"]}
    visited = str(write(tmp_path / "visited.jsonl", [*CLEAN, visit]))
    assert main(["audit", visited]) == 1
    assert main(["audit", visited, "--shared", "user=support-.*"]) == 0
    assert main(["audit", visited, "--shared", f"thread={event['thread']}"]) == 0
    let_in = {"act": "share", "at": event["at"], "user": "support-eva", "thread": event["thread"]}
    assert main(["audit", str(write(tmp_path / "let-in.jsonl", [visit, let_in, *CLEAN]))]) == 0


def test_logging_in_is_no_leak(tmp_path: Path) -> None:
    """A session that nobody in particular had becomes the user's who logs in; after the log-out it may go on."""
    event = next(event for event in CLEAN[700:] if event["act"] == "log-in")
    before, after = ({**event, "act": "name", "user": "anonymous", "at": event["at"] + by} for by in (-9, 2))
    assert main(["audit", str(write(tmp_path / "log", [*CLEAN, before, after]))]) == 0


def test_missing_fields_make_rules_not_applicable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By name, with what is missing."""
    events = [{"act": "name", "at": event["at"], "user": event["user"], "session": event["session"]} for event in CLEAN]
    assert main(["audit", str(write(tmp_path / "log", events))]) == 0
    said = capsys.readouterr().out
    for rule in ("used-after-end", "connection-reused", "uncorrelated", "never-released"):
        assert any(line.split()[:2] == ["n/a", rule] for line in said.splitlines())


def test_no_name_is_shown_where_pseudonyms_are_wanted(leaking: str, tmp_path: Path) -> None:
    """Neither in the findings nor within IDs; and the letters stay the same."""
    for number in range(2):
        main(
            ["audit", leaking, "--pseudonyms", "--json", f"{tmp_path}/{number}", "--html", f"{tmp_path}/{number}.html"]
        )
    first, second = ((tmp_path / f"{number}").read_text() for number in range(2))
    assert first == second
    for text in (first, (tmp_path / "0.html").read_text()):
        assert "mallory" not in text
        assert MIDDLE["user"] not in text
        assert MIDDLE["user"][:8] not in text


def test_secrets_are_not_echoed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line's other fields reach no output, be the line an event or not."""
    secret = "eyJhbGciOi.SECRETSECRET"
    events = [*CLEAN, {**LEAK, "token": secret, "payload": secret}, {"token": secret}, {"act": secret, "at": 1}]
    log = str(write(tmp_path / "log", events))
    main(["audit", log, "--json", f"{tmp_path}/found", "--html", f"{tmp_path}/page"])
    main(["audit", log, "--explain", f"{len(events)}"])
    shown = capsys.readouterr().out + (tmp_path / "found").read_text() + (tmp_path / "page").read_text()
    assert "SECRETSECRET" not in shown


def test_standard_input(monkeypatch: pytest.MonkeyPatch, leaking: str) -> None:
    """A pipe is read as a file is."""
    done = subprocess.run(
        [sys.executable, "-m", "id_isolation.cli.main", "audit", "-"],
        input=Path(leaking).read_text(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (1, "")


def test_stopping_keeps_what_was_found(leaking: str) -> None:
    """An interrupted audit tells what it has read, and that it was stopped."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "id_isolation.cli.main", "audit", leaking, "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    try:
        # More than a pipe holds: once it is written, all but the rest of it was read, and so was the file before it.
        os.write(process.stdin.fileno(), b"".join(json.dumps(event).encode() + b"\n" for event in CLEAN) * 4)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 1
    assert "was stopped" in said
    assert said.strip().splitlines()[-1].startswith("RED")


def test_how_lines_are_read_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each of the first lines, with the event or the reason."""
    log = tmp_path / "log"
    log.write_text('{"event": "user logged in", "timestamp": "2025-12-01", "user": "ana", "session": "s"}\nnonsense\n')
    assert main(["audit", str(log), "--map", "jsonlog", "--explain", "2"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert '"act": "log-in"' in first
    assert "no JSON" in second


@pytest.mark.parametrize(
    "arguments",
    [
        ["missing.jsonl"],
        ["{clean}", "--map", "access"],
        ["{clean}", "--map", "missing.toml"],
        ["{clean}", "--merge"],
        ["{clean}", "--baseline", "{clean}"],
        ["{clean}", "--shared", "colour=red"],
        ["{clean}", "--anonymous", "("],
        ["{clean}", "--html", "nowhere/page.html"],
        ["{waiting}"],
        ["-", "-"],
    ],
)
def test_wrong_usage_is_one_sentence(
    tmp_path: Path, clean: str, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is not there, a mapping that fits no line, or events that no rule is about are no green."""
    waiting = write(tmp_path / "waiting", [{"act": "wait", "at": 1764547200.0}])
    assert main(["audit", *(text.format(clean=clean, waiting=waiting) for text in arguments)]) == 4
    error = capsys.readouterr().err
    assert error.count("\n") == 1


def _came_back(folder: Path) -> str:
    opened = next(event for event in CLEAN[700:] if event["act"] == "connect")
    again = [
        {**opened, "act": act, "at": opened["at"] + 60 * number} for number, act in enumerate(("close", "connect"))
    ]
    return str(write(folder / "log", [*CLEAN, *again]))


def test_what_is_wrong_under_another_policy_only_is_not_applicable_where_that_is_declared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A client that comes back has its connection ID again: wrong, unless the service is said to mean it."""
    log = _came_back(tmp_path)
    assert main(["audit", log]) == main(["audit", log, "--policy", "reconnect=new"]) == 1
    capsys.readouterr()
    (tmp_path / "ways.toml").write_text('reconnect = "kept"\nended = "stays"\n')
    assert main(["audit", log, "--policy", str(tmp_path / "ways.toml")]) == 0
    capsys.readouterr()
    assert main(["audit", log, "--policy", "reconnect=kept"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "n/a connection-reused A client that comes back keeps its connection ID, as --policy declares." in said


@pytest.mark.parametrize(
    ("policies", "reason"),
    [(("reconnect=never",), "there are sessions=one, "), (("ended=stays", "ended=refused"), "declare one of them")],
)
def test_a_policy_that_there_is_not_or_twice_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], policies: tuple[str, ...], reason: str
) -> None:
    """With what there is."""
    told = [part for policy in policies for part in ("--policy", policy)]
    with contextlib.suppress(SystemExit):
        assert main(["audit", _came_back(tmp_path), *told]) == 4
    assert reason in " ".join(capsys.readouterr().err.split())
