"""The command `scan`: exit codes, formats, and the ratchet from outside."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from id_isolation.cli.scan import add_parser

pytestmark = pytest.mark.quick

_MINT = "import uuid\nsession_id = str(uuid.uuid4())\n"


def scan(*arguments: str | Path) -> int:
    """Run the command as the program does; gives its exit code."""
    parser = argparse.ArgumentParser(prog="id-isolation")
    add_parser(parser.add_subparsers(required=True))
    parsed = parser.parse_args(["scan", *map(str, arguments)])
    return int(parsed.handler(parsed))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree with one mint."""
    root = tmp_path / "tree"
    root.mkdir()
    (root / "a.py").write_text(_MINT)
    return root


def test_findings_without_a_baseline_are_red(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1, with the place in the text."""
    assert scan(tree) == 1
    assert "a.py\n  2:18" in capsys.readouterr().out


def test_a_clean_tree_is_green(tree: Path) -> None:
    """Exit code 0."""
    (tree / "a.py").write_text("x = 1\n")
    assert scan(tree) == 0


def test_unread_files_alone_have_their_own_code(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 3, and 1 where there is a finding too; the last line says what was not read."""
    (tree / "b.py").write_text("import uuid\0")
    assert scan(tree) == 1
    (tree / "a.py").write_text("x = 1\n")
    capsys.readouterr()
    assert scan(tree) == 3
    assert (
        capsys.readouterr().out.splitlines()[-1].startswith("Incomplete: 1 file that may mint IDs was not read (b.py")
    )
    assert scan(tree, "--unread", "warn") == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("Note: 1 file")


def test_a_broken_file_is_read_in_part(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its mint is red like any other."""
    (tree / "a.py").write_text(_MINT + "def (:\n")
    assert scan(tree, "--format", "markdown") == 1
    assert "| `a.py:2` | uuid.uuid4 | session |" in capsys.readouterr().out


def test_a_diff_goes_to_the_output_and_the_rest_to_the_error_stream(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """So that it can be piped into `git apply`."""
    (tree / "b.py").write_text("import uuid\ndef f(user_id):\n    session_id = str(uuid.uuid4())\n")
    assert scan(tree, "--diff") == 1
    streams = capsys.readouterr()
    assert streams.out.startswith("--- a/b.py\n+++ b/b.py\n")
    assert streams.err == "left: a.py:2: the function has no parameter user_id: pass the user in\n"


def test_a_packages_figure_moves_against_the_baseline(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the points since the last update."""
    call = "from shared.id_generation import UnifiedIdGenerator as G\nx = G.generate_session_id(u, 'a')\n"
    for name in ("one", "two"):
        (tree / name).mkdir()
        (tree / name / "a.py").write_text(_MINT)
    file = tmp_path / "b.json"
    scan(tree, "--baseline", file, "--update-baseline", "--accept-new")
    (tree / "one" / "a.py").write_text(_MINT + call)
    capsys.readouterr()
    assert scan(tree, "--baseline", file, "--format", "json") == 0
    packages = json.loads(capsys.readouterr().out)["compliance"]["packages"]
    assert {name: item["change"] for name, item in packages.items()} == {".": 0, "one": 0.5, "two": 0}


def test_the_ratchet(tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Record, stay green, go red with a new one, say stale, shrink."""
    file = tmp_path / "b.json"
    assert scan(tree, "--baseline", file) == 2
    assert scan(tree, "--baseline", file, "--update-baseline", "--accept-new") == 0
    assert scan(tree, "--baseline", file) == 0
    (tree / "b.py").write_text(_MINT)
    assert scan(tree, "--baseline", file) == 1
    assert scan(tree, "--baseline", file, "--update-baseline") == 1
    assert len(json.loads(file.read_text())["findings"]) == 1
    (tree / "b.py").unlink()
    (tree / "a.py").write_text("x = 1\n")
    capsys.readouterr()
    assert scan(tree, "--baseline", file) == 0
    assert "the baseline is stale" in capsys.readouterr().out
    assert scan(tree, "--baseline", file, "--update-baseline") == 0
    assert json.loads(file.read_text())["findings"] == {}


def test_filters_do_not_make_a_baseline_stale(tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a filter hides has not gone."""
    file = tmp_path / "b.json"
    scan(tree, "--baseline", file, "--update-baseline", "--accept-new")
    capsys.readouterr()
    assert scan(tree, "--baseline", file, "--kind", "run", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["baseline"]["stale"] is False


def test_json_and_filters(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--only` and `--kind` narrow the object's findings."""
    (tree / "b.py").write_text("import secrets\nrun_id = secrets.token_hex(4)\n")
    scan(tree, "--format", "json")
    assert len(json.loads(capsys.readouterr().out)["findings"]) == 2
    scan(tree, "--format", "json", "--only", "uuid.uuid4")
    assert [f["kind"] for f in json.loads(capsys.readouterr().out)["findings"]] == ["session"]
    scan(tree, "--format", "json", "--kind", "run")
    assert [f["what"] for f in json.loads(capsys.readouterr().out)["findings"]] == ["secrets.token_hex"]


def test_a_report_goes_to_a_file(tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing to the standard output."""
    assert scan(tree, "--format", "sarif", "--output", tmp_path / "out.sarif") == 1
    assert json.loads((tmp_path / "out.sarif").read_text())["version"] == "2.1.0"
    assert capsys.readouterr().out == ""


WRONG = {
    "path": (["nowhere"], "There is no nowhere"),
    "kind": ([".", "--kind", "sessions"], "the kinds are session"),
    "accept": ([".", "--accept-new"], "give both"),
    "update": ([".", "--update-baseline"], "needs --baseline"),
    "update-filtered": ([".", "--update-baseline", "--baseline", "b", "--kind", "run"], "leave out"),
    "largest": ([".", "--largest", "0"], "no number of bytes"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_usage_is_one_sentence(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, and what to do."""
    monkeypatch.chdir(tmp_path)
    arguments, words = WRONG[name]
    assert scan(*arguments) == 2
    error = capsys.readouterr().err
    assert words in error
    assert len(error.splitlines()) == 1
