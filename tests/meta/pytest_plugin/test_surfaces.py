"""A test takes one surface and calls one check; what is wrong with it ends the run in one sentence.

A finding that another check's history shows fails the verdict that it belongs to, or is listed where none is due.
"""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from .runs import run_pytest, run_suite

HEAD = """
import pytest
from id_isolation.checks.c1_correlation import c1
from id_isolation.checks.c2_cleanup_by_run import c2
from id_isolation.checks.s3_mints_elsewhere import s3
"""
SLOW = pytest.mark.slow
GLUE = ("-p", "id_isolation.pytest_plugin", "-p", "no:cacheprovider", "-q")
# Every verdict of C1 on the dispatcher says that its history shows a finding of another check too.
SEEN = """
import os
from dataclasses import replace
from id_isolation.checks.check import check_of
from id_isolation.history.finding import Finding
from id_isolation.judging.client import Judge
from id_isolation.plan.kinds import Surface

owner, surface = os.environ["OWNER"].split()
told = check_of(owner)
said = ("Something stayed behind.", ("seen",), told.impact, told.fix, told.severity)
found = Finding(owner, Surface(surface), told.symptoms[0], *said)
given = Judge.verdict

def verdict(self, check, on):
    made = given(self, check, on)
    return replace(made, besides=(found,)) if (check, on) == ("C1", Surface.DISPATCHER) else made

Judge.verdict = verdict
"""


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("def test_x(auth): pass", "test_x takes the surface auth and calls no check, such as c1(auth)."),
        pytest.param(
            "def test_x(dispatcher): c1(dispatcher); c2(dispatcher)", "test_x calls the checks C1 and C2", marks=SLOW
        ),
        pytest.param("def test_x(tree): c2(tree)", "test_x: C2 does not judge tree; it judges gen", marks=SLOW),
        pytest.param("def test_x(auth, tree): s3(tree)", "test_x takes the surfaces auth and tree", marks=SLOW),
    ],
)
def test_a_test_that_cannot_be_meant_is_one_sentence(body: str, said: str, tmp_path: Path) -> None:
    """With its name, so that it is found and mended; nothing is judged."""
    (tmp_path / "test_x.py").write_text(f"{HEAD}\n{body}\n")
    ended = run_pytest(*GLUE, cwd=tmp_path, ID_ISOLATION_BACKEND="hardened")
    assert ended.returncode == 4, ended.stdout + ended.stderr
    assert f"ERROR: test_x.py::{said}" in ended.stderr


def test_a_check_may_be_called_from_a_method_and_a_parametrized_test(tmp_path: Path) -> None:
    """They are ordinary tests."""
    body = "class TestIt:\n    @pytest.mark.parametrize('n', [1])\n    def test_x(self, n, dispatcher): c1(dispatcher)"
    (tmp_path / "test_x.py").write_text(HEAD + body)
    ended = run_pytest(*GLUE, cwd=tmp_path, ID_ISOLATION_BACKEND="hardened")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "GREEN for" in ended.stdout


FILES = ("--findings", "f.jsonl", "--report", "r.html", "--sarif", "s.sarif", "--junitxml", "j.xml")


@pytest.mark.parametrize(
    ("owner", "chosen", "code", "said"),
    [
        pytest.param("C2 dispatcher", "token or cleanup_by_run", 1, "C2 FAIL", id="judged-here"),
        pytest.param("C5 dispatcher", "token or cleanup_by_run", 1, "1 finding seen", id="not-judged", marks=SLOW),
        pytest.param("A1 auth", "token or cleanup_by_run", 0, "so it is only listed", id="another-phase"),
    ],
)
def test_a_finding_of_another_check_is_told_where_it_belongs(
    owner: str, chosen: str, code: int, said: str, tmp_path: Path
) -> None:
    """The terminal, the page, the findings file and JUnit's file agree."""
    (tmp_path / "seen.py").write_text(SEEN)
    narrowed = ("--category", "integration", "-k", f"multi_user and ({chosen})", "--backend", "hardened")
    ended = run_suite(*narrowed, *FILES, "-p", "seen", cwd=tmp_path, OWNER=owner, PYTHONPATH=str(tmp_path))
    assert ended.returncode == code, ended.stdout + ended.stderr
    assert said in " ".join(ended.stdout.split())
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "Something stayed behind." in page
    assert f'class="stamp {"bad" if code else "good"}"' in page
    assert json.loads((tmp_path / "f.jsonl").read_text().splitlines()[-1])["green"] is (code == 0)
    suite = ElementTree.parse(tmp_path / "j.xml").getroot().find("testsuite")
    assert suite is not None
    assert int(suite.attrib["failures"]) == code
