"""Another repository judges itself by this one's pre-commit hook and by its action."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from id_isolation.timing import units

ROOT = Path(__file__).parents[3]
ACTION = ROOT / ".github/actions/id-isolation/action.yml"
RAW = "import uuid\n\n\ndef start(user_id: str) -> str:\n    session_id = str(uuid.uuid4())\n    return session_id\n"
SOUND = "def start(user_id: str) -> str:\n    return user_id.upper()\n"

pytestmark = pytest.mark.slow


def _run(*command: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTEST", "ID_ISOLATION"))
    }
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    return subprocess.run(
        command, cwd=cwd, env={**kept, "PATH": path, **variables}, capture_output=True, text=True, timeout=units(240)
    )


def _repository(folder: Path, files: dict[str, str]) -> Path:
    """A new git repository with these files, committed."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    author = ("-c", "user.name=test", "-c", "user.email=test@example.org")
    for command in (("init", "-q"), ("add", "-A"), (*author, "commit", "-q", "-m", "First")):
        ended = _run("git", *command, cwd=folder)
        assert ended.returncode == 0, ended.stderr
    return folder


@pytest.mark.parametrize(("text", "code"), [(RAW, 1), (SOUND, 0)], ids=["raw", "sound"])
def test_hook_tells_raw_ids(tmp_path: Path, text: str, code: int) -> None:
    """The hook is red on a tree that mints a raw ID, naming its place, and green on one that does not."""
    hooks = _repository(tmp_path / "hooks", {".pre-commit-hooks.yaml": (ROOT / ".pre-commit-hooks.yaml").read_text()})
    revision = _run("git", "rev-parse", "HEAD", cwd=hooks).stdout.strip()
    # The suite that is installed here is the one that runs: nothing is fetched.
    chosen = {"id": "id-isolation-scan", "language": "system"}
    config = yaml.safe_dump({"repos": [{"repo": str(hooks), "rev": revision, "hooks": [chosen]}]})
    other = _repository(tmp_path / "other", {"service.py": text, ".pre-commit-config.yaml": config})
    command = (sys.executable, "-m", "pre_commit", "run", "--all-files")
    ended = _run(*command, cwd=other, PRE_COMMIT_HOME=str(tmp_path / "cache"))
    assert ended.returncode == code, ended.stdout + ended.stderr
    assert bool(re.search(r"service\.py\s+5:", ended.stdout)) == bool(code), ended.stdout


@pytest.mark.parametrize(("backend", "code"), [("legacy", 1), ("remediated", 0)])
def test_action_leaves_report_and_sarif(tmp_path: Path, backend: str, code: int) -> None:
    """The action's own steps, run in another repository, leave report and SARIF file, and fail where the run is red."""
    action = yaml.safe_load(ACTION.read_text())
    inputs = {name: entry["default"] for name, entry in action["inputs"].items()} | {"backend": backend}
    other = _repository(tmp_path / "other", {"service.py": SOUND})
    (judge,) = (step for step in action["runs"]["steps"] if step["name"] == "Judge")
    variables = {name: _filled(value, inputs) for name, value in judge["env"].items()}
    # As GitHub runs `shell: bash`.
    ended = _run("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", judge["run"], cwd=other, **variables)
    assert ended.returncode == code, ended.stdout[-2000:] + ended.stderr[-2000:]
    outputs = {name: other / _filled(entry["value"], inputs) for name, entry in action["outputs"].items()}
    assert "<html" in outputs["report"].read_text()
    runs = json.loads(outputs["sarif"].read_text())["runs"]
    assert bool(any(run["results"] for run in runs)) == bool(code)
    (upload,) = (step for step in action["runs"]["steps"] if "upload-sarif" in step.get("uses", ""))
    assert other / _filled(upload["with"]["sarif_file"], inputs) == outputs["sarif"]


def _filled(text: str, inputs: dict[str, str]) -> str:
    return re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda found: inputs[found[1]], text)
