"""Planted deliveries that are right until a line ends in the middle of a run, and harm others from then on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from id_isolation.world.delivery import RUN_EVENTS, Delivery, Line, Run

Event = Mapping[str, Any]


class AfterALoss(Delivery):
    """Knows by `lost` whether a line has ended in the middle of a run, however it ended."""

    lost = False

    async def close(self, line: Line, clean: bool) -> None:
        runs = [run for run in self.runs.values() if run.connection_id == line.connection_id]
        await super().close(line, clean)
        if not self.lost and any(len(run.log) < len(RUN_EVENTS) for run in runs):
            self.lost = True
            await self.first_loss()

    async def first_loss(self) -> None:
        """What is done at once when the first is lost."""


class EndsAllOthers(AfterALoss):
    """Every other line goes with it."""

    async def first_loss(self) -> None:
        for other in list(self.lines.values()):
            await other.close(4000, "somebody else was lost")


class GoesSilent(AfterALoss):
    """Sends nothing but the first event any more."""

    async def recipients(self, run: Run, event: Event) -> Sequence[Line]:
        silent = self.lost and event["type"] != RUN_EVENTS[0]
        return [] if silent else await super().recipients(run, event)


class ForgetsThreads(AfterALoss):
    """Gives every run a thread of its own, whichever it is to go on in."""

    async def begin(self, line: Line, thread: str | None) -> Run:
        return await super().begin(line, None if self.lost else thread)


HARM: list[tuple[type[Delivery], set[str]]] = [
    (EndsAllOthers, {"cut-off", "victim-hurt"}),
    (GoesSilent, {"lost-event", "victim-hurt"}),
    (ForgetsThreads, {"victim-hurt"}),
]
"""Each with the symptoms that it shows to a bystander."""
