"""Redaction: what is remembered, or looks like a token, leaves no trace."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from id_isolation.history import redaction
from id_isolation.history.finding import Verdict
from id_isolation.plan.kinds import Level, Surface

from ..reports import samples


@pytest.fixture(autouse=True)
def _own_secrets() -> Iterator[None]:
    redaction.forget_all()
    yield
    redaction.forget_all()


def test_a_remembered_secret_is_replaced_by_its_label() -> None:
    """In texts, lists, tuples, dict values and dict keys."""
    redaction.remember("s3cr3t-value", "token of bruno")
    value = {"s3cr3t-value": ["a s3cr3t-value b", ("s3cr3t-value",)], "n": 3, "none": None}
    assert redaction.scrub(value) == {
        "[token of bruno]": ["a [token of bruno] b", ["[token of bruno]"]],
        "n": 3,
        "none": None,
    }


def test_a_secret_that_holds_another_goes_as_a_whole() -> None:
    """The longer one is taken first."""
    redaction.remember("secret", "short")
    redaction.remember("secret-and-more", "long")
    assert redaction.scrub_text("x secret-and-more y secret") == "x [long] y [short]"


def test_thousands_of_secrets_cost_a_text_no_more_than_a_few() -> None:
    """Tokens that begin alike, as many as a large staging system has; what stays out of a text is not looked for."""
    tokens = [f"staging-token-{number:05}-{number * 7919 % 100_003:06}" for number in range(5_000)]
    texts = [f"user {number} shows {tokens[number]} and nothing else; " + "x y z, " * 40 for number in range(100)]

    def seconds(remembered: list[str]) -> float:
        redaction.forget_all()
        for token in remembered:
            redaction.remember(token, "token")
        began = time.process_time()
        scrubbed = [redaction.scrub_text(text) for text in texts]
        assert all(f"user {number} shows [token] and" in text for number, text in enumerate(scrubbed))
        return time.process_time() - began

    few = min(seconds(tokens[:100]) for _ in range(3))
    assert min(seconds(tokens) for _ in range(3)) < 5 * few


@pytest.mark.parametrize(
    "text",
    [
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl",
        "Bearer abcdefgh12345678",
        "jwt.abcdefgh12345678abcd",
        "tok.abcdefgh-12345678_abcd",
        "canary.0123456789abcdef0123456789abcdef.7",
    ],
)
def test_what_looks_like_a_token_goes_unannounced(text: str) -> None:
    """A JSON Web Token, a bearer header, a token subprotocol, and the suite's own tokens and canaries."""
    scrubbed = redaction.scrub_text(f"before {text} after")
    assert text not in scrubbed
    assert "[token]" in scrubbed
    assert scrubbed.startswith("before ")
    assert scrubbed.endswith(" after")


def test_ids_and_source_stay_as_they_are() -> None:
    """Evidence is not mistaken for a secret."""
    for text in (samples.SESSION_CALL, *(shown.text for shown in samples.SESSION_IDS + samples.CONTEXT_IDS)):
        assert redaction.scrub_text(text) == text


def test_a_secret_too_short_to_be_one_is_refused() -> None:
    """Taking out `a` would take out everything."""
    with pytest.raises(ValueError, match="fewer than 6 characters"):
        redaction.remember("a")


def test_a_verdict_is_scrubbed_whole() -> None:
    """Reason, noise and findings lose the secret; all else is equal."""
    redaction.remember(samples.SECRET, "canary")
    leak = samples.finding("E1", Surface.WEBSOCKET, "foreign", samples.SECRET, evidence=(samples.SECRET,))
    (failed,) = [v for v in samples.run("x", Level.PLAN, [leak]).verdicts if v.findings]
    scrubbed = Verdict.from_json(redaction.scrub(failed.to_json()))
    assert samples.SECRET not in repr(scrubbed)
    assert scrubbed.findings[0].problem == "[canary]"
    assert scrubbed.check == "E1"


def test_another_process_learns_what_was_told_and_leaves_out_a_torn_line(tmp_path: Path) -> None:
    """A process may be killed in the middle of telling."""
    with (tmp_path / "told").open("w+b", buffering=0) as file:
        redaction.tell(file)
        redaction.remember("first-secret\nof two lines", "token")
        redaction.tell(None)
        redaction.remember("never-told")
        file.write(b'["torn-secret')
        redaction.forget_all()
        redaction.learn(file)
    assert redaction.scrub_text("first-secret\nof two lines, never-told, torn-secret") == (
        "[token], never-told, torn-secret"
    )


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("GET /ws?room=1&access_token=zzzzqqqq1234&x=2", "GET /ws?room=1&access_token=[token]&x=2"),
        ("postgres://ana:hunter2@db/main", "postgres://[token]@db/main"),
        ("Cookie: sid=abcd1234efgh; a=1", "Cookie: sid=[token]; a=1"),
        ("Authorization: Basic QWxhZGRpbjpvcGVu", "Authorization: Basic [token]"),
        ("login failed for password=hunter2hunter", "login failed for password=[token]"),
    ],
)
def test_what_stands_where_credentials_stand_goes_unannounced(text: str, left: str) -> None:
    """In an address, its query, a header, a password's own form; the rest of the text stays."""
    assert redaction.scrub_text(text) == left


def test_a_text_of_somebody_else_holds_nothing_that_is_called_a_secret() -> None:
    """What is only called, as in a line of source, stays."""
    assert redaction.scrub_foreign("client_secret: 'abcd1234', key 5") == "client_secret: '[secret]', key 5"
    source = "session_token = secrets.token_hex(16)"
    assert redaction.scrub_foreign(source) == source


def test_variables_that_are_named_like_secrets_are_remembered() -> None:
    """From eight characters on, each by its name."""
    redaction.remember_variables({"API_TOKEN": "supersecret1", "DB_PASSWORD": "short", "HOME": "/home/somebody"})
    assert redaction.scrub_text("supersecret1 short /home/somebody") == "[API_TOKEN] short /home/somebody"
