"""The client gets a verdict for every request, or says why there can be none; the host here is a script."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from id_isolation.backend.protocol import UsageError
from id_isolation.drivers.spec import Target, TargetKind
from id_isolation.history.finding import Outcome, Verdict
from id_isolation.judging.client import Judge
from id_isolation.judging.messages import IMPORT_DEADLINE
from id_isolation.plan.kinds import Level, Surface
from id_isolation.timing import units
from id_isolation.world.effort import Effort

_PASSED = Verdict("X1", Surface.GENERATOR, Outcome.PASSED, judged=4, seed=5)
_HEAD = """#!{python} -SE
import json, os, sys
out = os.fdopen(int(sys.argv[-1]), "wb", buffering=0)
def say(event, **parts):
    out.write(json.dumps({{"event": event, **parts}}).encode() + b"\\n")
def hear():
    return json.loads(sys.stdin.readline() or "null")
def heard(data):
    open({heard!r}, "a").write(json.dumps(data) + "\\n")
PASSED = {passed!r}
def verdict(number, check):
    say("verdict", number=number, verdict={{**PASSED, "check": check}})
opening = hear()
heard(opening)
"""

Open = Callable[..., Judge]


@pytest.fixture
def heard(tmp_path: Path) -> Path:
    """What the host was told: one line of JSON each."""
    return tmp_path / "heard"


@pytest.fixture
def judge_of(tmp_path: Path, heard: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """A judge that is not entered yet, whose host runs the given lines once it has its opening."""

    def made(body: str, **changes: object) -> Judge:
        script = tmp_path / "host"
        head = _HEAD.format(python=sys.executable, heard=str(heard), passed=_PASSED.to_json())
        script.write_text(head + body)
        script.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(script))
        target = Target("somewhere", TargetKind.CHECKOUT, tmp_path)
        return Judge(target, Level.STRICT, 5, Effort(0.5, (("ids", "9"),)), 2, **changes)  # type: ignore[arg-type]

    return made


def _told(heard: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in heard.read_text().splitlines()]


def test_a_host_is_told_what_to_open_and_answers_each_request(judge_of: Open, heard: Path, tmp_path: Path) -> None:
    """Requests are numbered, asked once, and answered in any order; the last word is goodbye."""
    body = """
say("importing", module="a")
say("ready", missing={"sockets": ["there is none", False]})
one, two = hear(), hear()
heard(one), heard(two)
verdict(two["number"], two["check"])
verdict(one["number"], one["check"])
heard(hear())
"""
    with judge_of(body) as judge:
        judge.submit([("X1", Surface.GENERATOR), ("X2", Surface.AUTH), ("X1", Surface.GENERATOR)])
        assert judge.verdict("X1", Surface.GENERATOR) == _PASSED
        assert judge.verdict("X2", Surface.AUTH).check == "X2"
        assert judge.verdict("X1", Surface.GENERATOR) == _PASSED
        assert judge.missing == {"sockets": ("there is none", False)}
    opening, one, two, last = _told(heard)
    assert (opening["spec"], opening["root"], opening["workers"]) == ("somewhere", str(tmp_path), 2)
    assert (opening["given_up"], opening["options"], opening["temporary"]) == ({}, {"ids": "9"}, False)
    assert [(r["number"], r["check"], r["level"], r["seed"], r["scale"]) for r in (one, two)] == [
        (0, "X1", "strict", 5, 0.5),
        (1, "X2", "strict", 5, 0.5),
    ]
    assert last == {"goodbye": True}


def test_a_backend_that_cannot_be_used_is_the_users_error(judge_of: Open) -> None:
    """In the host's words."""
    with (
        pytest.raises(UsageError, match=r"^it is no checkout; name another$"),
        judge_of('say("unusable", reason="it is no checkout; name another")\n'),
    ):
        raise AssertionError


def test_a_module_that_ends_the_process_is_given_up_and_the_rest_is_opened(judge_of: Open, heard: Path) -> None:
    """The next host is told which one, and why."""
    body = """
say("importing", module="a")
say("importing", module="b")
if "b" not in opening["given_up"]:
    os._exit(3)
say("ready", missing={})
hear()
"""
    with judge_of(body) as judge:
        assert judge.missing == {}
    first, second = _told(heard)
    assert first["given_up"] == {}
    assert second["given_up"] == {"b": "importing b ended the process"}


