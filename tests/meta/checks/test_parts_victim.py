"""A user who did nothing can do after an attack what it could do before, or that is a finding."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from id_isolation.backend.protocol import BackendRefused, Session
from id_isolation.checks.context import CheckContext
from id_isolation.checks.parts.victim import still_works, victim
from id_isolation.plan.kinds import Surface
from id_isolation.world.socket_client import Client
from id_isolation.world.socket_server import hosted
from id_isolation.world.swarm import Swarm

from ..bare import context_on
from ..world.backends import SmallBackend


class _Sessions:
    """Log-in by the backend's own tokens; `gone` are users whose sessions were ended, `once` lets a token in once."""

    def __init__(self, backend: SmallBackend, once: bool) -> None:
        self.backend = backend
        self.gone: set[str] = set()
        self.seen: set[str] | None = set() if once else None

    async def log_in(self, token: str) -> Session:
        user = self.backend.tokens.user_of(token)
        if user is None or user in self.gone or token in (self.seen or ()):
            raise BackendRefused("not this one")
        if self.seen is not None:
            self.seen.add(token)
        return Session(user, f"s_{user}")


Attack = Callable[[Client, SmallBackend], Awaitable[Any]]


def _found(attack: Attack, *, sessions: bool = True, once: bool = False) -> tuple[CheckContext, list[str]]:
    """The evidence after an attack on one of two users' connection."""
    backend: Any = SmallBackend()
    backend.sessions = _Sessions(backend, once) if sessions else None
    world = context_on(backend, "E4", Surface.WEBSOCKET)

    async def play() -> None:
        async with hosted(backend) as site, Swarm(site, backend.tokens.issue, world.history) as swarm:
            ana, ben = await swarm.open_all([await swarm.join(name) for name in ("ana", "ben")])
            victims = [await victim(world, swarm, client) for client in (ana, ben)]
            await attack(ana, backend)
            await still_works(world, swarm, *victims)

    world.run(play())
    world.close()
    return world, [sentence for finding in world.findings for sentence in finding.evidence]


async def _nothing(client: Client, backend: SmallBackend) -> None:
    pass


@pytest.mark.parametrize("options", [{}, {"sessions": False}, {"once": True}], ids=["all", "no-log-in", "once"])
def test_users_whom_nothing_was_done_to_are_no_finding(options: dict[str, bool]) -> None:
    """Each of them is judged; a token that is let in once only says nothing about an attack."""
    world, evidence = _found(_nothing, **options)
    assert (world.judged_count, evidence) == (2, [])


def test_a_closed_socket_is_a_finding_with_the_victims_own_steps() -> None:
    """And the other user is not part of it."""

    async def attack(client: Client, backend: SmallBackend) -> None:
        await client.close()

    world, evidence = _found(attack)
    assert evidence == ["ana had a socket, a session and a thread; now its socket is closed."]
    assert {event.lane for event in world.findings[0].history} == {"ana"}


def test_an_ended_session_is_a_finding() -> None:
    """Though the socket still works."""

    async def attack(client: Client, backend: Any) -> None:
        backend.sessions.gone.add("ana")

    assert _found(attack)[1] == ["ana had a socket, a session and a thread; now its session is refused."]


def test_both_are_one_finding() -> None:
    """In one sentence."""

    async def attack(client: Client, backend: Any) -> None:
        backend.sessions.gone.add("ana")
        await client.close()

    assert _found(attack)[1] == [
        "ana had a socket, a session and a thread; now its socket is closed and its session is refused."
    ]


def test_a_socket_whose_token_was_taken_away_no_longer_works() -> None:
    """The server ends it at the next message."""

    async def attack(client: Client, backend: SmallBackend) -> None:
        await backend.tokens.withdraw(client.principal.token)

    (sentence,) = _found(attack)[1]
    assert sentence.endswith("its socket is closed and its session is refused.")
