"""A scan as text, JSON, SARIF, Markdown and GitHub commands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from id_isolation.scan import Unread, scan_tree
from id_isolation.scan.baseline import Compliance, compliance
from id_isolation.scan.outputs import (
    CLEAN,
    FINDINGS,
    UNREAD,
    Outcome,
    as_github,
    as_json,
    as_markdown,
    as_sarif,
    as_text,
    printable,
)
from id_isolation.scan.tree import Count
from id_isolation.scan.vocabulary import KINDS

from .outcomes import FINDING, GONE, outcome
from .trees import write


def test_new_findings_stand_under_their_file_and_known_ones_are_counted() -> None:
    """A file with only known findings is not named."""
    known = FINDING._replace(new=False, file="app/old.py")
    text = as_text(outcome(FINDING, FINDING._replace(line=12), known, has_baseline=True))
    assert text.count("app/a.py\n") == 1
    assert "  7:5" in text
    assert "  12:5" in text
    assert "app/old.py" not in text
    assert "2 new raw ID minting places (2 in production code) in 9 files\n1 known from the baseline" in text


@pytest.mark.parametrize(("count", "words"), [(0, "0 raw ID minting places"), (1, "1 raw ID minting place (")])
def test_one_is_counted_in_the_singular(count: int, words: str) -> None:
    """Without a baseline nothing is called new."""
    assert words in as_text(outcome(*[FINDING] * count))


def test_test_code_is_not_counted_as_production() -> None:
    """The bracket tells how many are."""
    text = as_text(outcome(FINDING, FINDING._replace(code="test")))
    assert "2 raw ID minting places (1 in production code)" in text


@pytest.mark.parametrize(("gone", "words"), [(1, "1 of its findings has gone;"), (2, "2 of its findings have gone;")])
def test_a_stale_baseline_says_how_to_shrink_it(gone: int, words: str) -> None:
    """With the count of what has gone."""
    text = as_text(outcome(gone=gone, has_baseline=True))
    assert words in text
    assert "--update-baseline" in text
    assert text.count("gone: old.py: uuid.uuid4 in f") == gone


@pytest.mark.parametrize(("gone", "more"), [(20, ""), (21, "gone: and 1 more")])
def test_at_most_twenty_gone_findings_are_listed(gone: int, more: str) -> None:
    """The rest is a number."""
    text = as_text(outcome(gone=gone, has_baseline=True))
    assert text.count("gone: old.py") == 20
    assert more in text
    assert ("gone: and" in text) == bool(more)


@pytest.mark.parametrize(("count", "tail"), [(6, "d5\n"), (7, "d5 and 1 more\n")])
def test_at_most_six_directories_are_named_as_left_out(count: int, tail: str) -> None:
    """The rest is a number."""
    names = [f"d{n}" for n in range(count)]
    assert "left out by rule: d0, d1, d2, d3, d4, " + tail in as_text(outcome(left_out=names))


def test_what_was_not_parsed_read_or_kept_is_said() -> None:
    """Statements left out, an unread file, one that no word in could mint; a full scan says none of it."""
    text = as_text(outcome(whole=False, unread=(Unread("b.py", "gone"), Unread("c.py", "NUL", harmless=True))))
    clean = as_text(outcome())
    for words in ("--whole parses everything", "unread: b.py: gone", "1 file not read that", "Incomplete: 1 file"):
        assert words in text
        assert words not in clean


def test_nothing_in_a_name_or_a_line_steers_the_terminal() -> None:
    """Escape sequences, line ends and lone surrogates are shown, not sent."""
    odd = FINDING._replace(file="a\x1b[31m.py", source="x = '\udcff'\x07", function="f\n")
    text = as_text(outcome(odd, suppressed=(FINDING._replace(suppressed="why\r"),)))
    assert "a\\x1b[31m.py" in text
    assert "\\udcff'\\x07" in text
    assert "suppressed: app/a.py:7: why\\r" in text
    assert not set(text) & set("\x1b\x07\r\udcff")


def test_the_trend_follows_the_figure_only_beside_a_baseline() -> None:
    """Without one the figure stands alone."""
    assert as_text(outcome(has_baseline=True)).rstrip().endswith("; up from 50.0%")
    assert "up from" not in as_text(outcome())


def test_findings_are_listed_whether_new_or_known() -> None:
    """`new` tells them apart; suppressed ones are a list of their own."""
    known = FINDING._replace(new=False, line=9)
    hidden = FINDING._replace(suppressed="a key that nobody sees")
    content = json.loads(as_json(outcome(FINDING, known, suppressed=(hidden,), has_baseline=True)))
    assert [(item["line"], item["new"]) for item in content["findings"]] == [(7, True), (9, False)]
    assert [item["suppressed"] for item in content["suppressed"]] == ["a key that nobody sees"]


def test_the_object_says_its_format_and_what_was_scanned() -> None:
    """Readers can refuse what they do not know."""
    content = json.loads(as_json(outcome(left_out=[".venv"], whole=False)))
    assert (content["format"], content["version"]) == ("id-isolation-scan", 1)
    assert (content["root"], content["files"], content["whole"]) == ("/tree", 9, False)
    assert content["left_out"] == [".venv"]


def test_the_trend_is_there_only_beside_a_baseline() -> None:
    """Without one there is nothing to compare with."""
    alone = json.loads(as_json(outcome()))
    beside = json.loads(as_json(outcome(gone=1, has_baseline=True)))
    assert alone["compliance"]["trend"] is None
    assert alone["baseline"] == {"used": False, "stale": False, "gone": []}
    assert beside["compliance"]["trend"] == "up from 50.0%"
    assert beside["baseline"] == {"used": True, "stale": True, "gone": [GONE]}


def test_the_text_is_ascii_and_ends_its_last_line() -> None:
    """A path that is no valid text comes back as it was."""
    text = as_json(outcome(FINDING._replace(file="é\udcff.py")))
    assert text.isascii()
    assert text.endswith("}\n")
    assert json.loads(text)["findings"][0]["file"] == "é\udcff.py"


def _run(of: Outcome) -> dict[str, Any]:
    run: dict[str, Any]
    (run,) = json.loads(as_sarif(of))["runs"]
    return run


def test_production_code_is_a_warning_and_test_code_a_note() -> None:
    """The place is the finding's line and column, the fingerprint its key."""
    first, second = _run(outcome(FINDING, FINDING._replace(code="test")))["results"]
    assert (first["level"], second["level"]) == ("warning", "note")
    assert first["partialFingerprints"] == {"idIsolationScan/v1": "k-1"}
    region = first["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"]) == (7, 5)


