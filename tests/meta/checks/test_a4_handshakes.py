"""Tests of A4: handshakes that should be worth nothing without a token, and what they take from a user."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from id_isolation.backend.protocol import BackendRefused, Connection, Handshake
from id_isolation.checks.a4_ids_are_no_credentials import an_id_connects_nobody
from id_isolation.plan.kinds import Surface

from .token_service import Service, judged

Fits = Callable[[Handshake], bool]


class _LocksOut(Service):
    """Lets nobody in any more for whom three handshakes came that `count`; `whose` account a handshake is held against.

    A token that is right is held against nobody.
    """

    def __init__(self, counts: Fits, whose: Callable[[Handshake], str | None] = lambda given: given.user) -> None:
        super().__init__()
        self.counts, self.whose = counts, whose
        self.bad: Counter[str | None] = Counter()

    async def connect(self, handshake: Handshake) -> Connection:
        self.bad[self.whose(handshake)] += handshake.token not in self.users and self.counts(handshake)
        if self.bad[self.whose(handshake)] > 2:
            raise BackendRefused("locked")
        return await super().connect(handshake)


class _LetsIn(Service):
    """Takes whoever's handshake fits for the user whom it names."""

    def __init__(self, fits: Fits) -> None:
        super().__init__()
        self.fits = fits

    async def connect(self, handshake: Handshake) -> Connection:
        if self.fits(handshake):
            return Connection(f"ws_conn_somebody_{self.tail()}", handshake.user or "somebody")
        return await super().connect(handshake)


@pytest.mark.parametrize(
    ("service", "symptom", "told"),
    [
        (_LetsIn(lambda given: "authorization" not in given.headers), "id-opens", "The session ID, whole, of"),
        (_LetsIn(lambda given: given.preliminary_id is not None), "id-opens", "No token, but the connection ID of"),
        (_LetsIn(lambda given: not (given.headers or given.preliminary_id)), "id-opens", "No valid token of"),
        (_LetsIn(lambda given: "-" in given.token), "id-opens", "No valid token of"),
        (_LetsIn(lambda given: given.headers.get("authorization") == "Bearer "), "id-opens", "No valid token of"),
        (_LocksOut(lambda given: True, lambda given: "everybody"), "victim-hurt", "After wrong tokens in the name of"),
        (_LocksOut(lambda given: "_" in given.token), "victim-hurt", "After presenting the "),
    ],
    ids=["subprotocol", "resumed", "nothing", "no token", "an empty one", "all are locked", "locked by its own IDs"],
)
def test_a_handshake_that_is_as_good_as_a_token_is_found(service: Service, symptom: str, told: str) -> None:
    """As is one that shuts its victim out."""
    found = judged(an_id_connects_nobody, service, Surface.WEBSOCKET)[1]
    assert set(found) == {symptom}
    assert found[symptom].startswith(told)


@pytest.mark.parametrize(
    "counts", [lambda given: True, lambda given: not given.token], ids=["wrong", "without a token"]
)
def test_a_lock_out_of_the_account_that_is_attacked_is_a_policy(counts: Fits) -> None:
    """Wrong tokens in a user's name lock that user out and nobody else; the check says what it left out."""
    world, found = judged(an_id_connects_nobody, _LocksOut(counts), Surface.WEBSOCKET)
    assert found == {}
    assert any("lock the account" in note for note in world.notes)
