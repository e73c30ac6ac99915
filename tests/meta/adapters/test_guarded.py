"""A guarded port ends every call in time, as what it gave, a refusal, or a break that names the call."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from id_isolation.backend.protocol import Pacing
from id_isolation.drivers.adapter import BackendBroke, BackendRefused, Kind, SimulatedTokens, guard, keep_tokens_secret
from id_isolation.history.redaction import forget_all, scrub_text

from .toy import ToyBackend


def guarded(**methods: Any) -> Any:
    backend = type("Odd", (ToyBackend,), methods)()
    guard(backend)
    return backend


def test_what_a_port_gives_and_refuses_passes_through() -> None:
    """Values, refusals and breaks that the adapter has told already."""

    async def withdraw(self: Any, token: str) -> None:
        raise BackendBroke("the store is gone")

    backend = guarded(withdraw=withdraw)
    assert backend.minting.mint(Kind.SESSION, "noor").startswith("session-")
    token = asyncio.run(backend.tokens.issue("noor"))
    assert asyncio.run(backend.sessions.log_in(token)).user == "noor"
    with pytest.raises(BackendRefused, match="never changes its user"):
        asyncio.run(backend.tokens.reassign(token, "timo"))
    with pytest.raises(BackendBroke, match=r"^the store is gone$"):
        asyncio.run(backend.tokens.withdraw(token))


def test_anything_else_that_is_raised_is_a_break_with_the_name_of_the_call() -> None:
    """A ValueError of a plain call is a refusal, as of a generator that does not take a name."""

    def mint(self: Any, kind: Kind, user: str) -> str:
        raise {"blank": ValueError("no blank users"), "odd": KeyError(user)}[user]

    async def records(self: Any) -> list[Any]:
        raise ZeroDivisionError("by nothing")

    backend = guarded(mint=mint, records=records)
    with pytest.raises(BackendRefused, match="no blank users"):
        backend.minting.mint(Kind.SESSION, "blank")
    with pytest.raises(BackendBroke, match=r"^minting\.mint raised KeyError"):
        backend.minting.mint(Kind.SESSION, "odd")
    with pytest.raises(BackendBroke, match=r"^sessions\.records raised ZeroDivisionError: by nothing"):
        asyncio.run(backend.sessions.records())


def test_a_call_that_hangs_is_a_break(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the time that one call may take."""
    monkeypatch.setenv("ID_ISOLATION_TIME_UNIT", "0.02")

    async def log_in(self: Any, token: str) -> None:
        await asyncio.Event().wait()

    with pytest.raises(BackendBroke, match="it hangs"):
        asyncio.run(guarded(log_in=log_in).sessions.log_in("token"))


def test_optional_methods_of_a_port_are_still_seen() -> None:
    """A simulated service that can be paced is one afterwards."""
    backend = ToyBackend()
    backend.tokens = SimulatedTokens()
    guard(backend)
    assert isinstance(backend.tokens, Pacing)
    assert not isinstance(backend.sessions, Pacing)


def test_tokens_that_an_adapter_issues_are_kept_out_of_what_is_written() -> None:
    """Whatever they look like; one that is the user's name is no secret."""

    async def issue(self: Any, user: str) -> str:
        return user if user == "is.the.token" else f"pass of {user} 4711"

    backend = type("Odd", (ToyBackend,), {"issue": issue})()
    keep_tokens_secret(backend)
    try:
        for user in ("noor", "is.the.token"):
            asyncio.run(backend.tokens.issue(user))
        assert scrub_text("pass of noor 4711, by noor; is.the.token") == "[token], by noor; is.the.token"
    finally:
        forget_all()
