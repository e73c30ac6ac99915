"""Odd but right forms of real logs accuse nobody, and a leak of the same shape beside them is found."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest

from id_isolation.cli.main import main

from .service import START, write

Events = list[dict[str, Any]]


def _event(after: float, act: str, user: str = "", **known: Any) -> dict[str, Any]:
    return {"at": START + after, "act": act, **({"user": user} if user else {}), **known}


def _found(events: Events, *options: str) -> list[tuple[str, str]]:
    """Rule and ID of what the command finds."""
    with tempfile.TemporaryDirectory() as folder:
        log = write(Path(folder) / "log", events)
        main(["audit", str(log), "--opaque-ids", "--json", f"{folder}/found", *options])
        lines = [json.loads(line) for line in Path(folder, "found").read_text().splitlines()[1:]]
    return [(line["symptom"], line["ids"][0]["text"]) for line in lines]


TEAM = [
    *(_event(0, "connect", user, connection=f"c-{user}") for user in ("ana", "bea", "eve")),
    _event(1, "open", "ana", thread="t", run="r"),
    _event(1, "share", "bea", thread="t"),
    _event(2, "receive", "ana", owner="ana", run="r", thread="t", connection="c-ana"),
    _event(2, "receive", "bea", owner="ana", run="r", thread="t", connection="c-bea"),
    _event(3, "start", "bea", run="r2", thread="t", connection="c-bea"),
    _event(4, "receive", "ana", owner="bea", run="r2", thread="t", connection="c-ana"),
    _event(5, "receive", "bea", owner="ana", run="r", connection="c-bea"),
]


def test_who_was_let_into_a_thread_may_have_its_runs() -> None:
    """On a socket of theirs, and started by either; in a line that does not name the thread too."""
    assert _found(TEAM) == []
    assert len(_found([event for event in TEAM if event["act"] != "share"])) > 1
    assert _found(TEAM[::-1]) == _found(TEAM[7:] + TEAM[:7]) == []
    pattern = [event for event in TEAM if event["act"] != "share"]
    assert _found(pattern, "--shared", "thread=t") == []


def test_who_was_not_let_in_may_not() -> None:
    """Neither by a share for somebody else, nor beside those of support staff."""
    eve = _event(6, "receive", "eve", owner="ana", run="r", thread="t", connection="c-eve")
    assert _found([*TEAM, eve], "--shared", "user=support-.*") == [("foreign-connection", "c-eve")]


def test_support_staff_act_as_their_customers() -> None:
    """Within one session of theirs; two customers in one session are a leak where no staff acts."""
    events = [_event(0, "log-in", "Support-Eva", session="s")]
    events += [_event(9, "name", "Support-Eva", owner=user, session="s", thread=f"t-{user}") for user in ("ana", "bea")]
    assert _found(events, "--shared", "user=support-.*") == []
    own = _event(20, "name", "carl", session="s"), _event(21, "name", "dora", session="s")
    assert ("session-changes-user", "s") in _found([*events, *own], "--shared", "user=support-.*")


def test_a_name_in_another_case_is_the_same_user() -> None:
    """As it was typed, and as the directory has it; letters stand for both."""
    typed = [_event(0, "log-in", "Ana@Example.COM", session="s"), _event(1, "name", "ana@example.com", session="s")]
    assert _found(typed) == []
    assert _found([*typed, _event(2, "name", "bea@example.com", session="s")]) == [("session-changes-user", "s")]


def test_several_lines_may_tell_of_one_connection() -> None:
    """The gateway's and the service's, however slow the handshake; after its end the ID is free for nobody."""
    opened = [_event(0, "connect", connection="c"), _event(30, "connect", "ana", connection="c")]
    closed = _event(60, "close", "ana", connection="c")
    assert _found([*opened, closed]) == []
    assert _found([*opened, closed, _event(90, "connect", "ana", connection="c")]) == [("connection-reused", "c")]


def test_what_has_ended_may_be_named() -> None:
    """A run in the list of old ones, and a connection that a janitor clears away; what still works is a finding."""
    events = [
        _event(0, "connect", "ana", connection="c"),
        _event(1, "open", "ana", run="r", thread="t"),
        _event(2, "release", "ana", run="r"),
        _event(3, "close", "ana", connection="c"),
    ]
    looks = [_event(900, "name", "ana", run="r", connection="c"), _event(901, "read", "ana", run="r")]
    assert _found([*events, *looks]) == []
    late = _event(500, "receive", "ana", run="r", connection="c")
    assert {rule for rule, _ in _found([*events, *looks, late])} == {"used-after-end"}


def test_a_cookie_that_is_left_in_a_browser_is_no_use_of_the_session() -> None:
    """Whoever comes with it is nobody; who is somebody by it is a finding."""
    ended = [_event(0, "log-in", "ana", session="s"), _event(9, "invalidate", "ana", session="s")]
    assert _found([*ended, _event(99, "name", session="s"), _event(100, "name", "anonymous", session="s")]) == []
    used = _event(50, "name", "ana", session="s")
    assert _found([*ended, used, _event(99, "name", session="s")]) == [("used-after-end", "s")]


def test_what_was_under_way_at_a_log_out_may_come_to_its_end() -> None:
    """A run or a request that began before it; a new one is a finding, in whichever order the lines come."""
    ended = [_event(0, "log-in", "ana", session="s"), _event(20, "invalidate", "ana", session="s")]
    begun = _event(10, "start", "ana", session="s", request="q", run="r")
    stream = _event(50, "name", "ana", session="s", run="r"), _event(60, "name", "ana", session="s", request="q")
    assert _found([*stream, *ended, begun]) == []
    new = _event(70, "name", "ana", session="s", request="q2")
    assert _found([new, *stream, *ended, begun]) == [("used-after-end", "s")]


def test_sessions_are_due_only_where_the_service_says_that_they_expire() -> None:
    """Most users close the browser."""
    events = [_event(number, "log-in", "ana", session=f"s{number}") for number in range(200)]
    events += [_event(number + 9, "invalidate", "ana", session=f"s{number}") for number in range(0, 200, 4)]
    events.append(_event(90_000, "name", "ana", session="last"))
    assert _found(events) == []
    assert ("never-released", "s1") in _found([*events, _event(9000, "expire", "ana", session="s2")])


def test_a_request_goes_through_a_log_out() -> None:
    """Its last line has no user any more; another user in its place is a finding."""
    events = [_event(0, "start", "ana", request="q"), _event(1, "name", "AnonymousUser", request="q")]
    assert _found(events) == []
    assert _found([*events, _event(2, "receive", "bea", request="q")]) == [("swapped-answers", "q")]


def test_visitors_without_a_name_are_pooled_only_where_something_is_kept_under_it() -> None:
    """A line that says of two sessions that nobody is logged in shows nothing."""
    lines = [_event(number, "name", "anonymous", session=f"s{number}") for number in range(2)]
    assert _found(lines) == []
    sockets = [_event(number, "connect", "unknown", connection=f"c{number}") for number in range(2)]
    assert [rule for rule, _ in _found([*lines, *sockets])] == ["pooled"]


@pytest.mark.parametrize("act", ["read", "write", "continue", "stream", "name"])
def test_every_way_to_act_on_what_another_has_is_seen(act: str) -> None:
    """Whatever the service calls it."""
    events = [_event(0, "open", "ana", thread="t", run="r"), _event(9, act, "bea", thread="t")]
    assert _found(events) == [("used-by-another", "t")]


def test_one_in_nine_of_sixty_sockets_is_more_than_a_log_loses() -> None:
    """Seven of sixty, where one in fifty may be lost; two of sixty are not."""

    def left(many: int) -> Events:
        opened = [_event(number, "connect", "ana", connection=f"c{number}") for number in range(60)]
        closed = [_event(number + 9, "close", "ana", connection=f"c{number}") for number in range(60 - many)]
        return [*opened, *closed, _event(90_000, "name", "ana", session="s")]

    assert {rule for rule, _ in _found(left(7))} == {"never-released"}
    assert _found(left(2)) == []
