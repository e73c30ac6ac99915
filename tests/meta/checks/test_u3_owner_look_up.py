"""Tests of U3: the user that a live ID leads to, on each surface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from id_isolation.backend.protocol import BackendRefused, Connection, ContextIds, Handshake, Session
from id_isolation.checks.context import CheckContext
from id_isolation.checks.u3_owner_look_up import (
    carried_contexts_keep_their_owner,
    connections_lead_to_their_owner,
    sessions_lead_to_their_owner,
    stored_sessions_lead_to_their_owner,
)
from id_isolation.plan.kinds import Level, Surface
from id_isolation.world.effort import Effort

from ..bare import Bare, context_on
from .small import Accounts, Stored, Tokens

FEW = Effort(0.2)


def _symptom(
    carry_out: Callable[[CheckContext], None], surface: Surface, level: Level = Level.PLAN, **ports: Any
) -> str:
    """The symptom that is found, or an empty text."""
    world = context_on(Bare(tokens=Tokens(), **ports), "U3", surface, level, effort=FEW)
    try:
        carry_out(world)
    finally:
        world.close()
    assert world.judged_count > 0 or world.findings
    return world.findings[0].symptom if world.findings else ""


class _OneForAll(Accounts):
    """Every log-in gets the same session ID."""

    async def log_in(self, token: str) -> Session:
        self.sessions.append(Session(self.user_of(token), "session_of_all"))
        return self.sessions[-1]


class _TheLast(Accounts):
    """A connection is whoever's came before it."""

    last = ""

    async def connect(self, handshake: Handshake) -> Connection:
        connection = await super().connect(handshake)
        self.last, user = connection.user, self.last or connection.user
        return Connection(connection.connection_id, user)


class _Named(Accounts):
    """A connection is whoever's a middleware takes it for."""

    async def connect(self, handshake: Handshake) -> Connection:
        return Connection(f"ws_{handshake.user}", str(handshake.user))


class _BothOrNone(Accounts):
    """Lets nobody in whom a middleware takes for somebody else."""

    async def connect(self, handshake: Handshake) -> Connection:
        connection = await super().connect(handshake)
        if handshake.user not in (None, connection.user):
            raise BackendRefused("somebody else")
        return connection


@pytest.mark.parametrize(("sessions", "symptom"), [(Accounts(), ""), (_OneForAll(), "wrong-owner")])
def test_a_session_leads_to_who_logged_in(sessions: Accounts, symptom: str) -> None:
    """By the records, and to nobody else."""
    assert _symptom(sessions_lead_to_their_owner, Surface.AUTH, sessions=sessions) == symptom


@pytest.mark.parametrize(("sockets", "symptom"), [(Accounts(), ""), (_TheLast(), "wrong-owner")])
def test_a_connection_leads_to_whose_token_opened_it(sockets: Accounts, symptom: str) -> None:
    """Where several are opened at once, too."""
    assert _symptom(connections_lead_to_their_owner, Surface.WEBSOCKET, sockets=sockets) == symptom


@pytest.mark.parametrize(("sockets", "symptom"), [(Accounts(), ""), (_BothOrNone(), ""), (_Named(), "wrong-owner")])
def test_whom_a_middleware_takes_a_client_for_decides_nothing(sockets: Accounts, symptom: str) -> None:
    """At strict level: the token does, or nobody is let in."""
    assert _symptom(connections_lead_to_their_owner, Surface.WEBSOCKET, Level.STRICT, sockets=sockets) == symptom


class _Carrying:
    """Dispatchers that work in the context that they are given, or for a user of their own."""

    def __init__(self, user: str | None = None) -> None:
        self.user = user

    async def carry(self, context: ContextIds) -> ContextIds:
        return ContextIds(self.user or context.user, context.thread, context.run, context.request)


@pytest.mark.parametrize(("contexts", "symptom"), [(_Carrying(), ""), (_Carrying("admin"), "wrong-owner")])
def test_a_context_that_is_carried_stays_its_users(contexts: _Carrying, symptom: str) -> None:
    """A dispatcher works for whom it was given."""
    assert _symptom(carried_contexts_keep_their_owner, Surface.DISPATCHER, contexts=contexts) == symptom


class _Found(Stored):
    """Finds a session by its own user and whole thread."""

    async def store(self, user: str, thread: str | None = None) -> ContextIds:
        return await super().store(user, thread or f"thread_of_{user}")

    async def find(self, user: str, thread: str) -> str | None:
        return self.runs.get((str(self.fold(user)), thread))


class _ByThread(_Found):
    async def find(self, user: str, thread: str) -> str | None:
        return next((run for (_, of), run in self.runs.items() if of == thread), None)


class _ByPrefix(_Found):
    async def find(self, user: str, thread: str) -> str | None:
        return next((run for (owner, of), run in self.runs.items() if owner == user and of.startswith(thread)), None)


@pytest.mark.parametrize(
    ("stored", "symptom"), [(_Found(), ""), (_ByThread(), "wrong-owner"), (_ByPrefix(), "unknown-id-has-owner")]
)
def test_a_stored_session_is_found_by_its_user_and_whole_thread(stored: Stored, symptom: str) -> None:
    """Neither by another user nor by what its ID begins with."""
    assert _symptom(stored_sessions_lead_to_their_owner, Surface.GENERATOR, stored=stored) == symptom
