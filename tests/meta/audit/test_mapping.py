"""Other people's logs: the ready mappings, one's own, and what is said where a line cannot be read."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from id_isolation.audit.mapping import LineMapping, load_mapping
from id_isolation.audit.reading import seconds
from id_isolation.backend.protocol import UsageError

pytestmark = pytest.mark.quick


def _rows(mapping: str | LineMapping, *lines: str) -> list[Any]:
    loaded = load_mapping(mapping) if isinstance(mapping, str) else mapping
    return [row for line in lines for row in loaded.rows(line.encode() + b"\n", "")]


def _span(name: str, **attributes: str) -> str:
    pairs = [{"key": key.replace("__", "."), "value": {"stringValue": value}} for key, value in attributes.items()]
    span = {"name": name, "startTimeUnixNano": "1764547200000000000", "attributes": pairs}
    pod = {"attributes": [{"key": "k8s.pod.name", "value": {"stringValue": "pod-1"}}]}
    return json.dumps({"resourceSpans": [{"resource": pod, "scopeSpans": [{"spans": [span]}]}]})


def test_spans() -> None:
    """OTLP JSON, with user and session from the attributes, and the pod from the resource."""
    (row,) = _rows("otel", _span("POST /log-in", enduser__id="ana", session__id="s1"))
    assert (row["act"], row["user"], row["session"], row["worker"]) == ("log-in", "ana", "s1", "pod-1")


@pytest.mark.parametrize(
    ("line", "act"),
    [
        ({"event": "user logged in", "timestamp": "2025-12-01T00:00:00Z", "user_id": 7, "session_id": "s1"}, "log-in"),
        (
            {"message": "websocket connected", "asctime": "2025-12-01 00:00:00,5", "user": "a", "connection": "c"},
            "connect",
        ),
        ({"message": "websocket disconnected", "time": 1764547200.5, "user": "ana", "connection_id": "c"}, "close"),
        ({"event": "answer sent", "timestamp": "2025-12-01T00:00:00Z", "user_id": "ana", "run_id": "r"}, "name"),
        *(
            ({"event": event, "timestamp": "2025-12-01T00:00:00Z", "user": "ana", "session": "s"}, act)
            for event, act in (
                ("user_logged_in", "log-in"),
                ("Login successful", "log-in"),
                ("login", "log-in"),
                ("GET /login", "name"),
                ("login page shown", "name"),
                ("user is not logged in", "name"),
                ("POST /logout", "name"),
                ("Signed out", "invalidate"),
                ("session expired", "expire"),
                ("connected to redis", "name"),
                ("Client connected from 10.0.0.1", "connect"),
                ("disconnected from the model", "name"),
            )
        ),
    ],
)
def test_json_logs(line: dict[str, Any], act: str) -> None:
    """structlog and python-json-logger, by what their messages say."""
    (row,) = _rows("jsonlog", json.dumps(line))
    assert row["act"] == act


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ({"event": "login failed"}, "refused"),
        ({"message": "Invalid password at log-in"}, "refused"),
        ({"event": "run finished, 0 tools failed"}, "done"),
        ({"event": "answer sent", "status": 403}, "refused"),
        ({"event": "answer sent", "status_code": "502"}, "broke"),
        ({"event": "answer sent", "status": "ok"}, "done"),
    ],
)
def test_what_failed_is_nobodys_doing(line: dict[str, Any], outcome: str) -> None:
    """Who mistypes a name does not become that user."""
    (row,) = _rows("jsonlog", json.dumps({**line, "timestamp": "2025-12-01T00:00:00Z", "user": "a", "session": "s"}))
    assert row["outcome"] == outcome


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo"])
def test_a_time_without_a_zone_is_utc_wherever_it_is_read(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As text in ISO form, and by a form of one's own."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    mapping = LineMapping({"time_format": "%d.%m.%Y %H:%M", "act": "name", "fields": {"at": "t", "run": "r"}}, "mine")
    try:
        (row,) = _rows(mapping, '{"t": "01.12.2025 00:00", "r": "1"}')
        assert row["at"] == seconds("2025-12-01 00:00:00") == seconds("2025-12-01T02:00:00+02:00") == 1_764_547_200
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_thread_of_the_program_is_no_thread_of_a_conversation() -> None:
    """Its number stands in every line of one process, whosoever's request it serves."""
    logged = {"event": "answer sent", "timestamp": "2025-12-01T00:00:00Z", "user_id": "ana", "run_id": "r"}
    rows = _rows("jsonlog", *(json.dumps({**logged, "thread": thread}) for thread in (140196719102848, "thread_1")))
    rows += _rows("otel", *(_span("GET /", user__id="ana", session__id="s", thread__id=text) for text in ("848", "t1")))
    assert [row.get("thread") for row in rows] == [None, "thread_1", None, "t1"]


