"""Names mean an ID by their last word, and a kind by their last telling word."""

from __future__ import annotations

import pytest

from id_isolation.scan.vocabulary.naming import KINDS, is_id_name, kind_of_name, prefix_word, words


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("session_id", ("session", "id")),
        ("sessionId", ("session", "id")),
        ("SessionID", ("session", "id")),
        ("HTTPRequestId", ("http", "request", "id")),
        ("SESSION_ID", ("session", "id")),
        ("run2id", ("run", "id")),
        ("_", ()),
    ],
)
def test_a_name_falls_into_words_in_any_case(name: str, parts: tuple[str, ...]) -> None:
    """Snake, camel, capitals."""
    assert words(name) == parts


@pytest.mark.parametrize(
    "name",
    ["id", "session_id", "sessionId", "ids", "user_uuid", "sid", "request_id_str", "id_hex", "run_id_short", "ident"],
)
def test_a_name_that_ends_in_an_id_word_is_an_ids(name: str) -> None:
    """A form after it does not change that."""
    assert is_id_name(name)


@pytest.mark.parametrize(
    "name", ["identity", "valid", "idle", "delete_by_id", "load_from_ids", "id_count", "text", "", "grid", "_"]
)
def test_a_name_that_takes_an_id_or_only_looks_like_one_is_none(name: str) -> None:
    """`by_id` is given one, `grid` and `valid` are other words, a bare form says nothing."""
    assert not is_id_name(name)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("session_id", "session"),
        ("sid", "session"),
        ("conversation_id", "thread"),
        ("execution_id", "run"),
        ("correlation_id", "request"),
        ("ws_id", "connection"),
        ("client_id", "client"),
        ("account_id", "user"),
        ("msg_id", "message"),
        ("job_id", "other"),
        ("user_session_id", "session"),
        ("session_user_id", "user"),
        ("sessional", "other"),
    ],
)
def test_the_last_telling_word_gives_the_kind(name: str, kind: str) -> None:
    """The words before it say whose."""
    assert kind_of_name(name) == kind
    assert kind in KINDS


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("session_", "session"),
        ("my session:", "session"),
        ("RUN-", "run"),
        ("a_run_", "run"),
        ("job__", "job"),
        ("session", ""),
        ("session_x", ""),
        ("login_", ""),
        ("chat_", ""),
        ("obsession_", ""),
        ("", ""),
    ],
)
def test_a_prefix_is_the_whole_word_right_before_the_joint(text: str, word: str) -> None:
    """Without a joint, with something after it, or as a part of another word it is none."""
    assert prefix_word(text) == word
