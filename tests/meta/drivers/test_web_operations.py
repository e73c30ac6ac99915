"""The requests of an application's data, as H1 to H5 make them: which there are, and what each answer is taken for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from id_isolation.backend.protocol import AskedTooOften
from id_isolation.backend.requests import Answer, Does
from id_isolation.drivers.web_app import AppData, WebApp
from id_isolation.drivers.web_data import described

pytestmark = pytest.mark.skipif(not (find_spec("httpx") and find_spec("starlette")), reason="the extras web, examples")

BASE: dict[str, Any] = {
    "asgi": "web_dialects:app",
    "log_in": 'POST /login {"name": "{user}"} -> data.0.token',
    "who_am_i": "GET /me -> id",
    "users": ["noor", "timo"],
}


def data(**said: Any) -> AppData:
    return described(type("App", (WebApp,), {**BASE, **said}), "App", Path(__file__).parent)


def known(**said: Any) -> dict[str, tuple[Does, set[str]]]:
    """What is known of each request: what it does, and the IDs that it bears."""
    from id_isolation.drivers.web_operations import WebOperations
    from id_isolation.drivers.web_wires import WebSite

    async def nothing() -> None:
        return None

    operations = WebOperations(WebSite(data(**said), "http://localhost", nothing, lambda: None)).operations
    return {str(one): (one.does, set(one.ids)) for one in operations}


def test_every_request_that_bears_an_id_is_known_by_what_it_does() -> None:
    """Who am I is read; words go on with a thread, by a request or by a message on the socket; a run is followed."""
    found = known(
        makes=["POST /notes {} -> note=id"],
        reads=["GET /users/{user}/notes/{note}"],
        writes=[
            "DELETE /notes/{note}",
            'POST /notes/{note}/lines {"text": "{canary}"}',
            'PUT /notes/{note} {"text": "{canary}"}',
        ],
        start='POST /threads/{thread}/runs {"text": "{canary}"} -> run',
        stream="GET /runs/{run}/events",
        events=["start", "stop"],
    )
    assert found == {
        "GET /me": (Does.READ, set()),
        "GET /users/{user}/notes/{note}": (Does.READ, {"user", "note"}),
        "DELETE /notes/{note}": (Does.WRITE, {"note"}),
        "PUT /notes/{note}": (Does.WRITE, {"note"}),
        "POST /notes/{note}/lines": (Does.CONTINUE, {"note"}),
        "POST /threads/{thread}/runs": (Does.CONTINUE, {"thread"}),
        "GET /runs/{run}/events": (Does.STREAM, {"run"}),
    }
    by_socket = known(socket="/ws", start='{"text": "{canary}", "thread": "{thread}"}', events=["start", "stop"])
    assert [one for one in by_socket.values() if one[0] is Does.CONTINUE] == [(Does.CONTINUE, {"thread"})]


@pytest.mark.parametrize(
    ("said", "header"),
    [
        ({}, "authorization"),
        ({"send_token": "X-Key: {token}"}, "x-key"),
        ({"send_token": "?token={token}"}, ""),
        ({"send_token": "cookie sid"}, "cookie"),
        ({"send_token": '{"token": "{token}"}'}, ""),
        ({"log_in": "POST /form name={user} -> cookie sid"}, "cookie"),
    ],
    ids=["bearer", "own header", "address", "named cookie", "first message", "cookie that was set"],
)
def test_the_header_that_holds_the_credential(said: dict[str, Any], header: str) -> None:
    """A cache tells users apart by this header, or by the address, or not at all."""
    from id_isolation.drivers.web_requests import Web

    assert Web(data(**said), "http://localhost").credential == header


Asking = Callable[..., Answer]


@pytest.fixture(scope="module")
def asking() -> Iterator[Asking]:
    """Makes one of the requests of a running application, each of which is known as a read."""
    from id_isolation.drivers.web import WebBackend

    # The life of its first user does not wait for the end of what it may read.
    backend = WebBackend(data(reads=["GET /beat?text=a"]))
    backend.web.patience = 1.0

    def ask(path: str, method: str = "GET") -> Answer:
        from id_isolation.drivers.web_operations import WebOperations

        backend.web.app = data(reads=[f"{method} {path}"])
        port = WebOperations(backend.web)

        async def once() -> Answer:
            caller = await port.arrive("noor")
            answer = await port.ask(caller, port.operations[0], {}, "canary.in-pieces")
            await backend.web.close()
            return answer

        return asyncio.run(once())

    yield ask
    backend.close()


@pytest.mark.parametrize(
    ("status", "refused"),
    [(200, False), (304, False), (302, True), (400, True), (404, True), (409, True), (423, True), (500, False)],
)
def test_what_is_a_refusal(asking: Asking, status: int, refused: bool) -> None:
    """Unchanged is none, a conflict is one."""
    answer = asking(f"/answered/{status}")
    assert (answer.status, answer.refused) == (status, refused)


def test_who_is_led_on_after_a_form_is_not_refused(asking: Asking) -> None:
    """Unless it is where one is led without credentials."""
    answer = asking("/done", "POST")
    assert (answer.status, answer.refused) == (303, False)


def test_a_stream_that_never_ends_is_left(asking: Asking) -> None:
    """What it said is known, also where it came in pieces, and so is where it can be resumed."""
    answer = asking("/beat?text={canary}")
    assert "canary.in-pieces" in answer.text
    assert answer.positions[:2] == ("beat-0", "beat-1")


def test_who_asks_too_often_asks_again(asking: Asking) -> None:
    """As often as it says; where it never stops to say so, nothing can be judged."""
    assert asking("/busy/sometimes").status == 200
    with pytest.raises(AskedTooOften, match="429"):
        asking("/busy/always")
