"""Checks over real sockets, on a small backend with a delivery or ports of a test's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from typing import Any

from id_isolation.checks.context import CheckContext
from id_isolation.plan.kinds import Level, Surface
from id_isolation.world.delivery import Delivery
from id_isolation.world.effort import Effort
from id_isolation.world.socket_server import Hosted, hosted

from ..bare import context_on, findings_of
from ..world.backends import SmallBackend

CarryOut = Callable[[CheckContext], None]
FEW = Effort(0.2)


def probe_of(
    check: str,
    delivery: type[Delivery] | None = None,
    level: Level = Level.STRICT,
    effort: Effort = FEW,
    **parts: Any,
) -> CheckContext:
    """A world of a check on a small backend; `parts` are attributes of the backend that replace its own."""
    backend = SmallBackend(delivery)
    for name, part in parts.items():
        setattr(backend, name, part)
    return context_on(backend, check, Surface.WEBSOCKET, level, effort=effort)


def symptoms(carry_out: CarryOut, world: CheckContext) -> set[str]:
    """The symptoms of what a check finds, once it is sure that something was judged."""
    found = {finding.symptom for finding in findings_of(carry_out, world)}
    assert world.judged_count > 0
    return found


class Outside:
    """A server of which nothing but its lines can be seen."""

    outside = True

    def __init__(self, inner: Hosted) -> None:
        self.address = inner.address

    async def held(self) -> Mapping[str, int] | None:
        return None

    def check(self) -> None:
        """Nobody sees from outside what broke."""


def served_as(site: Callable[..., Any], carry_out: CarryOut, servers: int = 1) -> CarryOut:
    """The same check on a backend that is served already, by so many servers; `site` makes one place of them."""

    def carry(world: CheckContext) -> None:
        stack = AsyncExitStack()

        async def serve() -> list[Hosted]:
            return [await stack.enter_async_context(hosted(world.backend)) for _ in range(servers)]

        world.backend.site = site(*world.run(serve()))  # type: ignore[attr-defined]
        try:
            carry_out(world)
        finally:
            world.run(stack.aclose())

    return carry
