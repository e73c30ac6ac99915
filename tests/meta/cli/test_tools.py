"""`id-isolation compare`: exit codes, what it prints, the page it writes, and bad input.

`id-isolation checks`: the catalogue, one check in full, and an id that there is not. An embedded backend can be written
down, looked at and judged by its path. `id-isolation init` writes a skeleton that runs, and says what is left to fill
in. `id-isolation serve`: what cannot be served is one sentence. The planted faults of a check are told as sentences.
"""

from __future__ import annotations

import argparse
import ast
import socket
import sys
from importlib import import_module
from pathlib import Path

import pytest

from id_isolation.checks.check import all_checks, check_of
from id_isolation.cli import tools
from id_isolation.cli.main import main
from id_isolation.cli.tools import caught_by
from id_isolation.drivers.adapter import faults_of_shape
from id_isolation.embedded import compose
from id_isolation.history.findings_file import FindingsFile
from id_isolation.history.record import RunRecord
from id_isolation.plan.plan import current
from id_isolation.power.fault import faults_of
from id_isolation.rules.judging import RULES, policies_of

from ..reports import samples


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    def write(name: str, record: RunRecord, end: bool = True) -> str:
        path = tmp_path / f"{name}.jsonl"
        with FindingsFile(path, record) as file:
            for verdict in record.verdicts:
                file.add(verdict)
            if end:
                file.end(record)
        return str(path)

    (tmp_path / "junk").write_text("hello\n")
    return {
        "legacy": write("legacy", samples.legacy()),
        "remediated": write("remediated", samples.remediated()),
        "killed": write("killed", samples.legacy(), end=False),
        "junk": str(tmp_path / "junk"),
        "none": str(tmp_path / "none"),
    }


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    tools.add_compare_parser(parser.add_subparsers())
    given = parser.parse_args(["compare", *arguments])
    return int(given.handler(given))


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("legacy", "remediated", 0),
        ("legacy", "legacy", 0),
        ("remediated", "legacy", 1),
        ("legacy", "junk", 2),
        ("none", "legacy", 2),
    ],
)
def test_the_exit_code_is_red_on_what_is_new_and_2_on_bad_input(
    files: dict[str, str], before: str, after: str, code: int
) -> None:
    """0, 1 and 2 are three different things."""
    assert run(files[before], files[after]) == code


