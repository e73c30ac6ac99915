"""`id-isolation init` writes a skeleton that runs, and says what is left to fill in."""

from __future__ import annotations

import ast
import sys
from importlib import import_module
from pathlib import Path

import pytest

from id_isolation.cli.main import main
from id_isolation.drivers.adapter import faults_of_shape


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
