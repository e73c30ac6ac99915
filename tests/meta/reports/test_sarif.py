"""SARIF: located findings, alone and beside the scan's."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from id_isolation.history.ci_forms import sarif_log
from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Level, Surface
from id_isolation.reports.sarif import SarifError, read_sarif, to_sarif

from . import samples

SCAN = {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "id-isolation scan"}}, "results": []}]}


def test_each_place_is_a_result_with_its_rule() -> None:
    """Six raw mints are six results; the rule says what is proved and what mends it."""
    (run,) = to_sarif(samples.run("x", Level.PLAN, [samples.raw_mint(s) for s in samples.PLACES]))["runs"]
    assert len(run["results"]) == 6
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["S1"]
    location = run["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"] == {"uri": samples.AUTH, "uriBaseId": "%SRCROOT%"}
    assert location["region"]["startLine"] == 39
    assert len({result["partialFingerprints"]["idIsolation/v1"] for result in run["results"]}) == 6


def test_findings_without_a_place_are_left_to_the_other_files() -> None:
    """SARIF is about locations."""
    (run,) = to_sarif(samples.remediated(Level.STRICT))["runs"]
    assert run["results"] == []


def test_known_findings_are_suppressed() -> None:
    """They stand in the log without failing a gate."""
    run = samples.run("x", Level.PLAN, [samples.raw_mint(Surface.AUTH)])
    known = [replace(v, outcome=Outcome.KNOWN) if v.findings else v for v in run.verdicts]
    (shown,) = to_sarif(replace(run, verdicts=tuple(known)))["runs"][0]["results"]
    assert shown["suppressions"] == [{"kind": "external", "status": "accepted"}]


def test_a_place_is_the_same_result_when_its_line_moves() -> None:
    """A viewer would otherwise open it anew with every commit."""
    raw = samples.raw_mint(Surface.AUTH)
    moved = replace(raw, places=(replace(raw.places[0], line=99),))
    marks = [
        to_sarif(samples.run("x", Level.PLAN, [finding]))["runs"][0]["results"][0]["partialFingerprints"]
        for finding in (raw, moved)
    ]
    assert marks[0] == marks[1]


def test_logs_are_merged_run_by_run(tmp_path: Path) -> None:
    """The scan's run stays as it is."""
    path = tmp_path / "scan.sarif"
    path.write_text(json.dumps(SCAN))
    log = sarif_log(run for log in (to_sarif(samples.legacy()), read_sarif(path)) for run in log["runs"])
    assert [run["tool"]["driver"]["name"] for run in log["runs"]] == ["id-isolation", "id-isolation scan"]
    assert log["runs"][1] == SCAN["runs"][0]
    assert log["version"] == "2.1.0"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"version":"1.0.0","runs":[]}', '{"version":"2.1.0"}'])
def test_what_is_no_sarif_is_refused_in_a_sentence(tmp_path: Path, content: str) -> None:
    """The sentence names the file."""
    path = tmp_path / "x.sarif"
    path.write_text(content)
    with pytest.raises(SarifError, match=r"x\.sarif is no SARIF"):
        read_sarif(path)
    with pytest.raises(SarifError, match="cannot read"):
        read_sarif(tmp_path / "none")


def test_a_run_that_judged_nothing_says_that_it_did_not_succeed() -> None:
    """No results are then not taken for nothing wrong; nor are those of a run with an error."""
    runs = (replace(samples.legacy(), verdicts=()), samples.troubled(), samples.legacy())
    told = [to_sarif(record)["runs"][0]["invocations"][0]["executionSuccessful"] for record in runs]
    assert told == [False, False, True]