def test_every_kind_has_its_rule_and_a_result_points_to_it() -> None:
    """The index and the id name the same rule."""
    for kind in KINDS:
        run = _run(outcome(FINDING._replace(kind=kind)))
        rule = run["tool"]["driver"]["rules"][run["results"][0]["ruleIndex"]]
        assert rule["id"] == run["results"][0]["ruleId"] == f"raw-{kind}-id"


def test_a_baseline_state_is_given_only_where_there_is_a_baseline() -> None:
    """New findings are new, known ones unchanged."""
    known = FINDING._replace(new=False)
    states = [item["baselineState"] for item in _run(outcome(FINDING, known, has_baseline=True))["results"]]
    assert states == ["new", "unchanged"]
    assert "baselineState" not in _run(outcome(FINDING))["results"][0]


def test_a_suppressed_finding_is_a_result_with_its_justification() -> None:
    """Viewers show it as suppressed; an open one has no such mark."""
    hidden = FINDING._replace(suppressed="a key that nobody sees")
    shown, kept = _run(outcome(FINDING, suppressed=(hidden,)))["results"]
    assert "suppressions" not in shown
    assert kept["suppressions"] == [{"kind": "inSource", "justification": "a key that nobody sees"}]


def test_a_note_stands_in_the_message() -> None:
    """In brackets after the call to make; none without a note."""
    plain, noted = _run(outcome(FINDING, FINDING._replace(note="pass a user in")))["results"]
    assert noted["message"]["text"].endswith("generate_session_id(user_id) (pass a user in).")
    assert plain["message"]["text"].endswith("generate_session_id(user_id).")


