"""The data of a web application: what it says is taken apart, and what it says wrongly is told with its line."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from id_isolation.backend.protocol import UsageError
from id_isolation.drivers.web_app import AppData, Place, Request, WebApp, at_path, filled
from id_isolation.drivers.web_data import described, from_toml
from id_isolation.drivers.web_requests import Answer

GOOD = """\
asgi = "application:app"
log_in = 'POST /login {"name": "{user}"} -> access_token'
socket = "/ws"
start = '{"text": "{canary}", "thread": "{thread}"}'
events = ["started", "token*", "note?", "done"]
users = ["ana", "bo"]
"""


def read(tmp_path: Path, text: str) -> AppData:
    file = tmp_path / "app.toml"
    file.write_text(text, "utf-8")
    return from_toml(file)


def test_a_file_and_a_class_say_the_same(tmp_path: Path) -> None:
    """The names of a TOML file are the attributes of a class."""

    class App(WebApp):
        asgi = "application:app"
        log_in = 'POST /login {"name": "{user}"} -> access_token'
        socket = "/ws"
        start = '{"text": "{canary}", "thread": "{thread}"}'
        events = ("started", "token*", "note?", "done")
        users = ("ana", "bo")

    one, other = read(tmp_path, GOOD), described(App, "mine:App", tmp_path)
    assert (one.log_in, one.message, one.events, one.users) == (other.log_in, other.message, other.events, other.users)


@pytest.mark.parametrize(
    ("line", "number", "told"),
    [
        ('evnts = ["a"]', 7, "did you mean events?"),
        ("workers = 0", 7, "workers"),
        ('workers = "two"', 7, "not a whole number"),
        ('who_am_i = "GET /me"', 7, "-> name"),
        ('who_am_i = "FETCH /me -> name"', 7, "no request"),
        ('log_out = "POST /out {nobody}"', 7, "no JSON"),
        ('reads = ["GET /threads/{thraed}"]', 7, "did you mean {thread}"),
        ('state = "application"', 7, "import path"),
        ('url = "http://127.0.0.1:1"', 0, "asgi and url"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(line: str, number: int, told: str, tmp_path: Path) -> None:
    """One sentence names the file, the line and what to write."""
    with pytest.raises(UsageError) as error:
        read(tmp_path, f"{GOOD}{line}\n")
    assert told in str(error.value)
    assert f"line {number}" in str(error.value) or not number


@pytest.mark.parametrize("text", ["", "asgi = ", 'socket = "/ws"', 'command = "serve"', 'url = "localhost"'])
def test_a_file_that_starts_nothing_is_refused(text: str, tmp_path: Path) -> None:
    """A file has to say one way in which the application starts."""
    with pytest.raises(UsageError):
        read(tmp_path, text)


def test_a_request_is_what_goes_over_the_wire() -> None:
    """Method, path, body and what the answer gives, by name or by the name that is usual there."""
    request = Request.read('PUT /a/{note} {"a": ["{x}"]} -> note=data.0.id, sid=cookie sid', "run")
    assert (request.method, request.path, set(request.placeholders)) == ("PUT", "/a/{note}", {"note", "x"})
    assert request.gives == {"note": Place("json", "data.0.id"), "sid": Place("cookie", "sid")}
    assert Request.read("POST /login name={user}&word=a b").form == (("name", "{user}"), ("word", "a b"))
    assert Request.read("GET /me -> header X-User", "user").gives == {"user": Place("header", "X-User")}


def test_lines_behind_a_request_are_its_headers() -> None:
    """Also behind what it gives and behind a body of several lines; a member of a body is none."""
    request = Request.read('POST /token {\n"a": 1\n} -> access_token\nAuthorization: Basic {basic}\nX-A: b', "token")
    assert dict(request.headers) == {"Authorization": "Basic {basic}", "X-A": "b"}
    assert (request.body, request.gives) == ({"a": 1}, {"token": Place("json", "access_token")})
    assert request.asks_for_a_password


def test_a_page_gives_what_a_pattern_finds() -> None:
    """For whom an application answers with pages: the group of a regular expression, as a browser shows it."""
    request = Request.read(r"GET / -> post=text /(\d+)/update, user=text <b>(.*?)</b>")
    answer = Answer(200, httpx.Headers(), b"<b>O&#39;Hara</b> <a href='/17/update'>")
    assert {name: answer.given(place) for name, place in request.gives.items()} == {"post": "17", "user": "O'Hara"}
    for wrong in ("text (", "text no group", "text (two)(groups)"):
        with pytest.raises(ValueError, match=r"regular expression|one group"):
            Place.read(wrong)


def test_a_form_leads_on_to_another_page() -> None:
    """That is no refusal where something is made; a page that says no is one."""
    assert Answer(302, httpx.Headers({"location": "/"}), b"").leads_on
    assert not Answer(304, httpx.Headers(), b"").leads_on


def test_a_member_without_a_value_is_left_out() -> None:
    """A text that holds more than a placeholder stays, and so does whatever is no text."""
    body = {"a": "{x}", "b": "to {x}", "c": ["{x}", 1, None], "d": {"e": "{y}"}}
    assert filled(body, {"y": "1"}) == {"b": "to ", "c": [1, None], "d": {"e": "1"}}


def test_a_path_leads_to_a_text() -> None:
    """Numbers are texts; what is no single value is nothing."""
    data = {"a": [{"id": 7}, {"id": "x"}], "b": True, "c": {}}
    assert [at_path(data, path) for path in ("a.0.id", "a.1.id", "a.-1.id", "a.9.id", "b", "c", "a", "z.y")] == [
        *("7", "x", "x"),
        *[""] * 5,
    ]
