"""An adapter that does not do what it says is told so in one sentence; an honest one goes through."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from id_isolation.backend.protocol import UsageError
from id_isolation.drivers.adapter import BackendRefused, Connection, ContextIds, Session
from id_isolation.drivers.conformance import RULES, conform
from id_isolation.drivers.spec import on_disk, open_backend, resolve
from id_isolation.timing import units

from .toy import FOLDER, ToyBackend

Method = Callable[..., Any]


async def _nothing(self: Any, *arguments: Any) -> None:
    """Does nothing at all."""


async def _same_token(self: Any, user: str) -> str:
    return "one token for everybody"


async def _somebody(self: Any, token: str) -> Session:
    return Session("somebody.else", "session-1", token)


async def _own_books(self: Any) -> list[Session]:
    return []


async def _anybody(self: Any, handshake: Any) -> Connection:
    return Connection(self.chat.new_id("line"), handshake.user)


async def _a_dict(self: Any, token: str) -> dict[str, str]:
    return {"user": "noor"}


async def _nothing_held(self: Any) -> dict[str, ContextIds]:
    return {}


async def _says_so(self: Any, user: str, run: str) -> list[str]:
    return [thing for thing, _ in self.chat.open_work.get((user, run), [])]


async def _nobody_may(self: Any, token: str) -> Session:
    raise BackendRefused("no")


async def _hangs(self: Any, *_: Any) -> None:
    await asyncio.Event().wait()


def _wrong_user(self: Any, user: str, operation: str) -> ContextIds:
    return ContextIds("somebody.else", "thread-1", "run-1", "request-1")


def _no_ids(self: Any, user: str, operation: str) -> tuple[str, str]:
    return "thread-1", "run-1"


LIES: dict[str, tuple[str, Method, str]] = {
    "one-token": ("issue", _same_token, "gave two users one token"),
    "wrong-session": ("log_in", _somebody, "gave a session of 'somebody.else'"),
    "no-session": ("log_in", _a_dict, "gave dict where a Session"),
    "own-books": ("records", _own_books, "does not show a session that was just made"),
    "no-withdrawal": ("withdraw", _nothing, "does not withdraw: the token logs in as before"),
    "connects-anybody": ("connect", _anybody, "the token opens a connection as before"),
    "no-reassignment": ("reassign", _nothing, "reassign does nothing"),
    "holds-nothing": ("held", _nothing_held, "does not show what was just registered"),
    "no-release": ("release", _nothing, "raised TypeError"),
    "says-it-released": ("release", _says_so, "and cleanup.held still shows it"),
    "wrong-context": ("mint_context", _wrong_user, "a context of 'somebody.else'"),
    "no-context": ("mint_context", _no_ids, "gave tuple where ContextIds are due"),
    "refuses": ("log_in", _nobody_may, "refuses what it has to accept"),
    "hangs": ("log_in", _hangs, "it hangs"),
    "no-coroutine": ("issue", lambda self, user: "token", "write `async def issue`"),
    "a-coroutine": ("mint", _nothing, "write `def mint`"),
    "shares-everything": ("shares", lambda self, thread, user: True, "a thread that was never made"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_told_in_one_sentence(lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each names the method and what it does."""
    monkeypatch.setenv("ID_ISOLATION_TIME_UNIT", "0.2")
    method, body, said = LIES[lie]
    liar = type("Liar", (ToyBackend,), {method: body})()
    with pytest.raises(UsageError) as raised:
        conform("liar:Liar", liar)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


async def _releases_nothing(self: Any, user: str, run: str) -> list[str]:
    return []


def test_what_the_system_does_by_itself_can_be_vouched_for() -> None:
    """A system that really leaks is judged by the checks once somebody has looked; other rules stay."""
    leaking = type("Leaking", (ToyBackend,), {"release": _releases_nothing})
    with pytest.raises(UsageError, match="put 'release' into the adapter's `vouched`"):
        conform("leaking:Leaking", leaking())
    conform("leaking:Leaking", type("Known", (leaking,), {"vouched": ["release"]})())
    lying = type("Lying", (leaking,), {"vouched": ["release", "records"], "records": _own_books})
    with pytest.raises(UsageError, match="does not show a session that was just made"):
        conform("lying:Lying", lying())


def test_the_adapters_own_books_do_not_pass_for_a_remote_system() -> None:
    """What another process stored has to show, where an adapter says that its system is remote."""
    with pytest.raises(UsageError, match="the adapter's own books"):
        conform("claims:Claims", type("Claims", (ToyBackend,), {"remote": True})())


def test_a_remote_system_has_to_say_so(tmp_path: Path) -> None:
    """What one process stores and another sees is not in this process, and neither is its clock."""
    store = tmp_path / "sessions"
    store.write_text("")

    async def log_in(self: Any, token: str) -> Session:
        session: Session = await ToyBackend.log_in(self, token)
        with store.open("a") as stream:
            stream.write(f"{session.user} {session.session_id}\n")
        return session

    async def records(self: Any) -> list[Session]:
        return [Session(*line.split()) for line in store.read_text().splitlines()]

    filed = type("Filed", (ToyBackend,), {"log_in": log_in, "records": records})
    with pytest.raises(UsageError, match="set `remote = True`"):
        conform("filed:Filed", filed())
    conform("filed:Filed", type("Remote", (filed,), {"remote": True})())


def test_the_check_leaves_nothing_in_what_is_judged() -> None:
    """It works on copies of the process."""
    backend = ToyBackend()
    conform("adapter:ToyBackend", backend)
    assert (backend.chat.tokens, backend.chat.sessions, backend.chat.open_work, backend.chat._count) == ({}, {}, {}, 0)


@pytest.mark.parametrize("spec", ["legacy", "remediated", "hardened"])
def test_no_rule_looks_for_a_weakness_of_the_system(spec: str) -> None:
    """Even the code as it was before the plan goes through: what is wrong with it is for the checks to find."""
    with on_disk(resolve(spec)) as target:
        conform(spec, open_backend(target.spec, target.root))


def test_every_rule_has_a_name_of_its_own() -> None:
    """So that one can be vouched for and no other."""
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names) >= 14


def test_a_run_through_a_lying_adapter_ends_with_code_4(tmp_path: Path) -> None:
    """Before anything is judged, in one sentence."""
    (tmp_path / "liar.py").write_text(
        f"import sys\nsys.path.insert(0, {str(FOLDER)!r})\nfrom adapter import ToyBackend\n"
        "class Liar(ToyBackend):\n    async def withdraw(self, token):\n        pass\n"
    )
    command = [sys.executable, "-m", "id_isolation.cli.main", "run", "--backend", "liar:Liar", "--category", "unit"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=units(120), check=False)
    assert ended.returncode == 4
    assert "tokens.withdraw does not withdraw" in ended.stdout + ended.stderr
    assert "passed" not in ended.stdout
