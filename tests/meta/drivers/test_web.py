"""Web applications of every dialect are driven by their data alone."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark import ParameterSet

from id_isolation.backend.protocol import BackendRefused, UsageError
from id_isolation.drivers.web_app import WebApp
from id_isolation.drivers.web_data import described

pytestmark = [
    pytest.mark.skipif(not (find_spec("httpx") and find_spec("starlette")), reason="the extras web and examples"),
]

Say = Callable[[str, str], None]

NODELAY = """
import socket, uvicorn
from id_isolation.drivers import web_door
listener = lambda: uvicorn.Config("app:app", port=0).bind_socket()
uvicorn.main = lambda: print(bool(listener().getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
web_door.serve()
"""

BASE: dict[str, Any] = {
    "asgi": "web_dialects:app",
    "log_in": 'POST /login {"name": "{user}"} -> data.0.token',
    "who_am_i": "GET /me -> id",
    "users": ["noor", "timo"],
    "run": "run",
    "events": ["start", "word*", "stop"],
}
START = '{"text": "{canary}", "thread": "{thread}"}'
SOCKET = {"socket": "/ws", "socket_token": '{"token": "{token}"}', "connected": "welcome -> connection", "run": ""}
DIALECTS: dict[str, dict[str, Any]] = {
    "JSON lines in the answer": {"start": f"POST /ask/lines {START}", "send_token": "x-key: {token}"},
    "server-sent events in the answer": {"start": f"POST /ask/sse {START}", "send_token": "?key={token}"},
    "bare events with an end in words": {
        "start": f"POST /ask/openai {START}",
        "events": ["start", "word*", "stop", "[DONE]"],
    },
    "the end of the stream": {"start": f"POST /ask/sse {START}", "events": ["start", "word*", "stop", "@end"]},
    "one answer": {"start": f"POST /ask/once {START}", "events": ["message"], "run": ""},
    "polling for events": {"start": f"POST /runs {START} -> run.id", "poll": "GET /runs/{run} -> events"},
    "polling for a bare list": {"start": f"POST /runs {START} -> run.id", "poll": "GET /runs/{run}?bare=1"},
    "polling for a status": {
        "start": f"POST /runs {START} -> run.id",
        "poll": "GET /runs/{run} -> status",
        "events": ["running?", "done"],
        "run": "",
    },
    "a stream for each run": {"start": f"POST /runs {START} -> run.id", "stream": "GET /events?run={run}"},
    "a stream for each user": {"start": f"POST /runs {START} -> run.id", "stream": "GET /events", "kind": "@event"},
    "a thread that is opened first": {
        "open_thread": "POST /threads -> thread.id",
        "start": f"POST /ask/lines {START}",
    },
    "a socket with a first message": {**SOCKET, "start": '{"text": "{canary}"}'},
    "a socket with the token in its path": {
        **SOCKET,
        "socket": "/ws/{token}",
        "socket_token": "",
        "start": '{"text": "{canary}"}',
    },
    "Socket.IO": {
        "socketio": "/socket.io",
        "socket_token": 'auth {"token": "{token}"}',
        "start": 'say {"text": "{canary}"}',
    },
    "a form with a token against forgery in a cookie": {
        "csrf": "GET /form -> cookie csrf",
        "log_in": "POST /form name={user} -> cookie sid",
    },
    "a form with a token against forgery in a field": {
        "csrf": "GET /form -> field csrf_token",
        "log_in": "POST /form name={user}&csrf_token={csrf} -> cookie sid",
    },
    "WSGI": {
        "wsgi": "web_dialects:wsgi",
        "asgi": "",
        "log_in": 'POST /login {"name": "{user}"} -> header X-Key',
        "send_token": "X-Key: {token}",
    },
    "a command that opens its own door": {
        "asgi": "",
        "command": f"{sys.executable} web_dialects.py {{port}}",
        "start": f"POST /ask/lines {START}",
        "state": "web_dialects:state",
    },
}


def opened(say: Say | None = None, /, **said: Any) -> Any:
    from id_isolation.drivers.web import WebBackend

    app = type("App", (WebApp,), {**BASE, **said})
    return WebBackend(described(app, "App", Path(__file__).parent), say)


@pytest.fixture
def ends() -> Iterator[list[Any]]:
    """What a test appends is closed at its end."""
    kept: list[Any] = []
    yield kept
    for one in kept:
        one.close()


def _quick(name: str) -> ParameterSet:
    """Each starts a server; a few stand for all where there is no time for all."""
    quick = ("JSON lines in the answer", "a socket with a first message")
    return pytest.param(name, marks=() if name in quick else pytest.mark.slow)


@pytest.mark.parametrize("name", [_quick(name) for name in DIALECTS])
def test_a_user_lives_a_life_in_every_dialect(name: str, ends: list[Any]) -> None:
    """Log-in, who one is, and a whole run; and nobody's token opens a line."""
    if name == "Socket.IO" and find_spec("socketio") is None:
        pytest.skip("python-socketio is not installed")
    backend = opened(**DIALECTS[name])
    ends.append(backend)

    async def knock() -> None:
        with pytest.raises(BackendRefused):
            await backend.web.open_line("nobody's token", "timo")
        await backend.web.close()

    if backend.site is not None:
        assert backend.web.measured.run > 0
        asyncio.run(knock())


@pytest.mark.parametrize("pattern", ["letters", "dots", "mail"])
def test_users_are_called_as_the_application_takes_names(pattern: str, ends: list[Any]) -> None:
    """Where it refuses a name with a dot: the suite's name for a user is still the one that it tells."""
    people = {"sign_up": f'POST /people/{pattern} {{"name": "{{user}}"}}', "users": ()}
    backend = opened(**people, log_in='POST /people {"name": "{user}"} -> data.0.token')
    ends.append(backend)

    async def named() -> list[str]:
        users = ["ana.silva", "ana.silvo", "ana.silva@mail.invalid"]
        sessions = [await backend.sessions.log_in(await backend.tokens.issue(user)) for user in users]
        await backend.web.close()
        assert [session.user for session in sessions] == users
        return [backend.web.called(user) for user in users]

    assert len(set(asyncio.run(named()))) == 3


@pytest.mark.parametrize(("after", "within"), [(0.3, 0.0), pytest.param(3.0, 5.0, marks=pytest.mark.slow)])
def test_a_log_out_may_take_a_moment_to_have_effect(after: float, within: float, ends: list[Any]) -> None:
    """How long shows in a calm life; more than a moment has to be said."""
    backend = opened(log_out=f"POST /out/{after}", log_out_within=within)
    ends.append(backend)
    assert backend.slowest_log_in >= after

    async def ended() -> None:
        token = await backend.tokens.issue("noor")
        await backend.tokens.withdraw(token)
        with pytest.raises(BackendRefused):
            await backend.sessions.log_in(token)
        await backend.web.close()

    asyncio.run(ended())


@pytest.mark.parametrize("says", [True, False])
def test_what_a_line_is_called_may_be_no_id_of_it(says: bool, ends: list[Any]) -> None:
    """As where it names the device: each line has a name of the suite's own then."""
    backend = opened(**{**SOCKET, "start": '{"text": "{canary}"}', "connection_ids": says})
    ends.append(backend)

    async def called() -> str:
        line, established = await backend.web.open_line(await backend.tokens.issue("noor"), "noor")
        await line.close()
        await backend.web.close()
        return str(established["connection_id"])

    assert asyncio.run(called()).startswith("line ") is not says


@pytest.mark.slow
def test_what_several_workers_hold_is_summed(ends: list[Any]) -> None:
    """Each has a door of its own, so nothing depends on which of them a connection meets."""
    nobody: dict[str, Any] = {"log_in": "", "who_am_i": "", "users": (), "events": ()}
    backend = opened(**nobody, workers=2, state="web_dialects:state")
    ends.append(backend)
    assert asyncio.run(backend.web.held()) == {"sessions": 0, "runs": 0, "workers": 2}


@pytest.mark.slow
def test_a_line_that_is_wrong_is_named(ends: list[Any]) -> None:
    """What one life shows is told with the attribute that says it."""
    for wrong, told in (
        ({"who_am_i": "GET /me -> name"}, "App.who_am_i"),
        ({"start": f"POST /ask/lines {START}", "events": ["start", "stop"], "run": "id"}, "App.run"),
        ({"start": f"POST /ask/lines {START}", "events": ["begin", "word*", "stop"]}, "App.events"),
        ({"start": f"POST /ask/lines {START}", "log_in": 'POST /logn {"name": "{user}"} -> t'}, "App.log_in"),
        ({"start": f"POST /ask/lines {START}", "log_in": 'POST /login {"name": "{user}"} -> t'}, "App.log_in"),
        ({"start": 'POST /ask/lines {"txt": "{canary}", "thread": "x"}', "kind": "knd"}, "App.kind"),
        ({"start": "POST /nowhere {}"}, "App.start"),
    ):
        with pytest.raises(UsageError, match=told):
            ends.append(opened(**wrong))


def test_where_a_request_breaks_the_application_its_exception_is_told(ends: list[Any]) -> None:
    """What a line of the data is wrong about may be seen in the server alone."""
    with pytest.raises(UsageError, match=r"App\.log_in.*KeyError: 'name' \(web_dialects\.py:\d+\)"):
        ends.append(opened(log_in='POST /login {"nme": "{user}"} -> data.0.token'))


def test_workers_of_uvicorn_answer_without_delay() -> None:
    """What its one listener says, all lines of all workers inherit."""
    pytest.importorskip("uvicorn")
    ended = subprocess.run([sys.executable, "-c", NODELAY], capture_output=True, text=True, check=True)
    assert ended.stdout == "True\n"


def test_a_dry_life_is_whole(ends: list[Any]) -> None:
    """It changes and ends what the user has, so that a line is told which not even the owner can make."""
    said: list[str] = []
    gives = {"start": f"POST /runs {START} -> run.id", "poll": "GET /runs/{run} -> events"}
    ends.append(opened(lambda did, came: said.append(f"{did} {came}"), **gives, writes=("DELETE /runs/{run}",) * 2))
    assert said[-2:] == ["DELETE /runs/{run} 204", "DELETE /runs/{run} 404"]
    with pytest.raises(UsageError, match=r"App\.writes: .*DELETE /run/\{run\} answered 404"):
        ends.append(opened(lambda did, came: None, **gives, writes=["DELETE /run/{run}"]))


async def test_an_event_of_an_unknown_run_waits_while_others_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that is busy with others tells late whose it is; where nothing comes any more, nobody will."""
    from id_isolation.drivers.web_lines import RunsOf

    monkeypatch.setenv("ID_ISOLATION_TIME_UNIT", "0.2")
    site = RunsOf(described(type("App", (WebApp,), BASE), "App", Path(__file__).parent), "http://127.0.0.1:1")
    came = asyncio.Event()
    site.hold_back("a run", came.set)
    for _ in range(60):
        site.events_seen += 1
        await asyncio.sleep(0.02)
        assert not came.is_set()
    await asyncio.wait_for(came.wait(), 10)