def test_an_unread_file_is_a_notification_and_its_path_a_uri() -> None:
    """Bytes of a name that is no valid text are percent-encoded as they are."""
    (note,) = _run(outcome(unread=(Unread("a b\udcff.py", "permission denied"),)))["invocations"][0][
        "toolExecutionNotifications"
    ]
    assert note["message"]["text"] == "Not read: permission denied."
    assert note["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b%FF.py"


def test_production_code_is_an_error_and_test_code_a_warning() -> None:
    """File, line and column stand in the command, so that the changed line is annotated."""
    lines = as_github(outcome(FINDING, FINDING._replace(code="test", line=8))).splitlines()
    assert lines[0].startswith(
        "::error file=app/a.py,line=7,col=5,title=Raw session ID::uuid.uuid4 mints a raw session"
    )
    assert lines[1].startswith("::warning file=app/a.py,line=8,col=5,")
    assert len(lines) == 2


def test_a_known_finding_is_not_annotated() -> None:
    """Only what is new is shown on a pull request."""
    assert as_github(outcome(FINDING._replace(new=False), has_baseline=True)) == ""


def test_the_prefix_leads_from_the_repository_to_the_scanned_directory() -> None:
    """It stands before the file of a finding and of an unread file."""
    lines = as_github(outcome(FINDING, unread=(Unread("b.py", "gone"),)), "backend/").splitlines()
    assert "file=backend/app/a.py," in lines[0]
    assert lines[1] == "::error file=backend/b.py,title=Unread::gone"


def test_a_property_escapes_what_ends_it_and_a_message_does_not_need_to() -> None:
    """Colons and commas are escaped in properties only; percent signs and line ends everywhere."""
    odd = FINDING._replace(file="a:b,c%d\ne.py", note="50%\r\nof all: a, b")
    (line,) = as_github(outcome(odd)).splitlines()
    assert "file=a%3Ab%2Cc%25d%0Ae.py,line=7" in line
    assert line.endswith("(50%25%0D%0Aof all: a, b)")


def test_a_stale_baseline_is_noticed_with_its_count() -> None:
    """And an up-to-date one is not mentioned."""
    assert as_github(outcome(gone=3, has_baseline=True)).startswith("::notice title=Stale baseline::3 recorded")
    assert as_github(outcome(has_baseline=True)) == ""


def test_a_path_that_is_no_valid_text_is_written_in_escapes() -> None:
    """A lone surrogate, as undecodable file names have, does not stop the report."""
    assert "file=a\\udcff.py," in as_github(outcome(FINDING._replace(file="a\udcff.py")))


_UNREAD = (Unread("b.py", "gone"),)


def test_a_new_finding_is_red_even_beside_unread_files() -> None:
    """The worse of the two gives the code."""
    assert outcome(FINDING, unread=_UNREAD).code == FINDINGS == 1


def test_unread_files_alone_have_a_code_of_their_own() -> None:
    """Nothing was found there because nothing was read."""
    assert outcome(FINDING._replace(new=False), unread=_UNREAD).code == UNREAD == 3


def test_known_and_suppressed_findings_leave_the_scan_green() -> None:
    """So does a baseline that records more than there is."""
    made = outcome(FINDING._replace(new=False), suppressed=(FINDING,), gone=1, has_baseline=True)
    assert made.code == CLEAN == 0
    assert made.new == []


def test_unread_files_are_a_note_where_the_user_says_so() -> None:
    """The scan is complete then; what no word in could mint never makes it incomplete."""
    made = outcome(unread=_UNREAD)
    assert as_text(made).splitlines()[-1].startswith("Incomplete: 1 file that may mint IDs was not read (b.py: gone)")
    lenient = made._replace(lenient=True)
    assert (lenient.code, as_text(lenient).splitlines()[-1][:5]) == (CLEAN, "Note:")
    assert json.loads(as_json(made))["complete"] is False
    assert outcome(unread=(Unread("b.py", "NUL", harmless=True),)).code == CLEAN


def test_the_figure_is_told_against_the_plans_goal_by_package_and_with_its_change() -> None:
    """In every format that people read; packages with most raw mints come first."""
    packages = {"app/a": Count(99, 1), "app/b": Count(0, 4)}
    made = outcome(FINDING, figure=Compliance(99, 5, packages), has_baseline=True)._replace(moved={"app/a": 0.04})
    text = as_text(made)
    assert "95.2% of 104 minting places use the generator; the plan's 99% are not reached; up from 50.0%" in text
    assert text.index("0.0%  app/b  (0 of 4)") < text.index("99.0%  app/a  (99 of 100, +4.0 points")
    page = as_markdown(made)
    assert "| app/a | 99 | 1 | 99.0% | +4.0 |" in page
    assert "| `app/a.py:7` | uuid.uuid4 | session |" in page
    content = json.loads(as_json(made))["compliance"]
    assert (content["goal"], content["reached"]) == (0.99, False)
    assert content["packages"]["app/a"] == {"approved": 99, "raw": 1, "share": 0.99, "change": 0.04}


def test_what_was_read_in_part_is_marked() -> None:
    """At the finding and at the file."""
    made = outcome(FINDING._replace(partly=True), partly=[Unread("app/a.py", "syntax error at line 3")])
    text = as_text(made)
    assert "in log_in, read in part" in text
    assert "read in part: app/a.py: syntax error at line 3" in text
    assert json.loads(as_json(made))["read_in_part"] == [{"file": "app/a.py", "reason": "syntax error at line 3"}]


_TEXT = (
    "import uuid\nsession_id = str(uuid.uuid4())\n"
    "a_id = uuid.uuid4()  # id-isolation: allow - a key that nobody sees\n"
    "name = 'é'; run_id = uuid.uuid4()\n"
)


@pytest.fixture
def scanned(tmp_path: Path) -> Outcome:
    """A scan with findings, one suppressed, one unread and one gone."""
    files: dict[str, str | bytes] = {"app/a b.py": _TEXT, "app/bad.py": "import uuid\0", "tests/test_x.py": _TEXT}
    result = scan_tree(write(tmp_path, files))
    findings = [finding._replace(new=finding.line != 2) for finding in result.findings]
    gone = [{"key": "k", "file": "old.py", "what": "uuid.uuid4", "function": "f", "target": "t", "kind": "other"}]
    return Outcome(result, findings, gone, compliance(result), "unchanged", True)


def test_sarif_validates_against_the_schema(scanned: Outcome) -> None:
    """Every part of the log is as SARIF 2.1.0 wants it."""
    schema = json.loads((Path(__file__).parent / "data" / "sarif-2.1.0-rtm.5.json").read_text())
    log = json.loads(as_sarif(scanned))
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(log)
    (run,) = log["runs"]
    assert len(run["results"]) == 6
    assert {item["baselineState"] for item in run["results"]} == {"new", "unchanged"}
    assert [r["suppressions"][0]["kind"] for r in run["results"] if "suppressions" in r] == ["inSource"] * 2
    assert run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"].startswith("Not read")
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "app/a%20b.py"
    assert run["tool"]["driver"]["rules"][run["results"][0]["ruleIndex"]]["id"] == run["results"][0]["ruleId"]


def test_the_schema_test_can_fail(scanned: Outcome) -> None:
    """A log with a wrong level is refused."""
    schema = json.loads((Path(__file__).parent / "data" / "sarif-2.1.0-rtm.5.json").read_text())
    log: dict[str, Any] = json.loads(as_sarif(scanned))
    log["runs"][0]["results"][0]["level"] = "catastrophe"
    assert list(jsonschema.Draft4Validator(schema).iter_errors(log))


def test_json_has_findings_and_unread(scanned: Outcome) -> None:
    """An object with the promised keys."""
    content = json.loads(as_json(scanned))
    assert {"file", "line", "what", "kind"} <= set(content["findings"][0])
    assert content["unread"][0]["file"] == "app/bad.py"
    assert "NUL" in content["unread"][0]["reason"]
    assert content["baseline"]["stale"] is True
    assert content["compliance"]["raw"] == 3


def test_text_groups_by_file_with_the_source_line(scanned: Outcome) -> None:
    """New findings with their line; known ones are counted."""
    text = as_text(scanned)
    assert "app/a b.py\n  4:22" in text
    assert "name = 'é'; run_id = uuid.uuid4()" in text
    assert "2 known from the baseline" in text
    assert "unread: app/bad.py: it contains NUL bytes" in text
    assert "the baseline is stale" in text
    assert "2 suppressed" in text


def test_github_commands_are_escaped(scanned: Outcome) -> None:
    """One line for each, production as errors, test code as warnings."""
    lines = as_github(scanned, "back,end/").splitlines()
    assert lines[0].startswith("::error file=back%2Cend/app/a b.py,line=4,col=22,title=Raw run ID::uuid.uuid4")
    assert lines[1].startswith("::warning file=back%2Cend/tests/")
    assert any("title=Unread::it contains NUL" in line for line in lines)
    assert lines[-1].startswith("::notice")


def test_control_characters_of_names_do_not_reach_the_terminal() -> None:
    """An escape sequence in a file name is shown as text."""
    assert printable("a\x1b[2Jb\udc80") == "a\\x1b[2Jb\\udc80"
