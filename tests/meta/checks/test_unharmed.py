"""Tests of a bystander: what an attempt takes from it is a finding that names the attempt."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from id_isolation.backend.protocol import BackendRefused, Connection, ContextIds, Handshake, Session
from id_isolation.checks.context import Violation
from id_isolation.checks.parts.forged import Attempt, Bystander
from id_isolation.checks.parts.identity import UserId
from id_isolation.plan.kinds import Kind, Surface

from ..bare import context_on
from .small import Accounts, Small, Tokens


class _Counting(Accounts):
    """Counts how often somebody connects and the records are read; `shut` lets nobody connect any more."""

    shut = False
    connected = read = 0

    async def connect(self, handshake: Handshake) -> Connection:
        self.connected += 1
        if self.shut:
            raise BackendRefused("shut")
        return await super().connect(handshake)

    async def records(self) -> list[Session]:
        self.read += 1
        return await super().records()


class _Held(Tokens):
    """A clean-up as well, and tokens that can be withdrawn."""

    def __init__(self) -> None:
        self.kept: dict[str, ContextIds] = {}

    async def register(self, context: ContextIds, resource: str) -> None:
        self.kept[resource] = context

    async def release(self, user: str, run: str) -> list[str]:
        return []

    async def held(self) -> dict[str, ContextIds]:
        return self.kept

    async def withdraw(self, token: str) -> None:
        pass


SHOWN = UserId("session_of_ana", Kind.SESSION, "ana")
ATTEMPTS = [
    Attempt("whole", "one thing", "1", SHOWN),
    Attempt("whole", "another thing,", "2", SHOWN),
    Attempt("cut", "a third", "3", SHOWN),
]


def _after(attack: Callable[[Any, Attempt], Awaitable[None]], *, remote: bool = False) -> tuple[Small, str]:
    """The evidence after attempts on ana, each of them also handed to `attack`; empty where nothing is hurt."""
    backend: Any = Small()
    backend.sessions = backend.sockets = _Counting()
    backend.tokens = backend.cleanup = _Held()
    backend.remote = remote
    world = context_on(backend, "A4", Surface.AUTH)

    async def play() -> None:
        victim = await Bystander.settle(world, "ana")
        await victim.expect_unharmed_by_each(world, ATTEMPTS, lambda attempt: attack(backend, attempt), "ben")
        await victim.leave(world)

    try:
        world.run(play())
    except Violation as violation:
        return backend, violation.finding.evidence[0]
    finally:
        world.close()
    return backend, ""


async def _nothing(backend: Any, attempt: Attempt) -> None:
    pass


@pytest.mark.parametrize(("remote", "read"), [(False, 7), (True, 4)], ids=["here", "far away"])
def test_a_bystander_is_looked_at_after_each_attempt_and_connects_after_each_kind(remote: bool, read: int) -> None:
    """Far away, where each look takes round trips, it is looked at after each kind alone."""
    backend, evidence = _after(_nothing, remote=remote)
    assert evidence == ""
    assert backend.sessions.read == read
    assert backend.sockets.connected == 1 + 2


def test_what_an_attempt_takes_is_told_with_the_attempt() -> None:
    """The session here, and what is held."""

    async def log_out(backend: Any, attempt: Attempt) -> None:
        if attempt.text == "2":
            backend.sessions.sessions.clear()

    async def clean_up(backend: Any, attempt: Attempt) -> None:
        backend.cleanup.kept.clear()

    assert _after(log_out)[1] == "After presenting another thing, ana is hurt: the session session_of_ana is gone."
    assert _after(clean_up)[1].startswith("After presenting one thing, ana is hurt: what it holds under thread_")


def test_who_can_connect_no_more_is_hurt_by_an_attempt_of_this_kind() -> None:
    """All of the kind are told, since each may have been the one."""

    async def shut(backend: Any, attempt: Attempt) -> None:
        backend.sockets.shut = True

    assert _after(shut)[1] == (
        "After presenting one thing and another thing, ana is hurt: its token opens no connection any more (shut)."
    )


def test_far_away_a_session_that_is_gone_is_told_with_every_attempt_of_the_kind() -> None:
    """None of the kinds before it."""

    async def log_out(backend: Any, attempt: Attempt) -> None:
        if attempt.kind == "cut":
            backend.sessions.sessions.clear()

    assert _after(log_out, remote=True)[1] == (
        "After presenting a third, ana is hurt: the session session_of_ana is gone."
    )


def test_what_was_wrong_before_any_attack_is_no_attacks_doing() -> None:
    """A log-in that gives everybody one session is told by other checks."""
    backend: Any = Small()
    backend.sessions = backend.sockets = _Counting(fold=lambda user: "everybody")
    backend.tokens = backend.cleanup = _Held()
    backend.sessions.sessions.append(Session("somebody else", "session_of_everybody"))
    world = context_on(backend, "A4", Surface.AUTH)

    async def play() -> str:
        victim = await Bystander.settle(world, "ana")
        await victim.expect_unharmed_by_each(world, ATTEMPTS, lambda attempt: _nothing(backend, attempt), "ben")
        return victim.before

    assert world.run(play()) == "the session session_of_everybody leads to everybody and somebody else"
    world.close()
