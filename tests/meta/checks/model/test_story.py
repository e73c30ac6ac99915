"""A disagreement becomes a finding that tells the story, marks the leak, and can be played again."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from id_isolation.checks.parts import model_accounts as accounts
from id_isolation.checks.parts import model_holding as holding
from id_isolation.checks.parts import model_invariants as invariants
from id_isolation.checks.parts import model_lines as lines
from id_isolation.checks.parts import model_registries as registries
from id_isolation.checks.parts import model_storing as storing
from id_isolation.checks.parts import model_story as story
from id_isolation.checks.parts.model_explore import Shown
from id_isolation.checks.parts.model_steps import Cast, Step
from id_isolation.history.events import Act
from id_isolation.history.finding import Finding
from id_isolation.power.twins.designs import OpaqueBackend
from id_isolation.world.delivery import Delivery, Line, Run

from .staged import played


class _ToAll(Delivery):
    async def recipients(self, run: Run, event: Mapping[str, Any]) -> Sequence[Line]:
        return list(self.lines.values())


class _ToNobody(Delivery):
    async def recipients(self, run: Run, event: Mapping[str, Any]) -> Sequence[Line]:
        return []


STEPS = ["log-in t1 B", "connect c1 B", "connect c2 A", "run r1 c2"]


def _finding(delivery: type[Delivery]) -> Finding:
    backend = OpaqueBackend()
    backend.delivery = delivery  # type: ignore[attr-defined]
    stage, disagreement = played(STEPS, backend)
    assert disagreement is not None
    cast = Cast(("{}", "x{}"), ("c", "b:c"))
    shown = Shown(cast, tuple(Step.read(text) for text in STEPS), stage, disagreement)
    return story.finding_of(stage.world, shown)


def test_the_steps_are_numbered_and_the_last_sentence_is_the_disagreement() -> None:
    """Each a sentence of its own."""
    finding = _finding(_ToAll)
    assert (finding.symptom, finding.problem) == ("foreign-event", "An event reaches another user.")
    assert finding.evidence == (
        "1. ben logs in with a new token t1.",
        "2. ben connects: connection c1.",
        "3. ana connects: connection c2.",
        "4. ana starts run r1 on connection c2.",
        "Then an event of run r1 of ana reaches ben.",
    )


def test_the_leak_is_the_last_event_in_the_lane_of_whoever_gained() -> None:
    """Or, where nobody gained, a release in the victim's own."""
    gained, lost = _finding(_ToAll).history[-1], _finding(_ToNobody).history[-1]
    assert (gained.lane, gained.owner, gained.action, gained.leak) == ("ben", "ana", Act.RECEIVE, True)
    assert (lost.lane, lost.owner, lost.action, lost.leak) == ("ana", "ana", Act.CLOSE, True)
    assert [event.leak for event in _finding(_ToAll).history[:-1]] == [False] * 4


def test_only_the_ids_that_are_mentioned_are_shown() -> None:
    """The thread of the run, and ben's session, are in no sentence and no event."""
    finding = _finding(_ToAll)
    mentioned = {event.subject for event in finding.history}
    assert {shown.text for shown in finding.ids} <= mentioned
    assert sorted(f"{shown.kind} of {shown.user}" for shown in finding.ids) == [
        "connection of ana",
        "connection of ben",
        "run of ana",
    ]


def test_a_finding_that_no_program_shows_again_says_so_in_its_remedy() -> None:
    """And has none."""

    class Local(_ToAll):
        """No module has it."""

    told, untold = _finding(_ToAll), _finding(Local)
    assert told.replay
    assert untold.replay == ""
    assert untold.fix.startswith(told.fix)
    assert "No program plays it again" in untold.fix


@pytest.mark.parametrize(
    "module", [accounts, holding, invariants, lines, registries, storing], ids=lambda m: m.__name__[24:]
)
def test_every_disagreement_that_is_raised_has_a_title(module: Any) -> None:
    """A finding without one could not be made."""
    tree = ast.parse(Path(module.__file__).read_text())
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and ast.unparse(n.func) == "Disagreement"]
    named = [node.value for call in calls for node in ast.walk(call.args[0]) if isinstance(node, ast.Constant)]
    assert calls
    assert set(named) <= set(story._TITLES)