def test_a_module_that_never_ends_its_import_is_given_up(
    judge_of: Open, heard: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the deadline for one module, which passes here at the second message of the first host."""
    waits: list[float] = []
    receive = Judge._receive

    def hasty(self: Judge, seconds: float) -> object:
        waits.append(seconds)
        return receive(self, 0.0 if len(waits) == 2 else seconds)

    monkeypatch.setattr(Judge, "_receive", hasty)
    body = """
say("importing", module="a")
if "a" not in opening["given_up"]:
    hear()
    sys.exit()
say("ready", missing={})
hear()
"""
    with judge_of(body):
        pass
    assert set(waits) == {units(IMPORT_DEADLINE)}
    assert _told(heard)[-1]["given_up"] == {"a": f"importing a did not end within {units(IMPORT_DEADLINE):g} s"}


@pytest.mark.parametrize(
    "body", ["print('last words'); sys.exit(3)", 'say("importing", module="a"); print("last words"); sys.exit(3)']
)
def test_a_host_that_ends_before_anything_can_be_given_up_is_an_error_with_what_it_printed(
    body: str, judge_of: Open
) -> None:
    """Also where the module was given up already and the process ends all the same."""
    with (
        pytest.raises(UsageError, match=r"ended before it was ready(?s:.*)last words") as caught,
        judge_of(body + "\n"),
    ):
        raise AssertionError
    assert "--backend somewhere" in str(caught.value)


def test_a_host_that_dies_is_started_again_and_only_its_check_is_an_error(judge_of: Open) -> None:
    """What it had answered stands, with what was printed for the one that was lost; the rest is judged by another."""
    body = """
say("ready", missing={})
while (one := hear()) and "number" in one:
    say("started", number=one["number"], pid=2**22, mark="")
    if one["check"] == "X2":
        os.write(2, b"Fatal error\\n")
        os._exit(1)
    verdict(one["number"], one["check"])
"""
    with judge_of(body) as judge:
        judge.submit([("X1", Surface.GENERATOR), ("X2", Surface.AUTH), ("X3", Surface.GENERATOR)])
        lost = judge.verdict("X2", Surface.AUTH)
        assert judge.verdict("X1", Surface.GENERATOR).outcome is Outcome.PASSED
        assert judge.verdict("X3", Surface.GENERATOR).outcome is Outcome.PASSED
    assert lost.outcome is Outcome.ERRORED
    assert "the process that hosts the backend ended" in lost.reason
    assert lost.noise == "Fatal error"
    assert (lost.check, lost.surface, lost.seed) == ("X2", Surface.AUTH, 5)


def test_of_several_checks_at_work_the_one_that_ends_a_host_is_found(judge_of: Open) -> None:
    """Each is carried out once more, by itself."""
    body = """
say("ready", missing={})
if opening["workers"] == 2:
    for one in (hear(), hear()):
        say("started", number=one["number"], pid=2**22, mark="")
    os._exit(1)
while (one := hear()) and "number" in one:
    say("started", number=one["number"], pid=2**22, mark="")
    if one["check"] == "X2":
        os._exit(1)
    verdict(one["number"], one["check"])
"""
    with judge_of(body) as judge:
        judge.submit([("X1", Surface.GENERATOR), ("X2", Surface.AUTH)])
        assert judge.verdict("X1", Surface.GENERATOR).outcome is Outcome.PASSED
        assert judge.verdict("X2", Surface.AUTH).outcome is Outcome.ERRORED


def test_a_backend_that_no_host_survives_is_given_up(judge_of: Open) -> None:
    """What is left is an error each, and the run ends."""
    with judge_of('say("ready", missing={})\nhear()\nos._exit(1)\n') as judge:
        judge.submit([("X1", Surface.GENERATOR), ("X2", Surface.AUTH)])
        assert judge.verdict("X1", Surface.GENERATOR).outcome is Outcome.ERRORED
        assert judge.verdict("X2", Surface.AUTH).outcome is Outcome.ERRORED


def test_others_are_served_while_a_verdict_is_waited_for(judge_of: Open, tmp_path: Path) -> None:
    """The host answers only after the client has looked elsewhere."""
    line = tmp_path / "line"
    os.mkfifo(line)
    calls: list[None] = []

    def meanwhile() -> None:
        calls.append(None)
        if len(calls) == 1:
            line.write_text("go on")

    body = f"""
say("ready", missing={{}})
one = hear()
open({str(line)!r}).read()
verdict(one["number"], one["check"])
hear()
"""
    with judge_of(body, meanwhile=meanwhile) as judge:
        assert judge.verdict("X1", Surface.GENERATOR) == _PASSED
    assert calls


def test_no_process_outlives_the_client(judge_of: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that does not go when it is told to is ended."""
    monkeypatch.setenv("ID_ISOLATION_TIME_UNIT", "0.1")
    body = """
say("ready", missing={})
import signal
while True:
    signal.pause()
"""
    with judge_of(body) as judge:
        process = judge._process
        assert process is not None
    assert process.returncode == -9


@pytest.mark.parametrize("leave", ["os.fork() or linger()", "os.fork() or (os.setsid(), os.fork() or linger())"])
def test_nothing_that_the_judged_code_forked_outlives_the_client(judge_of: Open, tmp_path: Path, leave: str) -> None:
    """Be it in another session, and deaf to every signal that it may be deaf to."""
    born = tmp_path / "born"
    os.mkfifo(born)
    body = f"""
import signal, time
def linger():
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    open({str(born)!r}, "w").write(str(os.getpid()))
    while True:
        time.sleep(3600)
{leave}
say("ready", missing={{}})
hear()
"""
    with judge_of(body):
        left = psutil.Process(int(born.read_text()))
        assert left.is_running()
    assert not left.is_running() or left.status() == psutil.STATUS_ZOMBIE
