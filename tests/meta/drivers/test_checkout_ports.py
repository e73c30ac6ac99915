"""Log-in goes through the module's token validation, and its records are read from where it keeps them.

A dispatcher's context is read as it is, and one that is not whole is a break. What a generator takes besides what every
one has is found by its arguments, and is left out where it has none.
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from id_isolation.backend.protocol import BackendBroke, BackendRefused, ContextIds, Session
from id_isolation.drivers.checkout_generator import GeneratorMinting, GeneratorReading, GeneratorStoredSessions
from id_isolation.drivers.checkout_ports import AuthSessions, DispatcherContexts, context_ids, make_context
from id_isolation.plan.kinds import Kind
from id_isolation.world.simulated_auth import SimulatedAuthService

IDS = ContextIds("ana", "thread_1", "run_1", "request_1")


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


async def test_a_token_without_a_record_yet_gives_no_session_of_the_users_other_token() -> None:
    """Where a record comes with the second use, and keys are digests of tokens."""
    service, module, used = SimulatedAuthService(), _module(), set[str]()
    eager = module._validate_token_with_auth_service

    async def lazy(token: str) -> dict[str, Any]:
        answer: dict[str, Any] = await eager(token)
        module._active_token_sessions[_sha(token)]["session_id"] = f"session_of_{token}"
        if token not in used:
            used.add(token)
            del module._active_token_sessions[_sha(token)]
        return answer

    module._validate_token_with_auth_service = lazy
    sessions = AuthSessions(module, service)
    for _ in range(2):
        token = await service.issue("ana")
        assert (await sessions.log_in(token)).session_id == f"session_of_{token}"


async def test_where_nothing_shows_which_record_is_whose_none_is_said_to_be() -> None:
    """Two log-ins of one user at once, by keys that tell nothing and records that no use changes."""
    service, module, numbers = SimulatedAuthService(), _module(), itertools.count()
    keys: dict[str, str] = {}

    async def validate(token: str) -> dict[str, Any]:
        answer: dict[str, Any] = await module.auth_client.validate_token_jwt(token)
        await asyncio.sleep(0)
        key = keys.setdefault(token, f"key-{next(numbers)}")
        module._active_token_sessions.setdefault(key, {"user_id": answer["user_id"], "session_id": f"session of {key}"})
        return answer

    module._validate_token_with_auth_service = validate
    sessions, tokens = AuthSessions(module, service), [await service.issue("ana") for _ in range(2)]
    for _ in range(2):
        given = await asyncio.gather(*map(sessions.log_in, tokens))
        assert [(session.user, session.session_id) for session in given] == [("ana", "")] * 2


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


class _Context:
    """A context class that refuses blank users."""

    def __init__(self, **parts: Any) -> None:
        self.__dict__.update(parts)

    @classmethod
    def from_request_supervisor(cls, **parts: Any) -> _Context:
        if not parts["user_id"].strip():
            raise ValueError("user_id must not be blank")
        return cls(**parts)


def _dispatcher_module(context: Any = None) -> Any:
    module: Any = ModuleType("dispatcher_of_a_test")

    class UnifiedToolDispatcher:
        @classmethod
        async def create_from_deprecated_execution_engine(cls, user_context: Any = None) -> Any:
            made = _Context(user_id="compat", thread_id="t", run_id="r", request_id="q")
            return SimpleNamespace(user_context=context or user_context or made)

    module.UnifiedToolDispatcher = UnifiedToolDispatcher
    return module


async def test_a_dispatcher_makes_a_context_for_who_brings_none_and_carries_one_that_is_brought() -> None:
    """Each as it is."""
    contexts = DispatcherContexts(_dispatcher_module(), _Context)
    assert await contexts.open_anonymous() == ContextIds("compat", "t", "r", "q")
    assert await contexts.carry(IDS) == IDS


async def test_a_dispatcher_that_swaps_the_context_shows() -> None:
    """What it works in is read, not what it was given."""
    other = _Context(user_id="eve", thread_id="t", run_id="r", request_id="q")
    assert (await DispatcherContexts(_dispatcher_module(other), _Context).carry(IDS)).user == "eve"


def test_a_context_is_made_by_the_backends_own_class_and_may_be_refused() -> None:
    """With all four IDs."""
    assert context_ids(make_context(_Context, IDS)) == IDS
    with pytest.raises(BackendRefused, match="user_id must not be blank"):
        make_context(_Context, ContextIds(" ", "t", "r", "q"))
    with pytest.raises(BackendBroke, match=r"UserExecutionContext\.from_request_supervisor raised AttributeError"):
        make_context(object, IDS)


@pytest.mark.parametrize("absent", ["user_id", "thread_id", "run_id", "request_id"])
def test_a_context_that_lacks_an_id_is_a_break(absent: str) -> None:
    """And so is one whose ID is no plain string."""
    parts: dict[str, Any] = {"user_id": "u", "thread_id": "t", "run_id": "r", "request_id": "q"}
    whole = _Context(**parts)
    delattr(whole, absent)
    with pytest.raises(BackendBroke, match=f"the context is _Context and has no {absent}"):
        context_ids(whole)
    with pytest.raises(BackendBroke, match=f"the context's {absent} gave int 7 where an ID, a plain string, is due"):
        context_ids(_Context(**{**parts, absent: 7}))


async def test_a_dispatcher_that_cannot_be_made_is_a_break() -> None:
    """The sentence names the call."""
    module = _dispatcher_module()

    async def fail(**named: Any) -> Any:
        raise RuntimeError("no registry")

    module.UnifiedToolDispatcher.create_from_deprecated_execution_engine = fail
    with pytest.raises(BackendBroke, match="create_from_deprecated_execution_engine raised RuntimeError: no registry"):
        await DispatcherContexts(module, _Context).open_anonymous()


@pytest.mark.parametrize(
    ("error", "raised"),
    [(PermissionError("who?"), BackendRefused), (_Refusal(403, "who?"), BackendRefused), (KeyError("x"), BackendBroke)],
)
async def test_a_dispatcher_may_refuse_who_brings_no_context(error: Exception, raised: type[Exception]) -> None:
    """By an error that says so; any other one is a break."""
    module = _dispatcher_module()

    async def fail(**named: Any) -> Any:
        raise error

    module.UnifiedToolDispatcher.create_from_deprecated_execution_engine = fail
    with pytest.raises(raised):
        await DispatcherContexts(module, _Context).open_anonymous()


@pytest.mark.parametrize(("file", "raised"), [(__file__, BackendRefused), ("context.py", BackendBroke)])
async def test_a_value_error_is_a_refusal_only_of_the_dispatchers_own(file: str, raised: type[Exception]) -> None:
    """One of the context says that the dispatcher fills it wrongly."""
    module = _dispatcher_module()
    module.__file__ = file

    async def fail(**named: Any) -> Any:
        raise ValueError("who?")

    module.UnifiedToolDispatcher.create_from_deprecated_execution_engine = fail
    with pytest.raises(raised):
        await DispatcherContexts(module, _Context).open_anonymous()


def test_a_module_without_the_helper_is_told_with_what_it_lacks() -> None:
    """With the class or without it."""
    assert DispatcherContexts.lacking(_dispatcher_module()) is None
    module: Any = ModuleType("dispatcher_of_a_test")
    for step in range(2):
        missing = DispatcherContexts.lacking(module)
        assert missing is not None, step
        assert "no UnifiedToolDispatcher.create_from_deprecated_execution_engine" in missing.reason
        module.UnifiedToolDispatcher = object


class Narrow:
    """A generator whose methods take no more than they must."""

    @staticmethod
    def generate_websocket_connection_id(user_id: str) -> str:
        return f"ws_conn_{user_id}"

    @staticmethod
    def generate_batch_ids(prefix: str, count: int) -> list[str]:
        return [prefix] * count

    @staticmethod
    def is_valid_id(text: str) -> bool:
        return True

    @staticmethod
    def parse_id(text: str) -> None:
        return None

    @classmethod
    def get_or_create_user_session(cls, user_id: str, thread_id: str) -> dict[str, str]:
        return {"thread_id": thread_id, "run_id": "run", "request_id": "req"}


class Wide(Narrow):
    """One whose methods take everything that the plan's layout names."""

    @staticmethod
    def generate_websocket_connection_id(user_id: str, connection_timestamp: float | None = None) -> str:
        return f"ws_conn_{user_id}_{connection_timestamp}"

    @staticmethod
    def generate_batch_ids(prefix: str, count: int, include_random: bool = True) -> Any:
        return [f"{prefix}_{number}_{include_random}" for number in range(count)] if count else "none"

    @staticmethod
    def is_valid_id(text: str, expected_prefix: str | None = None) -> bool:
        return text.startswith(expected_prefix or "")

    @classmethod
    def get_or_create_user_session(
        cls, user_id: str, thread_id: str | None = None, run_id: str | None = None
    ) -> dict[str, str]:
        return {"thread_id": thread_id or "thread", "run_id": run_id or "run", "request_id": "req"}

    @classmethod
    def cleanup_expired_sessions(cls, max_age_hours: float = 24) -> int:
        return 3


