"""`id-isolation prove`: its text, its file, its exit code, and what its options ask for."""

from __future__ import annotations

import argparse
import json
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from id_isolation.backend.protocol import UsageError
from id_isolation.cli import prove
from id_isolation.embedded.layer import AUTH as AUTH_FILE
from id_isolation.embedded.layer import DISPATCHER, GENERATOR
from id_isolation.embedded.layer import WEBSOCKET as SOCKET
from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Surface
from id_isolation.power import certificate as matrix
from id_isolation.power import worth
from id_isolation.power.certificate import Certificate
from id_isolation.power.fault import all_faults, all_twins, on
from id_isolation.power.mutants import mutants_of
from id_isolation.power.own_code import OwnCode
from id_isolation.power.worth import Changed, Worth

from ..power.made_up import AUTH, FAULT, RIGHT, caught, spared, verdict

PASSED, FAILED = Outcome.PASSED, Outcome.FAILED


def _run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    subparsers = parser.add_subparsers()
    prove.add_parser(subparsers)
    subparsers.choices["prove"].add_argument("--plan")
    options = parser.parse_args(["prove", *arguments])
    return int(options.handler(options))


@pytest.mark.slow
def test_a_fault_that_is_caught_is_told_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every check tries it; the exit code is 0, the text names the checks, and the file holds the same."""
    file = tmp_path / "certificate.json"
    assert _run("--only", "context-dropped", "--effort", "0.1", "--seed", "1", "--json", str(file)) == prove.GREEN
    printed = " ".join(capsys.readouterr().out.split())
    assert re.search(r"caught context-dropped, by .*U3 on dispatcher in (\d+\.\d|under 0\.1) s", printed)
    data = json.loads(file.read_text("utf-8"))
    assert data["green"]
    assert "U3" in [told["check"] for told in data["faults"][0]["by"]]


def test_the_faults_and_twins_can_be_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """Each fault is listed with its mechanism, each twin with its design and what makes it right."""
    assert _run("--list") == prove.GREEN
    printed = capsys.readouterr().out
    assert "fault  context-dropped: the context that a caller brings is ignored" in printed
    recorded = re.findall(r"^fault  (\S+): .*; run, audit$", printed, re.MULTILINE)
    assert "released-by-pattern" in recorded
    assert "context-dropped" not in recorded
    assert f"{len(recorded)} of {len(all_faults())} faults show in an audit" in printed
    listed = {line.partition(": ")[0]: line for line in printed.splitlines()}
    for twin in all_twins():
        assert listed[f"twin   {twin.name}"].endswith(f"{twin.design}; {twin.why}" if twin.why else twin.design)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--only", "no-such"),
        ("--effort", "0"),
        ("--jobs", "-1"),
        ("--mutants", "--sample", "0"),
        ("--json", "/no/such/place/x"),
        ("--minutes", "3"),
        ("--backend", "hardened", "--minutes", "0"),
        ("--backend", "hardened", "--minutes", "nan"),
        ("--backend", "hardened", "--only", "context-dropped"),
        ("--backend", "hardened", "--mutants"),
        ("--backend", "no-such-place"),
        ("--markdown", "page.md"),
        ("--backend", "hardened", "--markdown", "/no/such/place/x"),
        ("--plan", "plan.toml"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(arguments: tuple[str, ...]) -> None:
    """Nothing is tried, and the sentence names the option."""
    with pytest.raises(UsageError, match=r"--(only|effort|jobs|json|minutes|mutants|backend|markdown|plan)"):
        _run(*arguments)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the matrix and the mutants were called with; neither is carried out."""
    calls: dict[str, Any] = {}

    def carry_out(only: list[str], **options: object) -> Certificate:
        calls["matrix"] = {"only": only, **options}
        return RIGHT

    def tried(code: OwnCode, **options: object) -> Worth:
        calls["mutants"] = {"files": set(code.files), **options}
        return Worth("hardened", 7, 0.25, possible=3, own=True)

    monkeypatch.setattr(matrix, "prove", carry_out)
    monkeypatch.setattr(worth, "worth_of", tried)
    return calls


def test_options_of_the_matrix_are_passed_on(asked: dict[str, Any]) -> None:
    """And no mutant is tried."""
    assert _run("--whole", "--seed", "5", "--jobs", "4", "--effort", "0.5", "--only", "a", "b") == prove.GREEN
    given = asked["matrix"]
    assert (given["only"], given["whole"], given["seed"], given["jobs"]) == (["a", "b"], True, 5, 4)
    assert given["effort"].scale == 0.5
    assert "mutants" not in asked


def test_without_options_a_part_of_the_checks_is_asked_for_on_all_faults(asked: dict[str, Any]) -> None:
    """With a seed that nobody chose, and a quarter of the effort."""
    assert _run() == prove.GREEN
    given = asked["matrix"]
    assert (given["only"], given["whole"], given["effort"].scale) == ([], False, 0.25)
    assert given["seed"] >= 0
    assert given["jobs"] >= 2


