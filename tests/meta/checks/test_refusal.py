"""An error that names the user is a refusal; a crash that merely stopped there is none."""

from __future__ import annotations

import pytest

from id_isolation.backend.protocol import BackendBroke, BackendRefused
from id_isolation.checks.parts.identity import is_clear


class _Http(Exception):
    def __init__(self, code: object) -> None:
        super().__init__("detail")
        self.status_code = code


def _broke(cause: BaseException) -> BackendBroke:
    error = BackendBroke("mint raised")
    error.__cause__ = cause
    return error


def _refused(text: str, cause: BaseException | None = None) -> BackendRefused:
    error = BackendRefused(text)
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        BackendRefused("the name is too long"),
        _refused("no", ValueError("x")),
        _broke(ValueError("user_id must not be blank")),
        _broke(TypeError("Principal must be a string")),
        ValueError("the ACCOUNT is unknown"),
        _broke(_Http(400)),
        _broke(_Http(422)),
        _broke(_Http(499)),
        _broke(_Http("404")),
    ],
    ids=repr,
)
def test_a_refusal_its_reader_can_act_on_is_clear(error: BaseException) -> None:
    """By the backend's own word, by a sentence that names the user, or by a code for a bad request."""
    assert is_clear(error)


@pytest.mark.parametrize(
    "error",
    [
        BackendRefused(""),
        BackendRefused("  "),
        _refused("no", UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")),
        _broke(UnicodeEncodeError("utf-8", "user \ud800", 0, 1, "surrogates not allowed")),
        UnicodeDecodeError("utf-8", b"user", 0, 1, "bad"),
        BackendBroke("the user broke it"),
        _broke(ValueError("index out of range")),
        _broke(KeyError("user_id")),
        _broke(AttributeError("user")),
        KeyError("user"),
        _broke(_Http(500)),
        _broke(_Http(399)),
        _broke(_Http(None)),
    ],
    ids=repr,
)
def test_a_crash_is_not_clear_though_it_may_name_the_user(error: BaseException) -> None:
    """Another exception, a codec's, an empty word, a code that blames the server."""
    assert not is_clear(error)
