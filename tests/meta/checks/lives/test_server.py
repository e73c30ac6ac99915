"""A server without sockets does one step at a time what a server with sockets does."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest

from id_isolation.backend.protocol import BackendBroke, BackendRefused, Handshake
from id_isolation.checks.parts.lives_reference import Client, Server
from id_isolation.power.twins.designs import OpaqueBackend
from id_isolation.world.delivery import RUN_EVENTS, Delivery, Line

from ...bare import context_on

T = TypeVar("T")


class _NewestWins(Delivery):
    """A user's second line closes the first."""

    async def open(self, line: Line) -> None:
        for other in [other for other in self.lines.values() if other.user == line.user]:
            await other.close(4001, "replaced")
        await super().open(line)


class Play:
    """A world on a sound backend, with users who have tokens."""

    def __init__(self, delivery: type[Delivery] = Delivery) -> None:
        self.backend: Any = OpaqueBackend()
        self.backend.delivery = delivery  # type: ignore[attr-defined]
        self.world = context_on(self.backend, "C7")
        self.server = Server(self.world)

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.world.run(work)

    def open(self, user: str) -> Client:
        token = self.do(self.backend.tokens.issue(user))
        return self.do(self.server.open(user, Handshake.bearing(token, user)))


@pytest.fixture
def play() -> Any:
    """A play that ends its event loop."""
    made = Play()
    yield made
    made.world.close()


def test_an_event_reaches_the_line_that_started_the_run(play: Play) -> None:
    """And says which one it is; the events of a run come in their order, the last one again and again."""
    ana, ben = play.open("ana"), play.open("ben")
    run = play.do(play.server.start(ana))
    for _ in range(len(RUN_EVENTS)):
        assert play.do(play.server.send(run)) == [ana]
    assert [message["type"] for message in ana.received] == [*RUN_EVENTS, RUN_EVENTS[-1]]
    assert ben.received == []


def test_a_handshake_that_is_refused_opens_no_line(play: Play) -> None:
    """Whoever tried gets the refusal."""
    with pytest.raises(BackendRefused):
        play.do(play.server.open("eve", Handshake.bearing("no token", "eve")))
    assert play.server.clients == []


def test_a_run_ends_for_its_own_user_alone(play: Play) -> None:
    """Another one asks in vain."""
    ana, ben = play.open("ana"), play.open("ben")
    run = play.do(play.server.start(ana))
    assert play.do(play.server.ask_to_end(ben, run)) is False
    assert run.context.run in play.server.delivery.runs
    assert play.do(play.server.ask_to_end(ana, run)) is True
    assert run.context.run not in play.server.delivery.runs


@pytest.mark.parametrize("at_work", [True, False])
def test_a_crash_ends_the_line_without_a_closing_handshake(at_work: bool, play: Play) -> None:
    """In the middle of an event, or with nothing to send; nothing is received any more."""
    ana = play.open("ana")
    run = play.do(play.server.start(ana)) if at_work else None
    before = len(ana.received)
    play.do(play.server.crash(ana, run))
    assert not ana.open
    assert len(ana.received) == before
    assert play.do(play.server.delivery.held()) == {"connections": 0, "runs": 0, "resources": 0}


def test_a_line_whose_token_has_ended_is_closed_when_it_is_asked_for(play: Play) -> None:
    """As before the next message; the others' lines stand."""
    ana, ben = play.open("ana"), play.open("ben")
    play.do(play.backend.tokens.withdraw(ana.line.handshake.token))
    assert play.do(play.server.validate(ben)) is True
    assert play.do(play.server.validate(ana)) is False
    assert (ana.open, ben.open) == (False, True)


@pytest.mark.parametrize(
    ("cause", "clear"), [(ValueError("user_id must not hold a bar"), True), (KeyError("slot"), False)]
)
def test_a_line_whose_user_is_not_acceptable_any_more_is_closed(cause: Exception, clear: bool) -> None:
    """The error that names the user is a refusal; a crash is a crash."""

    class Raises(Delivery):
        async def still_valid(self, line: Line) -> bool:
            raise BackendBroke("connect raised") from cause

    play = Play(Raises)
    ana = play.open("ana")
    if clear:
        assert play.do(play.server.validate(ana)) is False
    else:
        with pytest.raises(BackendBroke, match="connect raised"):
            play.do(play.server.validate(ana))
    assert ana.open is not clear
    play.world.close()


def test_a_line_is_closed_once(play: Play) -> None:
    """Who closes it again does nothing."""
    ana = play.open("ana")
    for _ in range(2):
        play.do(play.server.close(ana, clean=True))
    assert not ana.open
    assert play.server.delivery.lines == {}


def test_a_line_that_the_server_ends_is_closed_by_its_client() -> None:
    """A new connection may replace an old one: that is a policy."""
    play = Play(_NewestWins)
    first, other, second = play.open("ana"), play.open("ben"), play.open("ana")
    play.world.close()
    assert (first.open, other.open, second.open) == (False, True, True)
    assert first.told_to_close
    assert set(play.server.delivery.lines.values()) == {other.line, second.line}


class _SendsToTheDead(Delivery):
    """Lines that are gone stay registered, and the oldest gets every event."""

    async def close(self, line: Line, clean: bool) -> None:
        """Not noticed."""

    async def recipients(self, run: Any, event: Any) -> list[Line]:
        return list(self.lines.values())


def test_an_event_that_is_sent_over_a_dead_line_reaches_nobody() -> None:
    """Who routes it there is told of it by what does not arrive, and the play goes on."""
    play = Play(_SendsToTheDead)
    gone, stays = play.open("ana"), play.open("ben")
    play.do(play.server.crash(gone, None))
    run = play.do(play.server.start(stays))
    assert play.do(play.server.send(run)) == []
    assert len(run.log) == 2
    play.world.close()