def test_options_of_the_mutants_are_passed_on(asked: dict[str, Any], tmp_path: Path) -> None:
    """No fault is tried, there is no end to the time, and the file holds what came of it."""
    file = tmp_path / "score.json"
    assert _run("--mutants", "--sample", "2", "--seed", "5", "--jobs", "4", "--json", str(file)) == prove.GREEN
    given = asked["mutants"]
    assert (given["sample"], given["seed"], given["jobs"], given["effort"].scale) == (2, 5, 4, 0.25)
    assert (given["own"], given["seconds"], given["files"]) == (
        True,
        math.inf,
        {AUTH_FILE, DISPATCHER, GENERATOR, SOCKET},
    )
    data = json.loads(file.read_text("utf-8"))
    assert (data["possible"], data["green"]) == (3, True)
    assert "matrix" not in asked
    assert _run("--mutants") == prove.GREEN
    assert asked["mutants"]["sample"] is None


_SURVIVOR = Changed(next(mutants_of("a.py", "def f(user):\n    return user\n")))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"changes": {"f": _SURVIVOR}, "possible": 1}, "No check runs this line."),
        ({"refuted": {"f": "F1 on generator"}}, "f is on record as being right, and F1 on generator turns red."),
        ({"stale": ("gone",)}, "gone is on record, and there is no such change."),
    ],
    ids=["survivor", "refuted record", "stale record"],
)
def test_mutants_that_nothing_notices_are_red(
    found: dict[str, Any], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """So is one that is on record and noticed, or not there."""
    monkeypatch.setattr(worth, "worth_of", lambda code, **_: Worth("hardened", 7, 0.25, own=True, **found))
    assert _run("--mutants") == prove.RED
    printed = " ".join(capsys.readouterr().out.split())
    assert said in printed
    assert printed.endswith("RED.")


_REASON = replace(FAULT, says=(("A1", "swapped"),))


@pytest.mark.parametrize(
    ("certificate", "sentence"),
    [
        (replace(RIGHT, caught=(caught(verdict("A1", PASSED)),)), "not caught by A1 on auth (passed), which must"),
        (
            replace(RIGHT, caught=(caught(verdict("A1", FAILED, "other"), fault=_REASON),)),
            "caught for another reason than expected, and not by A1 as swapped",
        ),
        (replace(RIGHT, caught=(caught(verdict("A1"), verdict("U1")),)), "red, and not expected to be: U1 on auth"),
        (replace(RIGHT, spared=(spared(verdict("A1")),)), "accused by A1 on auth (failed)"),
        (replace(RIGHT, pairs=on(AUTH, "A1", "A6")), "1 idle check: A6"),
        (
            replace(RIGHT, pairs=(*RIGHT.pairs, ("A1", Surface.WEBSOCKET))),
            "1 idle surface of a check: nothing was caught by A1 on websocket",
        ),
        (replace(RIGHT, caught=(caught(verdict("A1"), trouble="it ended"),)), "could not be tried: it ended"),
        (replace(RIGHT, spared=(spared(verdict("A1", PASSED), trouble="it ended"),)), "could not be tried: it ended"),
    ],
    ids=["missed", "reason", "unexpected", "accused", "idle check", "idle surface", "trouble", "trouble of a twin"],
)
def test_the_exit_code_is_red_for_each_cause(
    certificate: Certificate,
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """The text says which, and the file is not green either."""
    monkeypatch.setattr(matrix, "prove", lambda *_, **__: certificate)
    file = tmp_path / "certificate.json"
    assert _run("--json", str(file)) == prove.RED
    printed = " ".join(capsys.readouterr().out.split())
    assert sentence in printed
    assert printed.endswith("RED.")
    assert not json.loads(file.read_text("utf-8"))["green"]


def test_the_own_code_is_changed_for_so_many_minutes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found is written down twice, and Ctrl-C has an exit code of its own."""
    calls: dict[str, Any] = {}
    found = Worth("hardened", 5, 0.25, cut_short="it was interrupted", possible=3)

    def tried(code: OwnCode, **options: Any) -> Worth:
        calls.update(options, files=set(code.files))
        return found

    monkeypatch.setattr(worth, "worth_of", tried)
    file, page = tmp_path / "worth.json", tmp_path / "worth.md"
    given = ("--backend", "hardened", "--minutes", "2", "--seed", "5", "--json", str(file), "--markdown", str(page))
    assert _run(*given) == prove.GREEN
    assert (calls["seconds"], calls["seed"], calls["effort"].scale) == (120, 5, 0.25)
    assert len(calls["files"]) == 6
    assert json.loads(file.read_text("utf-8"))["possible"] == 3
    assert page.read_text("utf-8").startswith("# ")
    found.was_interrupted = True
    assert _run(*given) == prove.INTERRUPTED