def test_what_a_generator_does_not_take_is_not_asked_of_it() -> None:
    """None says so, and no error does."""
    minting, stored = GeneratorMinting(Narrow), GeneratorStoredSessions(Narrow)
    assert minting.mint_at(Kind.CONNECTION, "ana", 1.5) is None
    assert minting.mint_batch("item", 2, True) is None
    assert GeneratorReading(Narrow).is_valid_for("item_1", "item") is None
    assert asyncio.run(stored.store_run("ana", "thread", "run")) is None
    assert stored.expires is False
    assert asyncio.run(stored.expire(24)) == 0


def test_what_a_generator_takes_is_handed_over() -> None:
    """Each argument by its name."""
    minting, stored = GeneratorMinting(Wide), GeneratorStoredSessions(Wide)
    assert minting.mint_at(Kind.CONNECTION, "ana", 1.5) == "ws_conn_ana_1.5"
    assert minting.mint_at(Kind.SESSION, "ana", 1.5) is None
    assert minting.mint_batch("item", 2, False) == ["item_0_False", "item_1_False"]
    assert GeneratorReading(Wide).is_valid_for("item_1", "item") is True
    assert GeneratorReading(Wide).is_valid_for("item_1", "thread") is False
    given = asyncio.run(stored.store_run("ana", "thread_1", "run_1"))
    assert given is not None
    assert (given.user, given.thread, given.run) == ("ana", "thread_1", "run_1")
    assert stored.expires is True
    assert asyncio.run(stored.expire(24)) == 3


