"""Figures and progress of a load."""

from __future__ import annotations

import json
from pathlib import Path

from id_isolation.power.faults.events import NeverCompletes, ToEverybody
from id_isolation.world.delivery import Delivery
from id_isolation.world.socket_server import hosted
from id_isolation.world.swarm import Figures, Progress, Swarm, figures, into_file, reported, together

from .backends import SmallBackend


async def _loaded(delivery: type[Delivery] | None, progress: list[Progress]) -> Figures:
    backend = SmallBackend(delivery)
    async with hosted(backend) as site, Swarm(site, backend.tokens.issue) as swarm:
        people = [await swarm.join(name) for name in ("ana.silva", "ben.weber", "eva.novak")]
        async with reported(swarm, 3, 3, progress.append):
            clients = await swarm.open_all(people)
            await together(client.start() for client in clients)
            await swarm.settle()
    return figures(swarm, 1.5)


async def test_figures_of_a_sound_server() -> None:
    """Everything due is delivered, and the progress ends at the whole."""
    progress: list[Progress] = []
    result = await _loaded(None, progress)
    assert (result.users, result.opened, result.delivered) == (3, 3, 15)
    assert (result.lost, result.misdelivered) == (0, 0)
    assert 0 < result.p50 <= result.p99
    assert progress[-1].share == 1.0
    assert "15 events delivered, 0 lost, 0 misdelivered" in str(result)


async def test_figures_of_faulty_servers() -> None:
    """What is lost and what went to others is counted."""
    assert (await _loaded(NeverCompletes, [])).lost == 3
    assert (await _loaded(ToEverybody, [])).misdelivered == 30


def test_progress_goes_into_a_file_line_by_line(tmp_path: Path) -> None:
    """Whoever draws the bar in another process reads the last line."""
    report = into_file(tmp_path / "progress")
    report(Progress(1, 2, 0, 10))
    report(Progress(2, 2, 10, 10))
    lines = (tmp_path / "progress").read_text().splitlines()
    assert [json.loads(line)["share"] for line in lines] == [1 / 12, 1.0]
