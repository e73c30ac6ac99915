"""Log-in goes through the module's token validation, and its records are read from where it keeps them."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from id_isolation.backend.protocol import BackendBroke, BackendRefused, Session
from id_isolation.drivers.checkout_ports import AuthSessions
from id_isolation.world.simulated_auth import SimulatedAuthService


class _Refusal(Exception):
    def __init__(self, code: int, detail: str) -> None:
        super().__init__(detail)
        self.status_code = code
        self.detail = detail


def _sha(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _module(key: Callable[[str], Any] = _sha, **changes: Any) -> Any:
    """A module that validates tokens as the layout says; `key` is what a record stands under."""
    module: Any = ModuleType("auth_of_a_test")
    module._active_token_sessions = {}
    module.auth_client = None

    async def validate(token: str) -> dict[str, Any]:
        answer = await module.auth_client.validate_token_jwt(token)
        if not answer["valid"]:
            raise _Refusal(401, "the token is not valid")
        record = {"user_id": answer["user_id"], "session_id": f"session_of_{answer['user_id']}"}
        if key(token) is not None:
            module._active_token_sessions[key(token)] = record
        return {"user_id": answer["user_id"], "role": answer["role"]}

    module._validate_token_with_auth_service = validate
    for name, value in changes.items():
        setattr(module, name, value)
    return module


async def _log_in(module: Any, user: str = "ana") -> Session:
    service = SimulatedAuthService()
    return await AuthSessions(module, service).log_in(await service.issue(user))


async def test_a_log_in_gives_the_records_session_with_its_key_and_claims() -> None:
    """And it is on record."""
    module = _module()
    session = await _log_in(module)
    ((key, _),) = module._active_token_sessions.items()
    assert (session.user, session.session_id, session.key) == ("ana", "session_of_ana", key)
    assert session.claims["role"] == "standard_user"
    assert await AuthSessions(module, SimulatedAuthService()).records() == [session]


async def test_the_user_is_whom_the_caller_is_told_and_not_whom_the_record_names() -> None:
    """A swap must show."""
    module = _module()
    real = module._validate_token_with_auth_service

    async def swapped(token: str) -> dict[str, Any]:
        return {**await real(token), "user_id": "ben"}

    module._validate_token_with_auth_service = swapped
    assert (await _log_in(module)).user == "ben"


@pytest.mark.parametrize(
    "key",
    [
        _sha,
        lambda token: _sha(token)[:16],
        lambda token: _sha(token)[:8],
        lambda token: hashlib.md5(token.encode()).hexdigest(),
        lambda token: hashlib.blake2b(token.encode()).hexdigest()[:32],
        lambda token: token,
        lambda token: f"session:{token[-4:]}",
        lambda token: ("tuple", token[-4:]),
    ],
    ids=["sha256", "16", "8", "md5", "blake2b", "token", "own", "tuple"],
)
async def test_a_record_is_found_by_a_digest_of_the_token_or_else_as_the_only_new_one(
    key: Callable[[str], Any],
) -> None:
    """Also among others that were there before."""
    module = _module(key)
    module._active_token_sessions["before-this-log-in"] = {"user_id": "zoe", "session_id": "s"}
    assert (await _log_in(module)).session_id == "session_of_ana"


async def test_a_second_log_in_with_one_token_finds_its_record_again() -> None:
    """No record is new then."""
    service, module = SimulatedAuthService(), _module()
    sessions, token = AuthSessions(module, service), await service.issue("ana")
    assert await sessions.log_in(token) == await sessions.log_in(token)


async def test_keys_of_the_modules_own_making_are_known_again() -> None:
    """A keyed digest tells the driver nothing, so it remembers which record came of which token."""
    service, module = SimulatedAuthService(), _module(lambda token: f"keyed-{_sha(token + 'pepper')}")
    sessions = AuthSessions(module, service)
    tokens = {user: await service.issue(user) for user in ("ana", "ben")}
    first = dict(zip(tokens, await asyncio.gather(*map(sessions.log_in, tokens.values())), strict=True))
    assert {user: session.session_id for user, session in first.items()} == {
        "ana": "session_of_ana",
        "ben": "session_of_ben",
    }
    for user, token in tokens.items():
        assert await sessions.log_in(token) == first[user]


async def test_a_record_that_is_made_at_the_first_use_is_found() -> None:
    """The log-in itself leaves none."""
    service, module = SimulatedAuthService(), _module()
    eager, seen = module._validate_token_with_auth_service, set()

    async def lazy(token: str) -> dict[str, Any]:
        if token not in seen:
            seen.add(token)
            return dict(await module.auth_client.validate_token_jwt(token))
        return dict(await eager(token))

    module._validate_token_with_auth_service = lazy
    assert (await AuthSessions(module, service).log_in(await service.issue("ana"))).session_id == "session_of_ana"


@pytest.mark.parametrize("code", [401, 403])
async def test_a_refused_token_is_a_refusal_in_the_modules_words(code: int) -> None:
    """By HTTP's two codes for it."""

    async def refuse(token: str) -> None:
        raise _Refusal(code, "log in again")

    with pytest.raises(BackendRefused, match=r"^log in again$"):
        await _log_in(_module(_validate_token_with_auth_service=refuse))


@pytest.mark.parametrize("error", [_Refusal(500, "the table is gone"), ValueError("the table is gone")])
async def test_any_other_error_is_a_break(error: Exception) -> None:
    """Of a named call."""

    async def fail(token: str) -> None:
        raise error

    with pytest.raises(BackendBroke, match=r"_validate_token_with_auth_service raised .*the table is gone"):
        await _log_in(_module(_validate_token_with_auth_service=fail))


async def _nothing(token: str) -> dict[str, Any]:
    return {"user_id": "ana"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"_validate_token_with_auth_service": _nothing}, "holds no record that is the token's"),
        ({"_active_token_sessions": [1]}, "_active_token_sessions is list, not a dict of session records"),
    ],
)
async def test_what_has_not_the_layouts_shape_is_a_break(changes: dict[str, Any], words: str) -> None:
    """With what it is instead."""
    with pytest.raises(BackendBroke, match=words):
        await _log_in(_module(**changes))


@pytest.mark.parametrize("record", [{"user_id": "ana"}, {"session_id": "s"}, None, "text"])
async def test_a_record_without_user_or_session_is_a_break(record: Any) -> None:
    """When the records are read."""
    module = _module()
    module._active_token_sessions["key"] = record
    with pytest.raises(BackendBroke, match="has no user_id and session_id"):
        await AuthSessions(module, SimulatedAuthService()).records()


async def test_claims_that_are_no_dict_are_a_break() -> None:
    """The record alone is not what the caller got."""
    module = _module()
    real = module._validate_token_with_auth_service

    async def listed(token: str) -> list[Any]:
        return list(await real(token))

    module._validate_token_with_auth_service = listed
    with pytest.raises(BackendBroke, match="gave list where a dict is due"):
        await _log_in(module)


@pytest.mark.parametrize("name", ["_validate_token_with_auth_service", "_active_token_sessions", "auth_client"])
def test_a_module_that_lacks_a_part_is_told_with_what_it_lacks(name: str) -> None:
    """And a whole one lacks nothing."""
    module = _module()
    assert AuthSessions.lacking(module) is None
    delattr(module, name)
    missing = AuthSessions.lacking(module)
    assert missing is not None
    assert missing.reason == f"auth_of_a_test has no {name}"
    assert not missing.broken
