"""Tests of E4: messages that name another user's run or thread, on servers that take them in their own way."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from id_isolation.backend.protocol import BackendRefused, Connection, Handshake, Session
from id_isolation.checks.context import CheckContext
from id_isolation.checks.e4_foreign_names_in_messages import foreign_runs_are_refused
from id_isolation.plan.kinds import Level, Surface
from id_isolation.power.faults.events import (
    ChecksRunsOnly,
    FindsRunsByPrefix,
    NeverCompletes,
    OutlivesItsToken,
    OutOfOrder,
    ToEverybody,
    TrustsNamedIds,
    Twice,
    WithAnotherRunsId,
    WithAnotherUsersName,
)
from id_isolation.power.twins.connections import NewestWins, SecondRefused, ToAllOwnSockets
from id_isolation.world import delivery
from id_isolation.world.delivery import Delivery, Line, Run
from id_isolation.world.users import ordinary_users
from id_isolation.world.world import Inconclusive

from ..bare import context_on, findings_of
from ..world.backends import SmallBackend


class _Noting(Delivery):
    """Notes who is refused what; what a refusal does to the run that was named is for others to say."""

    noted: list[tuple[str, str | None]]

    def may_name(self, line: Line, run: str | None, thread: str | None) -> bool:
        may = super().may_name(line, run, thread)
        if not may:
            self.backend.noted.append((line.user, run))  # type: ignore[attr-defined]
            if run in self.runs:
                self.touched(line, self.runs[run])
        return may

    def touched(self, line: Line, run: Run) -> None:
        """Nothing becomes of a run that is named."""


class _LetsItGoOn(_Noting):
    def touched(self, line: Line, run: Run) -> None:
        run.waiting = False
        run.resumed.set()


class _Forgets(_Noting):
    def touched(self, line: Line, run: Run) -> None:
        self.runs.pop(run.context.run)


class _Cancels(_Noting):
    def touched(self, line: Line, run: Run) -> None:
        assert run.task is not None
        run.task.cancel()


class _CancelsForTheThird(_Cancels):
    """Cancels what three users have named."""

    def touched(self, line: Line, run: Run) -> None:
        named = {user for user, text in self.backend.noted if text == run.context.run}  # type: ignore[attr-defined]
        if len(named) > 2:
            super().touched(line, run)


class _ClosesItsUser(_Noting):
    """Ends the connection that a run was started on, in place of the one that named it."""

    def touched(self, line: Line, run: Run) -> None:
        self.closing = asyncio.ensure_future(self.lines[run.connection_id].close(1008, "not yours"))


class _LooksUpConnections(Delivery):
    """Takes the ID of any connection for one's own run."""

    def may_name(self, line: Line, run: str | None, thread: str | None) -> bool:
        return run in self.lines or super().may_name(line, run, thread)


class _ThrowsOut(_Noting):
    """Ends the connection of whoever names what is another's."""

    def may_name(self, line: Line, run: str | None, thread: str | None) -> bool:
        may = super().may_name(line, run, thread)
        if not may:
            self.closing = asyncio.ensure_future(line.close(1008, "not yours"))
        return may


class _ThrowsOutAndForgets(_ThrowsOut, _Forgets):
    """And drops the run that was named."""


class _ThrowsOutAndFindsByPrefix(_ThrowsOut, FindsRunsByPrefix):
    """And takes the beginning of a run's ID for its own."""


class _LetsNobodyBackIn(_ThrowsOut):
    """And keeps whoever was thrown out from coming back."""

    async def admit(self, handshake: Handshake) -> Connection:
        connection = await super().admit(handshake)
        if connection.user in {user for user, _ in self.backend.noted}:  # type: ignore[attr-defined]
            raise BackendRefused("banned")
        return connection


def _judged(delivery: type[Delivery], backend: Any = None) -> tuple[CheckContext, set[str]]:
    backend = backend or SmallBackend()
    backend.delivery, backend.noted = delivery, []
    world = context_on(backend, "E4", Surface.WEBSOCKET, Level.STRICT)
    symptoms = {str(finding.symptom) for finding in findings_of(foreign_runs_are_refused, world)}
    assert world.judged_count > 20
    return world, symptoms


@pytest.mark.parametrize(
    "delivery", [Delivery, NewestWins, SecondRefused, ToAllOwnSockets, _Noting, _ThrowsOut, Twice, OutlivesItsToken]
)
def test_a_server_that_refuses_what_is_anothers_passes(delivery: type[Delivery]) -> None:
    """However it delivers otherwise; what comes twice and what a token is worth is for E2 and E5 to say."""
    world, found = _judged(delivery)
    assert found == set()
    assert world.judged_count > 100


