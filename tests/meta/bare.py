"""A backend with no ports but those that a test gives it, and a world on it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from id_isolation.backend.protocol import Missing
from id_isolation.checks.check import check_of
from id_isolation.checks.context import CheckContext, Violation
from id_isolation.history.finding import Finding
from id_isolation.plan.kinds import Level, Surface
from id_isolation.world.effort import Effort


@dataclass
class Bare:
    """Every port is None unless it is given; `missing` says why, where a test wants it said."""

    name: str = "bare"
    opaque_ids: bool = False
    missing: Mapping[str, Missing] = field(default_factory=dict)
    minting: Any = None
    reading: Any = None
    tokens: Any = None
    sessions: Any = None
    contexts: Any = None
    sockets: Any = None
    cleanup: Any = None
    stored: Any = None
    matching: Any = None

    def surfaces(self) -> Collection[Surface]:
        """All of them."""
        return tuple(Surface)


def context_on(
    backend: Any = None,
    check: str = "X1",
    surface: Surface = Surface.GENERATOR,
    level: Level = Level.PLAN,
    seed: int = 1,
    effort: Effort | None = None,
) -> CheckContext:
    """A world of one check, on a bare backend unless another is given."""
    return CheckContext(backend or Bare(), check_of(check), surface, level, seed, effort)


def findings_of(carry_out: Callable[[CheckContext], None], world: CheckContext) -> list[Finding]:
    """What a check finds, be it recorded or raised; the world is closed then."""
    try:
        carry_out(world)
    except Violation as violation:
        world.find(violation.finding)
    finally:
        world.close()
    world.judge_history()
    return world.findings