class Scant(Wide):
    """One whose stored sessions lack what a session has."""

    @classmethod
    def get_or_create_user_session(cls, user_id: str, thread_id: str | None = None) -> dict[str, str]:  # type: ignore[override]
        return {"thread_id": thread_id or "thread", "run_id": "run"}

    @classmethod
    def get_existing_session(cls, user_id: str, thread_id: str) -> object:
        return {"run": {}, "text": "run_1", "object": object()}.get(thread_id)


def test_a_stored_session_that_lacks_an_id_is_the_backends_fault() -> None:
    """The sentence names the ID; a text alone is the run's."""
    stored = GeneratorStoredSessions(Scant)
    with pytest.raises(BackendBroke, match=r"get_or_create_user_session gave dict .* has no request_id"):
        asyncio.run(stored.store("ana", "thread"))
    for thread in ("run", "object"):
        with pytest.raises(BackendBroke, match=r"get_existing_session gave .* has no run_id"):
            asyncio.run(stored.find("ana", thread))
    assert asyncio.run(stored.find("ana", "text")) == "run_1"
    assert asyncio.run(stored.find("ana", "unknown")) is None


def test_a_batch_that_is_no_list_is_the_backends_fault() -> None:
    """A text has a length too, and is no batch."""
    with pytest.raises(BackendBroke, match="not a list of IDs"):
        GeneratorMinting(Wide).mint_batch("item", 0, True)