@pytest.mark.parametrize(
    ("delivery", "symptoms"),
    [
        (FindsRunsByPrefix, {"attack-accepted"}),
        (_LooksUpConnections, {"attack-accepted"}),
        (ChecksRunsOnly, {"attack-accepted", "foreign-event"}),
        (TrustsNamedIds, {"attack-accepted", "foreign-event", "lost-event", "victim-run-hurt"}),
        (_ThrowsOutAndFindsByPrefix, {"attack-accepted"}),
        (_ThrowsOutAndForgets, {"victim-run-hurt", "victim-hurt", "cut-off"}),
        (_LetsItGoOn, {"victim-run-hurt"}),
        (_Forgets, {"victim-run-hurt", "lost-event"}),
        (_Cancels, {"victim-run-hurt", "lost-event"}),
        (_CancelsForTheThird, {"victim-run-hurt", "lost-event"}),
        (_ClosesItsUser, {"victim-run-hurt", "victim-hurt", "cut-off"}),
        (ToEverybody, {"foreign-event"}),
        (WithAnotherUsersName, {"foreign-user"}),
        (WithAnotherRunsId, {"mixed-run", "shared-id"}),
        (OutOfOrder, {"out-of-order"}),
        (NeverCompletes, {"lost-event"}),
    ],
)
def test_what_a_foreign_name_does_is_found(delivery: type[Delivery], symptoms: set[str]) -> None:
    """To whoever sends it, to the run that it names, and to all that is received meanwhile."""
    assert _judged(delivery)[1] == symptoms


@pytest.mark.parametrize(
    ("delivery", "symptom", "told"),
    [
        (FindsRunsByPrefix, "attack-accepted", "(cut, longer and respelt), one of 3; the run is run_chat_"),
        (_LooksUpConnections, "attack-accepted", "sent read_run and named ws_conn_"),
        (_Forgets, "victim-run-hurt", "can no longer be read by its user and ended after 2 of five events, after "),
        (_Cancels, "victim-run-hurt", "sent read_run and named run_chat_"),
        (_CancelsForTheThird, "victim-run-hurt", "after several users named it."),
        (_LetsItGoOn, "victim-run-hurt", "went on without its user"),
    ],
)
def test_the_finding_names_the_message_and_what_it_does(delivery: type[Delivery], symptom: str, told: str) -> None:
    """The first that does it by itself, where one does."""
    (finding,) = (finding for finding in _judged(delivery)[0].findings if finding.symptom == symptom)
    assert told in finding.evidence[0]
    assert finding.history


class _Sessions:
    """One session of each user, at whose log-in nobody looks."""

    async def log_in(self, token: str) -> Session:
        raise BackendRefused("no new ones")

    async def records(self) -> list[Session]:
        return [Session(user, f"session_of_{user}") for user in ordinary_users(2000)]


@pytest.mark.parametrize("delivery", [_Noting, _ThrowsOut])
def test_every_id_of_the_victim_is_named(delivery: type[Delivery]) -> None:
    """Its connection and its session as well as its runs, by each of three users or by one of them."""
    backend: Any = SmallBackend()
    backend.sessions = _Sessions()
    _judged(delivery, backend)
    named = {text for _, text in backend.noted if text}
    assert {text.partition("_")[0] for text in named} >= {"run", "ws", "session"}
    (session,) = (text for text in named if text.startswith("session_of_"))
    assert session.removeprefix("session_of_") not in {user for user, _ in backend.noted}
    assert len({user for user, _ in backend.noted}) == 3


def test_a_user_who_is_not_let_in_again_leaves_the_rest_untold() -> None:
    """What was not sent was not refused."""
    with pytest.raises(Inconclusive, match="was thrown out and is not let in again"):
        _judged(_LetsNobodyBackIn)


def test_users_who_are_meant_to_take_part_attack_nothing() -> None:
    """Where the backend says that the thread is theirs too."""
    backend: Any = SmallBackend()
    backend.shares = lambda thread, user: True
    world, found = _judged(_Noting, backend)
    assert (found, backend.noted) == (set(), [])
    assert all("is meant to take part in thread_chat_" in note for note in world.notes)
    assert world.notes


@pytest.mark.parametrize("features", [("sync", "threads"), ("sync", "commands"), ("sync", "hold")])
def test_a_server_on_which_no_run_can_be_named_is_judged_by_what_starts_name(
    features: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or on which no run stays while it is named."""
    monkeypatch.setattr(delivery, "FEATURES", features)
    world, found = _judged(Delivery)
    assert found == set()
    assert world.judged_count
