"""Tests of E1 as a load: how many users are brought, and what is told of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from id_isolation.backend.protocol import BackendBroke
from id_isolation.checks.e1_own_events_only import each_user_receives_its_own_events
from id_isolation.world import swarm
from id_isolation.world.effort import Effort
from id_isolation.world.world import NotApplicable

from .served import probe_of, symptoms


def test_a_load_tells_its_progress_and_its_figures(tmp_path: Path) -> None:
    """The note and what goes along with the verdict are of exactly the users that were asked for."""
    path = tmp_path / "progress"
    world = probe_of("E1", effort=Effort(0.2, (("users", "2"), ("progress", str(path)))))
    assert symptoms(each_user_receives_its_own_events, world) == set()
    assert world.load is not None
    assert (world.load.users, world.load.lost, world.load.misdelivered) == (2, 0, 0)
    assert world.notes == [str(world.load)]
    assert json.loads(path.read_text().splitlines()[-1])["share"] == 1.0


def test_without_a_load_there_are_no_figures() -> None:
    """Nobody asked for them."""
    world = probe_of("E1")
    assert symptoms(each_user_receives_its_own_events, world) == set()
    assert (world.load, world.notes) == (None, [])


def test_a_worker_to_whom_no_user_falls_has_nothing_to_judge() -> None:
    """Two users are too few for two workers."""
    world = probe_of("E1", effort=Effort(0.2, (("users", "2"), ("share", "1/2"))))
    with pytest.raises(NotApplicable, match="other workers bring all of the 2 users"):
        each_user_receives_its_own_events(world)


def test_more_users_than_the_system_takes_break_the_check_before_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the system's limit told; without a load nobody asks for it."""
    monkeypatch.setattr(swarm, "file_limit", lambda sockets: f"{sockets} are too many")
    with pytest.raises(BackendBroke, match="6 are too many"):
        each_user_receives_its_own_events(probe_of("E1", effort=Effort(0.2, (("users", "3"),))))
    assert symptoms(each_user_receives_its_own_events, probe_of("E1")) == set()
