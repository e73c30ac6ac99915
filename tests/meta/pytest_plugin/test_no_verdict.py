"""A run in which no check was carried out still writes whole files, and is red."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from id_isolation.history.findings_file import read_findings

from .runs import run_suite

SCHEMA = json.loads((files("id_isolation.history") / "schema.json").read_text(encoding="utf-8"))


UNUSABLE = ("--backend", "no_such_module:make")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        pytest.param(("-k", "no_test_has_this_name"), 5, "", id="nothing-selected"),
        pytest.param(
            UNUSABLE, 4, "ERROR: --backend no_such_module:make: there is no module no_such_module", id="unusable"
        ),
        pytest.param((*UNUSABLE, "-n", "2"), 4, "no module no_such", id="unusable-workers", marks=pytest.mark.slow),
    ],
)
def test_the_findings_file_comes_to_its_end(arguments: tuple[str, ...], code: int, said: str, tmp_path: Path) -> None:
    """Each line follows the schema, the last one is the end, and nothing of it is green."""
    (tmp_path / "f.jsonl").write_text("what an earlier run left\n")
    outputs = ("--findings", "f.jsonl", "--report", "r.html", "--sarif", "s.sarif")
    ended = run_suite("--category", "unit", *arguments, *outputs, cwd=tmp_path)
    assert ended.returncode == code, ended.stdout + ended.stderr
    assert said in ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr
    lines = [json.loads(line) for line in (tmp_path / "f.jsonl").read_text().splitlines()]
    for line in lines:
        jsonschema.validate(line, SCHEMA)
    assert [line["type"] for line in lines] == ["run", "end"]
    assert lines[-1]["green"] is False
    assert read_findings(tmp_path / "f.jsonl").complete
    assert "no check was carried out, so nothing is proved" in ended.stdout
    assert "no check was carried out" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_a_suite_without_checks_hears_nothing_of_it(tmp_path: Path) -> None:
    """Where nothing was asked for, nothing is written but one sentence, and other tests decide."""
    ended = run_suite("-k", "no_test_has_this_name", cwd=tmp_path)
    assert ended.returncode == 5
    assert "RED" not in ended.stdout
    assert ended.stderr.startswith("ERROR: nothing was judged")
    assert list(tmp_path.iterdir()) == []
