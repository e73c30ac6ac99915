"""Histories played on a small sound backend, or on one with something changed in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from id_isolation.checks.parts.lives_play import new_stage, perform
from id_isolation.checks.parts.lives_reference import Disagreement, Stage
from id_isolation.checks.parts.lives_steps import Step
from id_isolation.plan.kinds import Level, Surface
from id_isolation.power.twins.designs import OpaqueBackend

from ...bare import context_on

NAMES = {"A": "ana", "B": "ben"}


class Clock:
    """Stands in for a play's clock, and keeps how far it was put."""

    def __init__(self) -> None:
        self.moved = timedelta()

    def forward(self, by: timedelta) -> None:
        """Only counts."""
        self.moved += by


def stage_on(backend: Any = None, clock: Any = None) -> Stage:
    """The beginning of a play of two users, ana and ben."""
    world = context_on(backend or OpaqueBackend(), "C7", Surface.WEBSOCKET, Level.STRICT)
    return new_stage(world, NAMES, ("c", "b:c"), clock, 0.0)


def played(steps: Sequence[str], backend: Any = None, clock: Any = None) -> tuple[Stage, Disagreement | None]:
    """The stage after a history, and the first disagreement."""
    stage = stage_on(backend, clock)
    try:
        return stage, stage.world.run(perform(stage, [Step.read(text) for text in steps]))
    finally:
        stage.world.close()


def symptom(steps: Sequence[str], backend: Any = None) -> str | None:
    """The symptom of the disagreement that a history ends in, or None."""
    disagreement = played(steps, backend)[1]
    return disagreement.symptom if disagreement is not None else None
