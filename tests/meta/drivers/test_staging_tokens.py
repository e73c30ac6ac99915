"""Tokens for an endpoint: what is wrong with a file or a command, said without a token."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from id_isolation.backend.protocol import UsageError
from id_isolation.drivers.endpoint import staging_tokens
from id_isolation.history.redaction import scrub_text

SECRET = "very-secret-token-of-ana"


def test_tokens_come_from_a_file_or_a_command_and_are_kept_out_of_all_text(tmp_path: Path) -> None:
    """Either gives the same, and from then on no token can be written."""
    file = tmp_path / "tokens.json"
    file.write_text(json.dumps({"ana": SECRET, "ben": "another-secret-token"}))
    by_file = staging_tokens("ws://staging.invalid/ws", {"staging_tokens": str(file)})
    assert staging_tokens("ws://staging.invalid/ws", {"staging_token_command": f"cat {file}"}) == by_file
    assert by_file == {"ana": SECRET, "ben": "another-secret-token"}
    assert scrub_text(f"refused {SECRET}") == "refused [token of ana]"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is not JSON"),
        (f"{SECRET}", "is not JSON"),
        (f'["{SECRET}"]', "is not an object of user to token"),
        (f'{{"ana": ["{SECRET}"]}}', "is not an object of user to token"),
        ("{}", "holds no token"),
        ('{"ana": "abc"}', "too short"),
        (f'{{"ana": "{SECRET}\\n"}}', "no header may carry"),
        (f'{{"ana": "{SECRET}", "ben": "{SECRET}"}}', "one token to two users"),
    ],
)
def test_bad_tokens_are_one_sentence_without_a_token(text: str, sentence: str, tmp_path: Path) -> None:
    """What is wrong with the file is said; what is in it is not."""
    file = tmp_path / "tokens.json"
    file.write_text(text)
    with pytest.raises(UsageError, match=sentence) as caught:
        staging_tokens("ws://staging.invalid/ws", {"staging_tokens": str(file)})
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({}, "name a JSON file of user to token"),
        ({"staging_tokens": "/no/such/file"}, "cannot be read: No such file"),
        ({"staging_token_command": f"echo {SECRET}; exit 3"}, "ended with exit code 3"),
        ({"staging_token_command": f"echo {SECRET}"}, "is not JSON"),
    ],
)
def test_tokens_that_cannot_be_had_are_one_sentence(options: dict[str, str], sentence: str) -> None:
    """Neither the command nor what it printed is repeated."""
    with pytest.raises(UsageError, match=sentence) as caught:
        staging_tokens("ws://staging.invalid/ws", options)
    assert SECRET not in str(caught.value)
