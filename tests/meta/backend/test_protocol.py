"""The data between a backend and the checks: a handshake's token, and what makes two sessions the same."""

from __future__ import annotations

import pytest

from id_isolation.backend.protocol import Handshake, Session


@pytest.mark.parametrize(
    ("headers", "token"),
    [
        ({"authorization": "Bearer abc.d"}, "abc.d"),
        ({"authorization": "bearer  abc "}, "abc"),
        ({"authorization": "Basic abc"}, ""),
        ({"authorization": "Bearer"}, ""),
        ({"authorization": "abc"}, ""),
        ({}, ""),
        ({"sec-websocket-protocol": "jwt.abc.d"}, "abc.d"),
        ({"sec-websocket-protocol": "chat, jwt.abc"}, "abc"),
        ({"sec-websocket-protocol": "chat,jwtabc"}, ""),
        ({"sec-websocket-protocol": "jwt.one, jwt.two"}, "one"),
        ({"authorization": "Bearer one", "sec-websocket-protocol": "jwt.two"}, "one"),
        ({"authorization": "Bearer ", "sec-websocket-protocol": "jwt.two"}, "two"),
        ({"authorization": "Basic one", "sec-websocket-protocol": "jwt.two"}, "two"),
    ],
)
def test_the_token_is_in_a_bearer_header_or_else_in_a_subprotocol(headers: dict[str, str], token: str) -> None:
    """Any other scheme or subprotocol carries none."""
    assert Handshake(headers).token == token


@pytest.mark.parametrize("token", ["abc", "tok.with-some_signs~", ""])
def test_a_handshake_made_with_a_token_bears_it(token: str) -> None:
    """With the user and the ID that it is given, and none by default."""
    made = Handshake.bearing(token, "alice", "ws_1")
    assert (made.token, made.user, made.preliminary_id) == (token, "alice", "ws_1")
    assert (Handshake.bearing(token).user, Handshake.bearing(token).preliminary_id) == (None, None)


def test_sessions_are_the_same_by_user_and_id() -> None:
    """The key on record and the caller's claims are no part of it."""
    first = Session("alice", "s1", "k1", {"role": "user"})
    assert first == Session("alice", "s1", "k2")
    assert first != Session("bob", "s1", "k1", {"role": "user"})
    assert first != Session("alice", "s2", "k1", {"role": "user"})
