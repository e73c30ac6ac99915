"""Tests of E5: live sockets whose token ends or becomes another's, on servers that go by it in their own way."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from id_isolation.backend.protocol import BackendRefused
from id_isolation.checks.context import CheckContext
from id_isolation.checks.e5_ended_tokens import ended_tokens_end_their_socket
from id_isolation.plan.kinds import Level, Surface
from id_isolation.power.faults.events import (
    IgnoresANewUser,
    LogOutEndsEverySocket,
    NeverCompletes,
    OutlivesItsToken,
    OutOfOrder,
    ToEverybody,
    WithAnotherRunsId,
    WithAnotherUsersName,
)
from id_isolation.power.twins.connections import NewestWins, SecondRefused, ToAllOwnSockets
from id_isolation.world.delivery import Delivery, Line
from id_isolation.world.users import ordinary_users
from id_isolation.world.world import NotApplicable

from ..bare import context_on, findings_of
from ..world.backends import SmallBackend

pytestmark = pytest.mark.usefixtures("_short_unit")


class _LooksNowAndThen(Delivery):
    """Asks for a token again at every tenth message alone."""

    def __init__(self, backend: Any) -> None:
        super().__init__(backend)
        self.messages: Counter[Line] = Counter()

    async def still_valid(self, line: Line) -> bool:
        self.messages[line] += 1
        return self.messages[line] % 10 != 0 or await super().still_valid(line)


class _EndsEverybodys(Delivery):
    """One token's end is everybody's."""

    async def still_valid(self, line: Line) -> bool:
        valid = await super().still_valid(line)
        for other in [] if valid else [other for other in self.lines.values() if other is not line]:
            await other.close(1008, "the tokens have changed")
        return valid


class _CloseOnly(Delivery):
    """Ends the connection itself and says that nothing is wrong, so that the message is carried out for nobody."""

    async def still_valid(self, line: Line) -> bool:
        if not await super().still_valid(line):
            await line.close(4001, "log in again")
        return True


def _judged(backend: Any) -> tuple[CheckContext, set[str]]:
    world = context_on(backend, "E5", Surface.WEBSOCKET, Level.STRICT)
    symptoms = {str(finding.symptom) for finding in findings_of(ended_tokens_end_their_socket, world)}
    assert world.judged_count > 20
    return world, symptoms


@pytest.mark.parametrize("delivery", [Delivery, NewestWins, SecondRefused, ToAllOwnSockets, _CloseOnly, OutOfOrder])
def test_a_socket_that_ends_with_its_token_is_no_finding(delivery: type[Delivery]) -> None:
    """However many sockets a user may have; in which order events come is for E2 to say."""
    assert _judged(SmallBackend(delivery))[1] == set()


@pytest.mark.parametrize(
    ("delivery", "symptoms"),
    [
        (OutlivesItsToken, {"outlives-token"}),
        (IgnoresANewUser, {"outlives-token"}),
        (_LooksNowAndThen, {"outlives-token"}),
        (LogOutEndsEverySocket, {"cut-off", "victim-hurt"}),
        (_EndsEverybodys, {"cut-off", "victim-hurt"}),
        (ToEverybody, {"foreign-event"}),
        (WithAnotherUsersName, {"foreign-user"}),
        (WithAnotherRunsId, {"shared-id"}),
        (NeverCompletes, {"lost-event"}),
    ],
)
def test_what_is_wrong_with_live_sockets_is_found(delivery: type[Delivery], symptoms: set[str]) -> None:
    """A socket that goes on, one that ends too, and whatever else its users see."""
    assert _judged(SmallBackend(delivery))[1] == symptoms


@pytest.mark.parametrize(
    ("delivery", "told"),
    [
        (OutlivesItsToken, "was withdrawn; after its next message it received 5 events of a run"),
        (IgnoresANewUser, "after its next message it received 5 events of a run"),
    ],
)
def test_the_finding_says_what_became_of_the_token(delivery: type[Delivery], told: str) -> None:
    """And what the socket still received."""
    finding = next(f for f in _judged(SmallBackend(delivery))[0].findings if f.symptom == "outlives-token")
    assert told in finding.evidence[0]
    assert ("was given to" in finding.evidence[0]) is (delivery is IgnoresANewUser)
    assert any(event.leak for event in finding.history)


@pytest.mark.parametrize(("delivery", "count"), [(Delivery, 2), (NewestWins, 4)])
def test_two_log_ins_of_one_user_are_tried_where_there_may_be_two(
    delivery: type[Delivery], count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a user has one socket, each of the four is another user's."""
    backend = SmallBackend(delivery)
    issue, users = backend.tokens.issue, []

    async def noted(user: str) -> str:
        users.append(user)
        return await issue(user)

    monkeypatch.setattr(backend.tokens, "issue", noted)
    _judged(backend)
    # The tokens before serve to see how many sockets a user may have, and what else a log-out ends.
    assert len(set(users[-4:])) == count


class _OneSocket(NewestWins, OutlivesItsToken):
    """One socket for each user, which goes on without its token."""


class _OneSocketIgnoring(NewestWins, IgnoresANewUser):
    """One socket for each user, which goes on when its token is another's."""


@pytest.mark.parametrize(
    ("delivery", "users", "findings"),
    [
        (NewestWins, 2, 0),
        (NewestWins, 3, 0),
        (_OneSocket, 2, 1),
        (_OneSocket, 3, 1),
        (_OneSocketIgnoring, 2, 0),
        (_OneSocketIgnoring, 3, 1),
    ],
)
def test_two_users_with_one_socket_each_are_enough(delivery: type[Delivery], users: int, findings: int) -> None:
    """One ends and one looks on; it takes a third to be given another user, and a note says so where there is none."""
    backend: Any = SmallBackend(delivery)
    backend.users_to_judge = ordinary_users(users)
    world = context_on(backend, "E5", Surface.WEBSOCKET, Level.STRICT)
    found = findings_of(ended_tokens_end_their_socket, world)
    assert [finding.symptom for finding in found] == ["outlives-token"] * findings
    assert len(world.notes) == (users == 2)


@pytest.mark.parametrize(("delivery", "symptoms"), [(Delivery, set()), (OutlivesItsToken, {"outlives-token"})])
def test_tokens_that_are_never_given_to_another_user_are_judged_by_their_end(
    delivery: type[Delivery], symptoms: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The note says so."""

    async def reassign(token: str, user: str) -> None:
        raise BackendRefused("tokens are signed")

    backend = SmallBackend(delivery)
    monkeypatch.setattr(backend.tokens, "reassign", reassign)
    world, found = _judged(backend)
    assert found == symptoms
    assert [note.endswith("another user: tokens are signed.") for note in world.notes] == [True]


class _Elsewhere:
    """A deployed endpoint, which nobody connects to here."""

    address = "ws://127.0.0.1:9/ws"
    outside = True

    def check(self) -> None:
        """Nothing of it can be seen."""


def test_tokens_of_a_deployed_endpoint_cannot_be_ended() -> None:
    """It is not judged, and no socket is opened."""
    backend: Any = SmallBackend()
    backend.site = _Elsewhere()
    with pytest.raises(NotApplicable, match="cannot be withdrawn or re-assigned"):
        _judged(backend)