@pytest.mark.parametrize(
    "cookies",
    [
        "S3CRET0000",
        "S3CRET==",
        "sid=S3CRET0000",
        "theme=dark; sessionid=S3CRET0000; sidebar=open",
        "sidebar=open; JSESSIONID=S3CRET0000",
        "connect.sid=S3CRET0000; theme=dark",
    ],
)
def test_the_session_of_an_access_log_is_the_session_cookie(cookies: str) -> None:
    """And none of those that all users may have alike."""
    line = '10.0.0.1 - {} [01/Dec/2025:00:00:00 +0000] "GET / HTTP/1.1" 200 12 "-" "curl" "{}"'
    one, two = _rows("access", line.format("ana", cookies), line.format("ben", cookies.replace("S3", "S4")))
    assert one["session"] != two["session"]
    for without in ("theme=dark", "-", "sidebar=open; theme=dark"):
        (row,) = _rows("access", line.format("ana", without))
        assert row.startswith("skipped")


def test_access_logs_keep_no_cookie() -> None:
    """The session is known by a digest of its cookie, which stands nowhere."""
    line = '10.0.0.1 - ana [01/Dec/2025:00:00:00 +0000] "POST /login HTTP/1.1" 200 12 "-" "curl" "sessionid=S3CRET0000"'
    (row,) = _rows("access", line)
    assert (row["act"], row["user"]) == ("log-in", "ana")
    assert "S3CRET" not in json.dumps(row)


def test_a_text_by_a_pattern_of_ones_own() -> None:
    """Named groups are fields; the outcome may follow from another one."""
    mapping = LineMapping(
        {
            "format": "text",
            "pattern": r"(?P<time>\S+) (?P<who>\w+) (?P<verb>\w+) (?P<id>\S+) (?P<code>\d+)",
            "fields": {"at": "time", "user": "who", "run": "id"},
            "acts": [{"act": "start", "when": {"verb": "begins"}}],
            "outcomes": [{"outcome": "refused", "when": {"code": "/^4/"}}],
        },
        "mine.toml",
    )
    rows = _rows(mapping, "2025-12-01T00:00:00 ana begins r1 403", "2025-12-01T00:00:00 ana rests r1 200", "nonsense")
    assert (rows[0]["act"], rows[0]["outcome"]) == ("start", "refused")
    assert all(isinstance(row, str) for row in rows[1:])


@pytest.mark.parametrize(
    "text",
    [
        "format = 'xml'",
        "format = 'json'",
        "[fields]\nuser = 'u'",
        "[fields]\nat = 't'\ncolour = 'c'",
        "[fields]\nat = 't'\n[[acts]]\nact = 'fly'\nwhen = {a = 'b'}",
        "format = 'text'\npattern = '('\n[fields]\nat = 't'",
        "colour = 1",
        "no toml",
    ],
)
def test_a_mapping_that_cannot_be_used_says_why(tmp_path: Path, text: str) -> None:
    """In one sentence, with the file's name."""
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match=r"mine\.toml"):
        load_mapping(str(path))
