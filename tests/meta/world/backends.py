"""A small backend that is right in everything: planted faults are the only thing wrong with what stands on it."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Collection, Sequence
from types import MappingProxyType

from id_isolation.backend.protocol import BackendRefused, Connection, ContextIds, Handshake, Missing
from id_isolation.drivers.checkout_websocket import SimulatedFactory
from id_isolation.history.finding import Verdict
from id_isolation.judging.judge import judge
from id_isolation.plan.kinds import Kind, Level, Surface
from id_isolation.world.delivery import Delivery
from id_isolation.world.effort import Effort
from id_isolation.world.simulated_auth import SimulatedAuthService


class _Minting:
    def __init__(self) -> None:
        self._counter = itertools.count(1)

    def kinds(self) -> Sequence[Kind]:
        return [Kind.CONNECTION]

    def mint(self, kind: Kind, user: str) -> str:
        slug = "".join(letter for letter in user if letter.isalnum())
        return f"ws_conn_{slug}_1700000000000_{next(self._counter):03d}_{secrets.token_hex(4)}"

    def mint_context(self, user: str, operation: str) -> ContextIds:
        token = f"{operation}_{next(self._counter)}_{secrets.token_hex(4)}"
        return ContextIds(user, f"thread_{token}", f"run_{token}", f"req_{token}")

    def restart(self) -> None:
        self._counter = itertools.count(1)


class _Sockets:
    def __init__(self, tokens: SimulatedAuthService, minting: _Minting) -> None:
        self._tokens = tokens
        self._minting = minting

    async def connect(self, handshake: Handshake) -> Connection:
        user = self._tokens.user_of(handshake.token)
        if user is None:
            raise BackendRefused("the token is not valid")
        named = handshake.user or f"anonymous{secrets.token_hex(4)}"
        return Connection(handshake.preliminary_id or self._minting.mint(Kind.CONNECTION, named), user)


class SmallBackend:
    """A `Backend` with tokens, sockets, minting and clean-up; `delivery` may be a planted fault."""

    name = "small"
    opaque_ids = False
    reading = sessions = contexts = stored = matching = None
    missing = MappingProxyType(
        dict.fromkeys(("reading", "sessions", "contexts", "stored", "matching"), Missing("it is small"))
    )

    def __init__(self, delivery: type[Delivery] | None = None) -> None:
        self.delivery = delivery
        self.tokens = SimulatedAuthService()
        self.minting = _Minting()
        self.sockets = _Sockets(self.tokens, self.minting)
        self.cleanup = SimulatedFactory()

    def surfaces(self) -> Collection[Surface]:
        return [Surface.WEBSOCKET]


def judged(check: str, delivery: type[Delivery] | None = None, seed: int = 1, scale: float = 0.25) -> Verdict:
    """The verdict of one event check on a small backend with this delivery."""
    return judge(SmallBackend(delivery), check, Surface.WEBSOCKET, Level.STRICT, seed, Effort(scale))
