"""The reports: text, JSON, SARIF that its schema accepts, and GitHub's commands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from id_isolation.scan import scan_tree
from id_isolation.scan.baseline import compliance
from id_isolation.scan.outputs import as_github, as_json, as_sarif, as_text
from id_isolation.scan.outputs.outcome import Outcome

from .trees import write

_TEXT = (
    "import uuid\nsession_id = str(uuid.uuid4())\n"
    "a_id = uuid.uuid4()  # id-isolation: allow - a key that nobody sees\n"
    "name = 'é'; run_id = uuid.uuid4()\n"
)


@pytest.fixture
def outcome(tmp_path: Path) -> Outcome:
    """A scan with findings, one suppressed, one unread and one gone."""
    files: dict[str, str | bytes] = {"app/a b.py": _TEXT, "app/bad.py": "def (:\n", "tests/test_x.py": _TEXT}
    result = scan_tree(write(tmp_path, files))
    findings = [finding._replace(new=finding.line != 2) for finding in result.findings]
    gone = [{"key": "k", "file": "old.py", "what": "uuid.uuid4", "function": "f", "target": "t", "kind": "other"}]
    return Outcome(result, findings, gone, compliance(result), "unchanged", True)


def test_sarif_validates_against_the_schema(outcome: Outcome) -> None:
    """Every part of the log is as SARIF 2.1.0 wants it."""
    schema = json.loads((Path(__file__).parent / "data" / "sarif-2.1.0-rtm.5.json").read_text())
    log = json.loads(as_sarif.text(outcome))
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(log)
    (run,) = log["runs"]
    assert len(run["results"]) == 6
    assert {item["baselineState"] for item in run["results"]} == {"new", "unchanged"}
    assert [r["suppressions"][0]["kind"] for r in run["results"] if "suppressions" in r] == ["inSource"] * 2
    assert run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"].startswith("Not read")
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "app/a%20b.py"
    assert run["tool"]["driver"]["rules"][run["results"][0]["ruleIndex"]]["id"] == run["results"][0]["ruleId"]


def test_the_schema_test_can_fail(outcome: Outcome) -> None:
    """A log with a wrong level is refused."""
    schema = json.loads((Path(__file__).parent / "data" / "sarif-2.1.0-rtm.5.json").read_text())
    log: dict[str, Any] = as_sarif.document(outcome)
    log["runs"][0]["results"][0]["level"] = "catastrophe"
    assert list(jsonschema.Draft4Validator(schema).iter_errors(log))


def test_json_has_findings_and_unread(outcome: Outcome) -> None:
    """An object with the promised keys."""
    content = json.loads(as_json.text(outcome))
    assert {"file", "line", "what", "kind"} <= set(content["findings"][0])
    assert content["unread"][0]["file"] == "app/bad.py"
    assert "syntax error" in content["unread"][0]["reason"]
    assert content["baseline"]["stale"] is True
    assert content["compliance"]["raw"] == 3


def test_text_groups_by_file_with_the_source_line(outcome: Outcome) -> None:
    """New findings with their line; known ones are counted."""
    text = as_text.text(outcome)
    assert "app/a b.py\n  4:22" in text
    assert "name = 'é'; run_id = uuid.uuid4()" in text
    assert "2 known from the baseline" in text
    assert "unread: app/bad.py: syntax error" in text
    assert "the baseline is stale" in text
    assert "2 suppressed" in text


def test_github_commands_are_escaped(outcome: Outcome) -> None:
    """One line for each, production as errors, test code as warnings."""
    lines = as_github.text(outcome, "back,end/").splitlines()
    assert lines[0].startswith("::error file=back%2Cend/app/a b.py,line=4,col=22,title=Raw run ID::uuid.uuid4")
    assert lines[1].startswith("::warning file=back%2Cend/tests/")
    assert any("title=Unread::syntax error" in line for line in lines)
    assert lines[-1].startswith("::notice")


def test_control_characters_of_names_do_not_reach_the_terminal() -> None:
    """An escape sequence in a file name is shown as text."""
    assert as_text.printable("a\x1b[2Jb\udc80") == "a\\x1b[2Jb\\udc80"


def test_text_says_what_a_large_tree_leaves_unparsed(outcome: Outcome) -> None:
    """Where not everything was parsed, the report says that syntax errors may be missing, and what lists them."""
    large = as_text.text(outcome._replace(result=outcome.result._replace(parsed_whole=False)))
    assert "syntax errors there are not listed (--whole" in large
    assert "syntax errors there" not in as_text.text(outcome)
