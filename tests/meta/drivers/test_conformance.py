"""An adapter that does not do what it says is told so in one sentence; an honest one goes through.

Each rule of the conformance check passes an honest adapter, and tells a lie in its own sentence. A site's `held` counts
a connection that was opened, and no longer counts one that was closed.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from id_isolation.backend.protocol import (
    BackendBroke,
    BackendRefused,
    Connection,
    ContextIds,
    Handshake,
    Session,
    UsageError,
)
from id_isolation.drivers import conformance
from id_isolation.drivers.conformance import RULES, USERS, Rule, conform
from id_isolation.drivers.spec import on_disk, open_backend, resolve
from id_isolation.plan.kinds import Kind
from id_isolation.power.twins.designs import OpaqueBackend
from id_isolation.timing import units

from ..bare import Bare
from .toy import FOLDER, ToyBackend

Method = Callable[..., Any]

_OWN = [rule for rule in RULES if "site" not in rule.ports]
FIRST, SECOND = USERS

RULE = {rule.name: rule for rule in RULES if "site" in rule.ports}


async def _nothing(self: Any, *arguments: Any) -> None:
    """Does nothing at all."""


async def _own_books(self: Any) -> list[Session]:
    return []


async def _nobody_may(self: Any, token: str) -> Session:
    raise BackendRefused("no")


async def _hangs(self: Any, *_: Any) -> None:
    await asyncio.Event().wait()


def _wrong_user(self: Any, user: str, operation: str) -> ContextIds:
    return ContextIds("somebody.else", "thread-1", "run-1", "request-1")


LIES: dict[str, tuple[str, Method, str]] = {
    "own-books": ("records", _own_books, "does not show a session that was just made"),
    "no-release": ("release", _nothing, "raised TypeError"),
    "wrong-context": ("mint_context", _wrong_user, "a context of 'somebody.else'"),
    "refuses": ("log_in", _nobody_may, "refuses what it has to accept"),
    "hangs": ("log_in", _hangs, "it hangs"),
    "no-coroutine": ("issue", lambda self, user: "token", "write `async def issue`"),
    "a-coroutine": ("mint", _nothing, "write `def mint`"),
}


@pytest.mark.parametrize("lie", [pytest.param(lie, marks=pytest.mark.slow if lie == "hangs" else ()) for lie in LIES])
def test_a_lie_is_told_in_one_sentence(lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each names the method and what it does."""
    if lie == "hangs":
        # Only what ends by its deadline is to have a short one.
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


@pytest.mark.slow
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
        return [Session(user, made) for user, made in map(str.split, store.read_text().splitlines())]

    filed = type("Filed", (ToyBackend,), {"log_in": log_in, "records": records})
    with pytest.raises(UsageError, match="set `remote = True`"):
        conform("filed:Filed", filed())
    conform("filed:Filed", type("Remote", (filed,), {"remote": True})())


def test_the_check_leaves_nothing_in_what_is_judged() -> None:
    """It works on copies of the process."""
    backend = ToyBackend()
    conform("adapter:ToyBackend", backend)
    assert (backend.chat.tokens, backend.chat.sessions, backend.chat.open_work, backend.chat._count) == ({}, {}, {}, 0)


