"""Tests of U4 over sockets: clients whom no middleware has a name for, pooled and not."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from itertools import count

import pytest

from id_isolation.backend.protocol import Connection, Handshake
from id_isolation.checks.u4_anonymous_users import nameless_clients_are_not_pooled
from id_isolation.plan.kinds import Kind
from id_isolation.power.twins.connections import ToAllOwnSockets
from id_isolation.world.delivery import RUN_EVENTS, Delivery, Line, Run
from id_isolation.world.world import NotApplicable

from ..bare import findings_of
from .mid_run import HARM, Event
from .served import Outside, probe_of, served_as, symptoms


class _Named(Delivery):
    """Gives a client the connection ID that `named` says, whoever it is by its token."""

    numbers = count(1)

    async def admit(self, handshake: Handshake) -> Connection:
        assert handshake.user is None
        connection = await super().admit(handshake)
        return replace(connection, connection_id=self.named(connection.user))

    def named(self, user: str) -> str:
        return f"ws_conn_anonymous_1700000000000_{next(self.numbers):03d}_{secrets.token_hex(4)}"


class _ByToken(_Named):
    def named(self, user: str) -> str:
        return super().named(user).replace("anonymous", user)


class _ShowsNoUser(_Named):
    def named(self, user: str) -> str:
        return secrets.token_hex(8)


class _SometimesPools(_Named):
    """Shows no user of the first client, and the same of all who come later."""

    first = True

    def named(self, user: str) -> str:
        if self.first:
            self.first = False
            return "ws"
        return super().named(user)


class _OneRoom(Delivery):
    """Sends what belongs to one client without a name to all of them."""

    async def recipients(self, run: Run, event: Event) -> Sequence[Line]:
        return [line for line in self.lines.values() if line.handshake.user is None]


class _OneName(Delivery):
    async def deliver(self, run: Run, event: Event) -> None:
        await super().deliver(run, {**event, "user_id": "anonymous"})


class _OneRun(Delivery):
    async def deliver(self, run: Run, event: Event) -> None:
        await super().deliver(run, {**event, "run_id": "run_of_the_nameless"})


class _NeverStarts(Delivery):
    async def deliver(self, run: Run, event: Event) -> None:
        if event["type"] != RUN_EVENTS[0]:
            await super().deliver(run, event)


@pytest.mark.parametrize(
    ("delivery", "found"),
    [
        (None, set()),
        (ToAllOwnSockets, set()),
        (_ByToken, set()),
        (_ShowsNoUser, set()),
        (_Named, {"pooled"}),
        (_SometimesPools, {"pooled"}),
        (_OneRoom, {"foreign-event"}),
        (_OneName, {"foreign-user"}),
        (_OneRun, {"shared-id"}),
        *HARM,
        (_NeverStarts, {"lost-event"}),
    ],
)
def test_clients_without_a_name_share_nothing(delivery: type[Delivery] | None, found: set[str]) -> None:
    """No ID part, no event and no end; an ID that shows no user shows no pool either."""
    assert symptoms(nameless_clients_are_not_pooled, probe_of("U4", delivery)) == found


def test_the_finding_shows_two_ids_that_name_one_user() -> None:
    """It is one, however many clients there are."""
    (finding,) = findings_of(nameless_clients_are_not_pooled, probe_of("U4", _Named))
    assert finding.kind is Kind.CONNECTION
    assert len({shown.user for shown in finding.ids}) == len({shown.text for shown in finding.ids}) == 2
    assert finding.evidence[0].endswith("belong to two clients, and both name 'anonymous'.")


def test_opaque_ids_are_not_read() -> None:
    """Their backend says so; events and clean-up are judged all the same."""
    assert symptoms(nameless_clients_are_not_pooled, probe_of("U4", _Named, opaque_ids=True)) == set()
    world = probe_of("U4", _OneRoom, opaque_ids=True)
    assert symptoms(nameless_clients_are_not_pooled, world) == {"foreign-event"}


def test_from_outside_nobody_can_be_without_a_name() -> None:
    """Whom an endpoint takes a client for is its own business."""
    world = probe_of("U4")
    with pytest.raises(NotApplicable, match="cannot be set from here"):
        served_as(Outside, nameless_clients_are_not_pooled)(world)
    world.close()
