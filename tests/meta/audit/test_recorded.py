"""What `run --history` writes: the audit finds in it what the rules of the run found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from id_isolation.cli.main import main
from id_isolation.history.events import SESSION_RECORDS, Act, Item, Outcome
from id_isolation.history.findings_file import read_findings
from id_isolation.history.history_file import write_history
from id_isolation.history.recorder import History
from id_isolation.plan.kinds import Kind, Level, Surface

SCHEMA = json.loads(files("id_isolation.history").joinpath("schema.json").read_text(encoding="utf-8"))


def _valid(line: object, name: str) -> None:
    jsonschema.validate(line, {"$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]})


def _swapped() -> History:
    history = History()
    for user in ("ana", "bob"):
        history.add(Act.ISSUE, user, f"token of {user}")
    history.add(Act.LOG_IN, "ana", "token of ana", kind=Kind.SESSION, answer="s1", owner="bob")
    return history


def test_a_recorded_swap_is_found(tmp_path: Path) -> None:
    """By the rule of the run, under the check whose rule it breaks."""
    path = tmp_path / "history.jsonl"
    write_history(path, _swapped(), "A6", Surface.AUTH, Level.STRICT, 1)
    assert main(["audit", str(path), "--json", f"{tmp_path}/found"]) == 1
    head, finding = [json.loads(line) for line in (tmp_path / "found").read_text().splitlines()]
    assert (finding["check"], finding["symptom"], head["histories"]) == ("A1", "swapped-session", 1)
    _valid(head, "audit")
    _valid(finding, "finding")


def test_a_fix_names_what_the_plan_names(tmp_path: Path) -> None:
    """As in the finding of a run."""
    history = History()
    for user in ("ana", "bob"):
        history.add(Act.MINT, user, "run_1", kind=Kind.RUN, owner=user)
    path = tmp_path / "history.jsonl"
    write_history(path, history, "X1", Surface.GENERATOR, Level.STRICT, 1)
    assert main(["audit", str(path), "--json", f"{tmp_path}/found"]) == 1
    _, finding = [json.loads(line) for line in (tmp_path / "found").read_text().splitlines()]
    assert finding["problem"] == "One run ID was minted twice."
    assert "{plan" not in finding["impact"] + finding["fix"]


@pytest.mark.parametrize("broken", ["check", "surface", "level"])
def test_a_history_whose_head_is_unknown_is_no_green(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], broken: str
) -> None:
    """One sentence, and an error of use."""
    path = tmp_path / "history.jsonl"
    write_history(path, _swapped(), "A1", Surface.AUTH, Level.STRICT, 1)
    head, *events = path.read_text().splitlines()
    path.write_text("\n".join([json.dumps({**json.loads(head), broken: "ZZ"}), *events]))
    assert main(["audit", str(path)]) == 4
    assert capsys.readouterr().err.startswith("ERROR: ")


def test_each_history_stands_for_itself(tmp_path: Path) -> None:
    """What one check did is not held against another: each had the backend for itself."""
    path = tmp_path / "history.jsonl"
    for owner in ("ana", "bob"):
        history = History()
        history.add(Act.ISSUE, "ana", "token 1")
        history.add(Act.ISSUE, "bob", "token 2")
        history.add(Act.LOG_IN, owner, "token", kind=Kind.SESSION, answer="s1", owner=owner)
        write_history(path, history, "A1", Surface.AUTH, Level.STRICT, 1)
    assert main(["audit", str(path)]) == 0


def test_every_line_is_valid_by_the_schema(tmp_path: Path) -> None:
    """One definition of an event for findings, histories and production; the examples follow it too."""
    path = tmp_path / "history.jsonl"
    write_history(path, _swapped(), "A1", Surface.AUTH, Level.STRICT, 1)
    head, *events = map(json.loads, path.read_text().splitlines())
    _valid(head, "history")
    for event in (*events, *SCHEMA["$defs"]["event"]["examples"]):
        _valid(event, "event")


@pytest.mark.slow
def test_a_run_and_the_audit_of_its_history_agree(tmp_path: Path) -> None:
    """Whatever the audit finds the run had found; among it are the findings that only the record shows."""
    run = ["run", "--backend", "remediated", "--level", "strict", "--seed", "5", "-k", "correlated or preliminary"]
    files = ["--history", f"{tmp_path}/history.jsonl", "--findings", f"{tmp_path}/run.jsonl"]
    command = [sys.executable, "-m", "id_isolation.cli.main", *run, *files]
    subprocess.run(command, stdout=subprocess.DEVNULL, env={**os.environ}, check=False)
    told = {finding.fingerprint for finding in read_findings(tmp_path / "run.jsonl").record.findings}
    assert main(["audit", f"{tmp_path}/history.jsonl", "--json", f"{tmp_path}/audit.jsonl"]) == 1
    _, *found = [json.loads(line) for line in (tmp_path / "audit.jsonl").read_text().splitlines()]
    assert found
    assert {finding["fingerprint"] for finding in found} <= told


@pytest.mark.parametrize(
    ("learnt", "declared", "code"),
    [((), "", 0), (("ended=refused",), "", 1), (("ended=stays",), "", 0), ((), "ended=at-once", 1)],
)
def test_a_history_is_judged_by_the_policies_of_its_run(
    tmp_path: Path, learnt: tuple[str, ...], declared: str, code: int
) -> None:
    """A session that comes back is wrong where sessions go; the run says whether, or else the one who audits."""
    history = History()
    history.add(Act.WITHDRAW, "ana", "token 1", began=0)
    history.add(Act.LOG_IN, "ana", "token 1", outcome=Outcome.REFUSED, began=1)
    history.add(Act.LOG_IN, "ana", "token 1", answer="s1", owner="ana", began=0, contested=True)
    history.add(Act.LOOK, subject=SESSION_RECORDS, items=(Item("s1", "ana"),))
    path = tmp_path / "history.jsonl"
    write_history(path, history, "A6", Surface.AUTH, Level.STRICT, 1, policies=learnt)
    assert main(["audit", str(path), *(["--policy", declared] if declared else [])]) == code
