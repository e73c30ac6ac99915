"""Tests of E6: what users get who come back, and what others notice of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from id_isolation.backend.protocol import Backend, Connection, Handshake
from id_isolation.checks import e3_lost_lines as lost_lines
from id_isolation.checks.e6_reconnect import reconnects_get_their_own
from id_isolation.power.faults.lost_lines import (
    AfterClose,
    EndsRunsByTheNamesBeginning,
    RegistryKeptAfterReset,
    ReusedConnectionId,
)
from id_isolation.power.twins.connections import TWINS
from id_isolation.world import delivery
from id_isolation.world.delivery import Delivery, Line, Run

from .mid_run import HARM, AfterALoss
from .served import probe_of, symptoms


class _PassesOn(Delivery):
    """Gives a user the connection ID that others have left."""

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend)
        self.had: dict[str, set[str]] = {}

    async def admit(self, handshake: Handshake) -> Connection:
        fresh = await super().admit(handshake)
        left = (known for known, users in self.had.items() if fresh.user not in users and known not in self.lines)
        connection = replace(fresh, connection_id=next(left, fresh.connection_id))
        self.had.setdefault(connection.connection_id, set()).add(fresh.user)
        return connection


class _AnothersName(AfterALoss):
    async def deliver(self, run: Run, event: Mapping[str, Any]) -> None:
        await super().deliver(run, {**event, "user_id": "admin"} if self.lost else event)


class _ToAllOnceLost(AfterALoss):
    async def recipients(self, run: Run, event: Mapping[str, Any]) -> Sequence[Line]:
        return list(self.lines.values()) if self.lost else await super().recipients(run, event)


@pytest.mark.parametrize("delivery", [None, *(twin.delivery for twin in TWINS)])
def test_a_reconnect_with_a_new_id_and_its_own_events_passes(delivery: type[Delivery] | None) -> None:
    """Whether old and new lines of one user may be there together is a policy."""
    assert symptoms(reconnects_get_their_own, probe_of("E6", delivery)) == set()


@pytest.mark.slow
def test_what_a_server_keeps_of_lost_lines_is_left_to_another_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as it sends nothing of it; how long the server is waited for changes nothing."""
    monkeypatch.setattr(lost_lines, "units", lambda count: 0.02 * count)
    assert symptoms(reconnects_get_their_own, probe_of("E6", RegistryKeptAfterReset)) == set()


@pytest.mark.parametrize(
    ("delivery", "found"),
    [
        (ReusedConnectionId, {"reused-connection"}),
        (_PassesOn, {"shared-id"}),
        (AfterClose, {"old-tail"}),
        (_ToAllOnceLost, {"foreign-event"}),
        (_AnothersName, {"foreign-user"}),
        (EndsRunsByTheNamesBeginning, {"lost-event"}),
        *HARM,
    ],
)
def test_what_a_reconnect_gets_of_another_line_is_found(delivery: type[Delivery], found: set[str]) -> None:
    """Its ID, its events, or its end; a bystander must not notice anything."""
    assert symptoms(reconnects_get_their_own, probe_of("E6", delivery)) == found


def test_a_server_that_cannot_hold_a_run_is_judged_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its runs may be over before the line is."""
    monkeypatch.setattr(delivery, "FEATURES", ("sync", "threads"))
    assert symptoms(reconnects_get_their_own, probe_of("E6")) == set()
