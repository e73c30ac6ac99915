"""Tests of X3: IDs of processes that start alike, and as many IDs as the user asks for."""

from __future__ import annotations

import itertools
import json
import secrets
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from id_isolation.checks import x3_processes
from id_isolation.checks.x3_processes import unique_over_processes
from id_isolation.plan.kinds import Kind, Level
from id_isolation.world.effort import Effort
from id_isolation.world.world import Inconclusive, NotApplicable

from ..bare import Bare, context_on, findings_of
from .small import Minting, Small


class _AtRandom(Minting):
    """Numbers that no other process has."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = iter(lambda: secrets.randbits(128), None)  # type: ignore[assignment]


def test_a_counter_that_every_process_begins_alike_is_found_by_processes() -> None:
    """A copy of a process has the state that it had."""
    world = context_on(Small(), "X3", level=Level.STRICT, effort=Effort(0.2))
    assert {finding.symptom for finding in findings_of(unique_over_processes, world)} == {"repeated-id"}


def test_what_never_runs_as_two_processes_need_not_differ_from_its_copy() -> None:
    """Nothing is minted for such a comparison, nor kept for the one with other checks of the run."""
    backend: Any = Small()
    backend.one_process = True
    world = context_on(backend, "X3", level=Level.STRICT, effort=Effort(0.2))
    with pytest.raises(NotApplicable):
        unique_over_processes(world)
    world.keep_minted(["session_1"])
    assert world.run_data.evidence == ()


def test_random_numbers_are_no_finding_by_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fresh interpreters, which would have to find this backend by a name, are left out here."""
    monkeypatch.setattr("id_isolation.checks.x3_processes.spec_of", lambda _: "small")
    monkeypatch.setattr("id_isolation.checks.x3_processes.spawned", lambda *_, **__: [])
    backend = Small()
    backend.minting = _AtRandom()
    world = context_on(backend, "X3", level=Level.STRICT, effort=Effort(0.2))
    assert findings_of(unique_over_processes, world) == []
    assert world.judged_count > 0


class Counting:
    """Mints by a counter, with or without what sets processes apart."""

    def __init__(self, random: Any) -> None:
        self._numbers, self._random = itertools.count(), random

    def kinds(self) -> Any:
        return [Kind.SESSION]

    def mint(self, kind: Any, user: Any) -> Any:
        return f"session_{user}_{next(self._numbers)}_{secrets.token_hex(8) if self._random else ''}"


def probe_of(minting: Any, **options: Any) -> Any:
    return context_on(Bare(minting=minting), "X3", effort=Effort(1.0, tuple(options.items())))


@pytest.mark.parametrize("count", [1, 7, 3001])
def test_every_id_is_judged_and_the_figures_are_told(count: Any) -> None:
    """The number asked for is the number held against each other, whatever the number of processes."""
    world = probe_of(Counting(random=True))
    x3_processes.unique_at_scale(world, count)
    assert (world.judged_count, world.findings) == (count, [])
    assert f"{count:,} session IDs" in world.notes[0]
    assert "none came twice" in world.notes[0]
    assert "MiB" in world.notes[0]


def test_what_two_processes_both_minted_is_found_with_its_places() -> None:
    """The finding names the ID, the processes, and how many there were."""
    world = probe_of(Counting(random=False))
    x3_processes.unique_at_scale(world, 1000)
    world.judge_history()
    (finding,) = world.findings
    assert finding.symptom == "repeated-id"
    assert "process-1" in finding.evidence[0]
    assert "process-2" in finding.evidence[0]
    assert finding.ids[0].text in finding.evidence[0]


def test_the_progress_file_goes_from_nought_to_one(tmp_path: Path) -> None:
    """Minting and comparison are one way: the share never falls, and ends at one."""
    file = tmp_path / "progress"
    x3_processes.unique_at_scale(probe_of(Counting(random=True), progress=str(file)), 5000)
    shares = [json.loads(line)["share"] for line in file.read_text().splitlines()]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_a_disk_that_is_too_small_is_told_before_anything_is_minted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says how much is needed, where, and what to do."""
    monkeypatch.setattr(x3_processes.shutil, "disk_usage", lambda folder: SimpleNamespace(free=1000))
    world = probe_of(Counting(random=True))
    with pytest.raises(Inconclusive, match="--ids"):
        x3_processes.unique_at_scale(world, 1000)
    assert world.judged_count == 0


def test_the_deadline_grows_with_the_ids() -> None:
    """Ten million IDs may take longer than a few."""
    assert Effort(1.0, (("ids", "10000000"),)).patience == 100
    assert Effort(1.0, (("ids", "1000"),)).patience == 1


def test_each_worker_mints_its_share_and_hands_over_a_sample() -> None:
    """Under one name for all of its processes, which were compared with each other."""
    world = probe_of(Counting(random=True), share="1/3")
    x3_processes.unique_at_scale(world, 1000)
    (evidence,) = world.run_data.evidence
    assert (world.judged_count, evidence.count, len(evidence.digests)) == (333, 333, 333)


def test_a_worker_to_whom_no_id_falls_mints_none() -> None:
    """One ID for two workers is one worker's."""
    world = probe_of(Counting(random=True), share="1/2")
    x3_processes.unique_at_scale(world, 1)
    assert (world.judged_count, world.run_data.evidence) == (0, ())