def test_bad_input_is_told_in_one_line(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """On standard error, with the file's name."""
    run(files["legacy"], files["junk"])
    out, error = capsys.readouterr()
    assert not out
    assert error.count("\n") == 1
    assert files["junk"] in error


def test_a_run_that_was_broken_off_is_told(files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """It is compared as far as it came, and is no green."""
    assert run(files["killed"], files["remediated"]) == 2
    out, error = capsys.readouterr()
    assert "did not come to its end" in error
    assert "INCOMPLETE: " in out


def test_the_page_is_written(files: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Side by side, where --html names a file; where it cannot be written, that is bad input."""
    page = tmp_path / "page.html"
    assert run(files["legacy"], files["remediated"], "--html", str(page)) == 0
    assert "legacy to remediated: 14 fixed" in page.read_text(encoding="utf-8")
    assert run(files["legacy"], files["remediated"], "--html", str(tmp_path / "no" / "page.html")) == 2
    assert "cannot write" in capsys.readouterr().err


def run_checks(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    tools.add_checks_parser(parser.add_subparsers())
    given = parser.parse_args(["checks", *arguments])
    return int(given.handler(given))


def test_every_check_is_listed_with_its_level(capsys: pytest.CaptureFixture[str]) -> None:
    """In the catalogue's order, within the width of the terminal."""
    assert run_checks() == 0
    lines = capsys.readouterr().out.splitlines()
    listed = [tuple(line.split()[:2]) for line in lines if line.startswith("  ") and line.split()[0] in all_checks()]
    assert listed == [(check.id, str(check.level)) for check in all_checks().values()]


@pytest.mark.parametrize("check", ["F2", "f2"])
def test_one_check_is_told_in_full(check: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What it proves, at which level, where, how, whom a failure hurts, what mends it, and its source."""
    assert run_checks(check) == 0
    text = " ".join(capsys.readouterr().out.split())
    declared = all_checks()["F2"]
    for part in (declared.proves, declared.strict_proves, declared.attack, declared.impact, declared.fix):
        assert current().fill(part) in text
    assert current().fill(declared.source) in text
    assert "Symptoms does-not-parse, bare-does-not-parse, own-id-not-valid" in text


def test_what_the_rules_of_a_check_leave_to_a_backend_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Each policy once; every rule that knows a policy belongs to some check, and so is told somewhere."""
    assert run_checks("A3") == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "accuses nobody for whether a user has one session or several;" in text
    told = {policy for check in all_checks() for policy in policies_of(check)}
    assert told == {policy for rule in RULES for policy in rule.policies}
    assert all(policy.split()[0] in ("whether", "when", "by", "how", "to", "what", "who") for policy in told)


def test_an_id_that_there_is_not_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """With the ids that there are, and exit code 2."""
    assert run_checks("Z9") == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "there is no check 'Z9'" in error
    assert "C2" in error


def test_the_planted_faults_that_a_check_catches_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    """By name and mechanism."""
    assert run_checks("E2") == 0
    text = " ".join(capsys.readouterr().out.split())
    told = faults_of("E2")
    assert told
    assert all(fault.name in text for fault in told)


def test_a_backend_is_written_into_a_new_directory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command says how to judge what it wrote."""
    target = tmp_path / "checkout"
    assert main(["export", "legacy+auth", str(target)]) == 0
    written = {path.relative_to(target).as_posix(): path.read_text("utf-8") for path in target.rglob("*.py")}
    assert written == compose.sources("legacy+auth")
    assert f"id-isolation run --backend {target}" in capsys.readouterr().out


@pytest.mark.parametrize("spec", ["modern", "legacy+nothing"])
def test_an_unknown_backend_is_refused(spec: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 4 and one sentence."""
    assert main(["export", spec, str(tmp_path / "new")]) == 4
    assert "there is no" in capsys.readouterr().err


def test_a_directory_in_use_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written among somebody's files."""
    (tmp_path / "mine.txt").write_text("mine")
    assert main(["export", "legacy", str(tmp_path)]) == 4
    assert "name a new one" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_skeleton_has_the_shape_of_a_backend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is written, it can be imported and made, and all its methods are of the right kind."""
    monkeypatch.chdir(tmp_path)
    assert main(["init", "skeleton_of_a_test.py"]) == 0
    monkeypatch.syspath_prepend(str(tmp_path))
    backend = import_module("skeleton_of_a_test").MyBackend()
    del sys.modules["skeleton_of_a_test"]
    assert list(faults_of_shape(backend)) == []
    assert "skeleton_of_a_test:MyBackend" in Path("skeleton_of_a_test.py").read_text()


def test_a_skeleton_that_nobody_filled_in_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every method that has to be written raises with the sentence that says what it gives."""
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 0
    tree = ast.parse(Path("isolation_adapter.py").read_text())
    raised = [node for node in ast.walk(tree) if isinstance(node, ast.Raise)]
    assert len(raised) >= 9


@pytest.mark.parametrize(("name", "said"), [("there.py", "is there already"), ("no-module.py", "cannot import")])
def test_a_file_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, said: str
) -> None:
    """A file that is there stays as it is."""
    monkeypatch.chdir(tmp_path)
    Path("there.py").write_text("mine")
    assert main(["init", name]) == 4
    assert said in capsys.readouterr().err
    assert Path("there.py").read_text() == "mine"


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
    adapter = "tests.meta.world.backends:SmallBackend"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["serve", adapter, "--port", str(port)]) == 4
    assert f"--port {port} cannot be listened on" in capsys.readouterr().err


def test_tokens_that_cannot_be_written_are_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file is named; no token is."""
    adapter = "tests.meta.world.backends:SmallBackend"
    assert main(["serve", adapter, "--tokens-out", str(tmp_path / "no" / "file")]) == 4
    err = capsys.readouterr().err
    assert "cannot be written: No such file" in err
    assert "tok." not in err


def test_each_fault_is_one_sentence_with_its_name_first() -> None:
    """And one full stop at its end."""
    for check in all_checks():
        told = caught_by(check)
        assert [sentence.partition(": ")[0] for sentence in told] == [fault.name for fault in faults_of(check)]
        assert all(sentence.endswith(".") and not sentence.endswith("..") for sentence in told)


def test_a_check_that_there_is_not_catches_nothing() -> None:
    """The list is empty."""
    assert caught_by("Z9") == []


@pytest.mark.parametrize(
    ("check", "tree", "adapter", "web", "endpoint"),
    [
        ("E1", "stands in for the delivery", "unless it names", "anything on websocket", "behind the address"),
        ("C2", "stands in for the clean-up", "Its ports decide", "Not judged", "Not judged"),
        ("A1", "Its own code decides", "Its ports decide", "anything on auth", "Not judged"),
        ("S1", "What its source says", "Not judged", "Not judged", "Not judged"),
        ("H1", "Not judged", "Its ports decide", "anything on http", "Not judged"),
    ],
)
def test_each_check_says_what_is_the_backends_own_for_each_kind_of_backend(
    check: str, tree: str, adapter: str, web: str, endpoint: str
) -> None:
    """And what the suite stands in for."""
    told = tools.deciding(check_of(check))
    for kind, words in zip(("Tree", "Adapter", "app.toml", "ws://"), (tree, adapter, web, endpoint), strict=True):
        assert words in told[kind]
