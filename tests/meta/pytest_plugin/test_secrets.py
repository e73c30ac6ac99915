"""No output of a whole strict run holds a token, a secret or a canary, whatever the backend prints and raises."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from id_isolation.embedded import compose
from id_isolation.embedded.layer import AUTH, Edit, Layer

from . import secrets_told
from .runs import run_suite

TOY = Path(__file__).parents[2] / "examples" / "toy"
STOP = "    token_hash = _token_key(token)\n    validation ="
PRINTS = """    token_hash = _token_key(token)
    print('validating', token)
    logger.error('token %s', token)
    validation ="""
RAISES = """    token_hash = _token_key(token)
    print('validating', token)
    if token:
        raise RuntimeError('cannot validate ' + token)
    validation ="""
TOY_THAT_BREAKS = """
    async def connect(self, token):
        import os
        print("connecting", token, flush=True)
        user = (await self.log_in(token))["user"]
        if user.endswith("conform"):
            return self.new_id("line"), user
        if len(self.tokens) > 2:
            os._exit(3)
        raise RuntimeError("cannot connect " + token)
"""


def files(out: Path, name: str) -> tuple[str, ...]:
    """The options for everything that a run can write."""
    return (
        *(f"--findings={out}/{name}.jsonl", f"--report={out}/{name}.html", f"--junitxml={out}/{name}.xml"),
        *(f"--sarif={out}/{name}.sarif", "--github"),
    )


def judged(out: Path, name: str, backend: str, *more: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """One run with all that it can write, its terminal and step summary among them, under this name in `out`."""
    given: dict[str, Any] = {"GITHUB_STEP_SUMMARY": str(out / f"{name}.md"), **variables}
    ended = run_suite("--backend", backend, "--level", "strict", *files(out, name), *more, **given)
    (out / f"{name}.txt").write_text(ended.stdout + ended.stderr)
    return ended


def compared(out: Path, before: str, after: str, **variables: str) -> None:
    command = ("compare", f"{out}/{before}.jsonl", f"{out}/{after}.jsonl", "--html", f"{out}/compared.html")
    ended = subprocess.run(
        [sys.executable, "-m", "id_isolation.cli.main", *command], capture_output=True, text=True, check=False
    )
    (out / "compared.txt").write_text(ended.stdout + ended.stderr)


def checkout(folder: Path, name: str, base: str, instead: str) -> str:
    layer = Layer("blabbing", (Edit(AUTH, STOP, instead),))
    return str(compose.write(base, folder / name, [layer]))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("services", [(), ("--real-services", "2")], ids=["one-process", "real-services"])
def test_no_output_of_a_whole_strict_run_holds_a_secret(services: tuple[str, ...], out: Path, tmp_path: Path) -> None:
    """Sockets included; before and after are held against each other, and that page is looked through as well."""
    listening = secrets_told.opened(tmp_path)
    before = judged(out, "before", checkout(tmp_path, "legacy", "legacy", PRINTS), "-v", *services, **listening)
    after = judged(out, "after", checkout(tmp_path, "after", "remediated", PRINTS), *services, **listening)
    assert (before.returncode, after.returncode) == (1, 1)
    assert "FAIL" in before.stdout
    compared(out, "before", "after")
    assert len(list(out.iterdir())) == 2 * 6 + 2
    secrets = secrets_told.told(tmp_path)
    assert len(secrets) > 500, "the run drew too few secrets for this to prove anything"
    assert secrets_told.leaks(secrets, out) == {}


@pytest.mark.slow
@pytest.mark.parametrize("leaking", [False, True], ids=["sound", "planted"])
def test_tokens_in_what_a_backend_raises_are_taken_out(leaking: bool, out: Path, tmp_path: Path) -> None:
    """Every check that logs in ends with a token in its reason; without what takes it out, this test sees it."""
    listening = secrets_told.opened(tmp_path, leaking=leaking)
    broken = checkout(tmp_path, "legacy", "legacy", RAISES)
    assert judged(out, "broken", broken, "-v", "--effort", "0.2", **listening).returncode == 1
    compared(out, "broken", "broken")
    leaks = secrets_told.leaks(secrets_told.told(tmp_path), out)
    assert "cannot validate" in (out / "broken.txt").read_text()
    # SARIF has the findings with a place, and no check has a token there.
    wanted = {"broken.txt", "broken.jsonl", "broken.html", "broken.xml", "broken.md"}
    assert wanted.issubset(leaks) if leaking else leaks == {}


@pytest.mark.slow
@pytest.mark.parametrize("leaking", [False, True], ids=["sound", "planted"])
def test_tokens_of_an_adapter_are_taken_out_too(leaking: bool, out: Path, tmp_path: Path) -> None:
    """They look like nothing that the suite knows, and the process that was issued them is gone when it is told."""
    listening = secrets_told.opened(tmp_path, leaking=leaking)
    for name in ("adapter.py", "chat.py"):
        shutil.copy(TOY / name, tmp_path)
    with (tmp_path / "chat.py").open("a") as file:
        file.write(TOY_THAT_BREAKS)
    ended = judged(out, "toy", "adapter:ToyBackend", "-v", "--effort", "0.2", **listening)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    text = (out / "toy.txt").read_text()
    assert "cannot connect" in text
    assert "connecting" in text
    assert "exit code 3" in text
    leaks = secrets_told.leaks(secrets_told.told(tmp_path), out)
    assert {"toy.txt", "toy.jsonl", "toy.html"}.issubset(leaks) if leaking else leaks == {}


@pytest.mark.parametrize(
    "backend",
    [
        pytest.param("leaking:backend", id="exception"),
        pytest.param("ws://ana:hunter2hunter@127.0.0.1:1/ws?token=zzzzqqqq1234", id="address", marks=pytest.mark.slow),
    ],
)
def test_no_output_holds_a_credential_of_a_backend_that_cannot_be_used(backend: str, out: Path, tmp_path: Path) -> None:
    """Neither what its exception says, nor what its address or the environment holds."""
    (tmp_path / "leaking.py").write_text(
        "import os\n"
        "def backend():\n"
        "    raise OSError('postgres://ana:hunter2hunter@db?token=zzzzqqqq1234 with ' + os.environ['API_TOKEN'])\n"
    )
    (tmp_path / "tokens.json").write_text('{"kira.moreno": "tokenvalueabc1", "osei.tanaka": "tokenvalueabc2"}')
    more = () if backend == "leaking:backend" else (f"--staging-tokens={tmp_path / 'tokens.json'}",)
    ended = judged(out, "run", backend, *more, PYTHONPATH=str(tmp_path), API_TOKEN="supersecretvalue1")
    assert ended.returncode != 0
    secrets = ("hunter2hunter", "zzzzqqqq1234", "supersecretvalue1", "tokenvalueabc1")
    told = {file.name: file.read_text("utf-8", "replace") for file in out.iterdir()}
    assert "run.txt" in told
    assert [(name, one) for name, text in told.items() for one in secrets if one in text] == []
