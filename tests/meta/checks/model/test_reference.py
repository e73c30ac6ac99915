"""The reference knows every ID's first owner, and forgets what has ended."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from id_isolation.checks.parts.model_reference import LiveRun, LogInSession, Reference, Token, is_among
from id_isolation.history.events import ShownId
from id_isolation.plan.kinds import Kind


def test_an_id_belongs_to_whoever_had_it_first() -> None:
    """Seen again, it tells so and stays."""
    reference = Reference()
    assert reference.first_seen("x", Kind.RUN, "A") is None
    assert reference.first_seen("x", Kind.THREAD, "B") == (Kind.RUN, "A")
    assert reference.first_seen("x", Kind.RUN, "C") == (Kind.RUN, "A")


def test_ids_are_shown_under_their_owners_names() -> None:
    """A letter without a name stays a letter."""
    reference = Reference()
    reference.first_seen("x", Kind.RUN, "A")
    reference.first_seen("y", Kind.CONNECTION, "Z")
    assert reference.shown({"A": "ana"}) == [ShownId("x", Kind.RUN, "ana"), ShownId("y", Kind.CONNECTION, "Z")]


def test_the_sessions_of_one_token_end_with_it() -> None:
    """By the token itself: one that looks alike keeps its own, and a session of two tokens stands for the other."""
    reference = Reference()
    first, second = Token("t", "A"), Token("t", "A")
    for session_id, tokens in {"s1": [first], "s2": [second], "s3": [first, second]}.items():
        reference.sessions[session_id] = LogInSession("A")
        for token in tokens:
            reference.sessions[session_id].give_to(token)
    reference.end_token(first)
    assert [len(session.tokens) for session in reference.sessions.values()] == [0, 1, 1]
    assert reference.sessions["s3"].tokens[0] is second
    assert [len(session.given_to) for session in reference.sessions.values()] == [1, 1, 2]


def test_a_session_is_over_when_its_record_goes_or_its_tokens_do() -> None:
    """One that is not recorded yet lives by its token, and one that outlives its token by its record."""
    reference = Reference()
    token = Token("t", "A")
    session = reference.sessions["s1"] = LogInSession("A")
    session.give_to(token)
    ended = []
    for recorded in ((), ("s1",), ()):
        reference.note_records(recorded)
        ended.append(session.ended)
    session.give_to(token)
    reference.note_records(["s1"])
    reference.end_token(token)
    reference.note_records(["s1"])
    ended.append(session.ended)
    reference.note_records([])
    assert [*ended, session.ended] == [False, False, True, False, True]


def test_a_token_is_given_a_session_once() -> None:
    """Presented again, it renews it."""
    session, token = LogInSession("A"), Token("t", "A")
    session.give_to(token)
    session.give_to(token)
    assert session.given_to == session.tokens == [token]
    assert not is_among(session.tokens, Token("t", "A"))


def _run(label: str, *, is_open: bool, superseded: bool = False, id_: str = "ws_1") -> LiveRun:
    client: Any = SimpleNamespace(open=is_open, superseded=superseded, line=SimpleNamespace(connection_id=id_))
    return LiveRun(label, None, "A", client)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("superseded", "cancelled", "heir", "may"),
    [
        (True, False, "ws_1", True),
        (False, False, "ws_1", False),
        (True, True, "ws_1", False),
        (True, False, "ws_2", False),
    ],
    ids=["come back", "not superseded", "cancelled", "another ID"],
)
def test_a_run_may_go_on_where_somebody_came_back_with_its_lines_id(
    superseded: bool, cancelled: bool, heir: str, may: bool
) -> None:
    """While that line is open, and unless its end was asked for."""
    reference = Reference()
    live, other = _run("r1", is_open=False, superseded=superseded), _run("r2", is_open=True, id_=heir)
    live.cancelled = cancelled
    reference.clients = {"c1": live.client, "c2": other.client}
    assert reference.may_go_on(live) is may
    other.client.open = False
    assert not reference.may_go_on(live)


def test_runs_whose_line_is_gone_are_over() -> None:
    """The others go on; an unknown run ends without a word."""
    reference = Reference()
    reference.runs = {"r1": _run("r1", is_open=True), "r2": _run("r2", is_open=False)}
    reference.settle()
    assert (list(reference.runs), list(reference.ended)) == (["r1"], ["r2"])
    reference.end_run("r9")
    reference.end_run("r1")
    assert (list(reference.runs), list(reference.ended)) == ([], ["r2", "r1"])