@pytest.mark.parametrize("lies", [False, True])
def test_an_adapter_that_runs_a_thread_is_asked_in_processes_that_open_it_themselves(
    lies: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a thread holds at the moment of a fork nobody would let go of in the copy."""
    opened = tmp_path / "opened"
    (tmp_path / "with_a_thread.py").write_text(
        "import os, threading\n"
        f"with open({str(opened)!r}, 'a') as _stream:\n    _stream.write(f'{{os.getpid()}}\\n')\n"
        f"import sys\nsys.path.insert(0, {str(FOLDER)!r})\nfrom adapter import ToyBackend\n"
        "_lock = threading.Lock()\n_held, _end = threading.Event(), threading.Event()\n"
        "def _hold():\n    with _lock:\n        _held.set()\n        _end.wait()\n"
        "threading.Thread(target=_hold, daemon=True).start()\n_held.wait()\n"
        "def _let_go():\n    _end.set()\n    with _lock:\n        pass\n"
        "class Threaded(ToyBackend):\n    async def issue(self, user):\n"
        "        _let_go()\n        return await super().issue(user)\n"
        + ("    async def withdraw(self, token):\n        pass\n" if lies else "")
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    if lies:
        with pytest.raises(UsageError, match="does not withdraw"):
            open_backend("with_a_thread:Threaded", None)
    else:
        open_backend("with_a_thread:Threaded", None)
    assert len(set(opened.read_text().split())) > 1
    sys.modules.pop("with_a_thread")


@pytest.mark.parametrize("spec", ["legacy", "hardened"])
def test_no_rule_looks_for_a_weakness_of_the_system(spec: str) -> None:
    """Even the code as it was before the plan goes through: what is wrong with it is for the checks to find."""
    with on_disk(resolve(spec)) as target:
        conform(spec, open_backend(target.spec, target.root))


async def _cannot_be_taken_back(self: Any, *arguments: str) -> None:
    raise BackendRefused("a signed token lasts until it expires")


class _WritesLater(ToyBackend):  # type: ignore[misc]
    """A record is there 20 ms after its log-in was answered."""

    def __init__(self) -> None:
        super().__init__()
        self.since: dict[str, float] = {}

    async def log_in(self, token: str) -> Session:
        session: Session = await super().log_in(token)
        self.since.setdefault(session.session_id, time.monotonic())
        return session

    async def records(self) -> list[Session]:
        now = time.monotonic()
        return [one for one in await super().records() if now - self.since.get(one.session_id, 0) > 0.02]


@pytest.mark.parametrize(
    "honest",
    [
        type("NoneEnds", (ToyBackend,), {"withdraw": _cannot_be_taken_back}),
        type("NoneChangesHands", (ToyBackend,), {"reassign": _cannot_be_taken_back}),
        _WritesLater,
    ],
)
def test_what_a_system_refuses_or_does_a_moment_later_is_no_lie(honest: type[ToyBackend]) -> None:
    """An adapter that says so goes through."""
    conform("adapter:Honest", honest())


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


def _rule(name: str) -> Rule:
    return next(rule for rule in RULES if rule.name == name)


def _sentence(name: str, backend: Any) -> str:
    async def asked() -> str:
        return await _rule(name).broken(backend)

    return asyncio.run(asked())


def _with(**methods: Any) -> Any:
    return type("Changed", (OpaqueBackend,), methods)()


@pytest.mark.parametrize("name", [rule.name for rule in _OWN])
def test_an_honest_adapter_keeps_every_rule(name: str) -> None:
    """And twice, since nothing of the first time is left."""
    backend = OpaqueBackend()
    assert _rule(name).applies(backend)
    assert [_sentence(name, backend), _sentence(name, backend)] == ["", ""]
    assert asyncio.run(backend.held()) == {}


def test_a_rule_applies_where_all_its_ports_are_there() -> None:
    """And to nothing else."""
    log_in = _rule("log-in")
    assert not log_in.applies(Bare(tokens=object()))
    assert log_in.applies(Bare(tokens=object(), sessions=object()))


class _Tokens:
    """A service with something changed in it."""

    def __init__(self, backend: OpaqueBackend, **changed: Any) -> None:
        self.issue = changed.get("issue", backend.tokens.issue)
        self.withdraw = changed.get("withdraw", backend.tokens.withdraw)
        self.reassign = changed.get("reassign", backend.tokens.reassign)


def _tokens(**changed: Any) -> Any:
    backend: Any = OpaqueBackend()
    backend.tokens = _Tokens(backend, **changed)
    return backend


async def _blank(user: str) -> Any:
    return " "


async def _bytes(user: str) -> Any:
    return b"token"


async def _does_nothing(*_: Any) -> None: ...


async def _refuses(*_: Any) -> None:
    raise BackendRefused("not here")


async def _breaks(*_: Any) -> None:
    raise BackendBroke("no such thing")


async def _same_token(user: str) -> str:
    return "one token for everybody"


async def _somebody(self: Any, token: str) -> Session:
    return Session("somebody.else", "session-1", token)


async def _a_dict(self: Any, token: str) -> dict[str, str]:
    return {"user": "noor"}


async def _no_id(self: Any, token: str) -> Session:
    return Session(FIRST, "")


async def _wrong_owner(self: Any) -> Collection[Session]:
    return [Session(SECOND, kept.session_id) for kept in self._records.values()]


async def _no_connection_id(self: Any, handshake: Handshake) -> Connection:
    return Connection("", FIRST)


async def _other_connection(self: Any, handshake: Handshake) -> Connection:
    return Connection("ws_1", SECOND)


def _context(thread: Any = "t", user: str = FIRST) -> Any:
    return lambda self, given, operation: ContextIds(user, thread, "r", "q")


async def _held_of_another(self: Any) -> Mapping[str, ContextIds]:
    return {name: ContextIds(SECOND, c.thread, c.run, c.request) for name, c in self._held.items()}


class _HoldsAlready(OpaqueBackend):
    async def held(self) -> Mapping[str, ContextIds]:
        class Everything(dict[str, ContextIds]):
            def __contains__(self, name: object) -> bool:
                return True

        return Everything()


async def _finds_nothing(self: Any, user: str, thread: str) -> None:
    return None


async def _invalidates_nothing(self: Any, user: str) -> int:
    return 0


@pytest.mark.parametrize(
    ("name", "backend", "words"),
    [
        ("issue", _tokens(issue=_blank), "tokens.issue gave ' ', not a token's text"),
        ("issue", _tokens(issue=_bytes), "tokens.issue gave b'token', not a token's text"),
        ("issue", _tokens(issue=_same_token), "gave two users one token"),
        ("log-in", _with(log_in=_somebody), "gave a session of 'somebody.else'"),
        ("log-in", _with(log_in=_a_dict), "gave dict where a Session"),
        ("log-in", _with(log_in=_no_id), "gave Session where a Session with an ID is due"),
        ("records", _with(records=_wrong_owner), f"gives {SECOND!r} for a session of {FIRST!r}"),
        ("withdraw", _tokens(withdraw=_does_nothing), "does not withdraw: the token logs in as before"),
        ("withdraw-connection", _with(connect=_no_connection_id), "a connection without an ID"),
        ("withdraw-connection", _with(connect=_other_connection), f"a connection of {SECOND!r} for a token of"),
        ("withdraw-connection", _tokens(withdraw=_does_nothing), "the token opens a connection as before"),
        ("reassign", _tokens(reassign=_does_nothing), "the token logs its first user in; raise BackendRefused"),
        ("mint", _with(kinds=lambda self: ["session"]), "gave 'session', which is no Kind"),
        ("mint", _with(mint=lambda self, kind, user: ""), "gave '' for the kind session, where an ID's text is due"),
        ("mint", _with(mint_context=lambda *_: ("t", "r", "q")), "gave tuple where ContextIds are due"),
        ("mint", _with(mint_context=_context("")), "gave a context that lacks an ID"),
        ("mint", _with(mint_context=_context(None)), "gave a context that lacks an ID"),
        ("mint", _with(mint_context=_context(user=SECOND)), f"gave a context of {SECOND!r} for {FIRST!r}"),
        ("register", _with(register=_does_nothing), "does not show what was just registered"),
        ("register", _with(held=_held_of_another), f"gives {SECOND!r} for what was registered for {FIRST!r}"),
        ("register", _HoldsAlready(), "shows a resource before it is registered"),
        ("release", _with(release=_releases_nothing), "is held after its run was released"),
        ("store", _with(find=_finds_nothing), "stored.find gave None for a session that was stored with"),
        ("invalidate", _with(invalidate=_invalidates_nothing), "it is found as before"),
        ("shares", _with(shares=lambda self, thread, user: True), "a thread that was never made"),
    ],
)
def test_a_lie_about_a_rule_is_told_in_one_sentence(name: str, backend: Any, words: str) -> None:
    """Which says what was done and what was due."""
    assert words in _sentence(name, backend)


@pytest.mark.parametrize("way", [_refuses, _breaks])
def test_a_service_that_hands_no_token_over_says_so_and_is_honest(way: Any) -> None:
    """By a refusal or a break; nothing else is asked of it."""
    assert _sentence("reassign", _tokens(reassign=way)) == ""


def test_a_clean_up_without_anything_that_makes_a_context_is_told() -> None:
    """Its release is then not asked for."""
    bare = Bare(cleanup=OpaqueBackend())
    assert "set minting or contexts too" in _sentence("register", bare)
    assert _sentence("release", bare) == ""


def test_only_what_a_system_may_do_by_itself_can_be_vouched_for() -> None:
    """What only an adapter can get wrong cannot."""
    assert {rule.name for rule in _OWN if rule.perhaps_the_systems} == {
        *("log-in", "withdraw", "withdraw-connection", "release", "invalidate")
    }


def test_an_id_of_every_kind_is_asked_for() -> None:
    """The last one too."""
    wrong = _with(mint=lambda self, kind, user: "" if kind is Kind.MESSAGE else "id")
    assert "for the kind message" in _sentence("mint", wrong)


class Served:
    """A site that holds some connections and counts those that are opened and closed, or neither."""

    def __init__(
        self, opened: int = 1, closed: int = -1, shown: dict[str, int] | None = None, connections: int = 0
    ) -> None:
        self.connections = connections
        self.opened = opened
        self.closed = closed
        self.shown = shown

    async def held(self) -> dict[str, int] | None:
        return {"connections": self.connections} if self.shown is None else (self.shown or None)

    async def open_line(self, site: Any, token: str, user: str) -> tuple[Any, dict[str, str]]:
        self.connections += self.opened

        async def close() -> None:
            self.connections += self.closed

        return SimpleNamespace(close=close), {}


@asynccontextmanager
async def backend_of(site: Served) -> AsyncIterator[Any]:
    async def issue(user: str) -> str:
        return f"token of {user}"

    yield SimpleNamespace(site=site, tokens=SimpleNamespace(issue=issue))


@pytest.fixture
def _short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """What never happens need not be waited for."""
    monkeypatch.setattr(conformance, "_PATIENCE", 0.05)


def sentence(name: str, site: Served, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a rule says of a site."""
    monkeypatch.setattr(conformance, "open_line", site.open_line)

    async def asked() -> str:
        async with backend_of(site) as backend:
            return await RULE[name].broken(backend)

    return asyncio.run(asked())


@pytest.mark.usefixtures("_short_patience")
@pytest.mark.parametrize("name", RULE)
def test_a_site_that_counts_its_connections_keeps_the_rule(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And is left with as many as before."""
    site = Served()
    assert sentence(name, site, monkeypatch) == ""
    assert site.connections == 0


@pytest.mark.usefixtures("_short_patience")
def test_a_connection_that_is_not_counted_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With where the count belongs."""
    said = sentence("site", Served(opened=0, closed=0), monkeypatch)
    assert said.startswith("site.held does not count a connection that was just opened")


@pytest.mark.usefixtures("_short_patience")
def test_a_connection_that_is_counted_for_ever_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be the system that really forgets to."""
    assert "counts it as before" in sentence("disconnect", Served(closed=0), monkeypatch)
    assert RULE["disconnect"].perhaps_the_systems


@pytest.mark.usefixtures("_short_patience")
def test_a_connection_of_another_that_ends_meanwhile_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then fewer are held than before."""
    assert sentence("disconnect", Served(closed=-2, connections=1), monkeypatch) == ""


@pytest.mark.usefixtures("_short_patience")
def test_a_site_that_holds_something_else_is_told_what(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks ask for `connections` by that name."""
    assert sentence("site", Served(shown={"sockets": 1}), monkeypatch) == "site.held names sockets and no `connections`"


@pytest.mark.usefixtures("_short_patience")
@pytest.mark.parametrize("name", RULE)
def test_a_site_that_shows_nothing_breaks_no_rule(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks that ask are not applicable there."""
    assert sentence(name, Served(shown={}), monkeypatch) == ""


@pytest.mark.slow
def test_what_fails_only_beside_another_user_is_left_to_the_checks() -> None:
    """A cached answer that gives the next user the last one's session is the system's leak, and no lie."""

    class Caching(OpaqueBackend):
        last: Any = None

        async def log_in(self, token: str) -> Any:
            self.last = self.last or await super().log_in(token)
            return self.last

    conform("caching:Caching", Caching())
