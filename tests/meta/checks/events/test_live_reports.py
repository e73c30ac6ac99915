"""Tests of what the checks over real sockets report: anomalies of a history as findings."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from id_isolation.checks.context import CheckContext
from id_isolation.checks.parts.live import LIVE, OWN_EVENTS, TITLES, finding_of, report
from id_isolation.history.events import Act
from id_isolation.plan.kinds import Kind
from id_isolation.world.delivery import RUN_EVENTS
from id_isolation.world.oracle import Anomaly, Did, Name, Step

from ..served import probe_of


def _run(user: str, task: int, *types: str, said: str = "", thread: str = "") -> list[Step]:
    """A run with its events as its own user received them, on a socket that has the run's number."""
    run = (f"run_{task}", thread or f"thread_{task}")
    return [
        Step(Did.OPEN, user, task, connection=f"ws_{task}"),
        Step(Did.START, user, task, owner=user, task=task),
        *(Step(Did.SEE, user, task, type_, *run, said=said, owner=user, task=task) for type_ in types),
    ]


def _reported(history: list[Step], *, outside: bool = False, names: Any = OWN_EVENTS, **parts: Any) -> CheckContext:
    world = probe_of("E6", **parts)
    report(world, SimpleNamespace(history=history, site=SimpleNamespace(outside=outside)), names)  # type: ignore[arg-type]
    return world


def test_every_event_of_a_run_counts_as_judged() -> None:
    """One without a run, and all else that was done, does not."""
    history = [*_run("ana", 1, *RUN_EVENTS), Step(Did.SEE, "ana", 1, "welcome")]
    world = _reported(history)
    assert (world.judged_count, world.findings) == (5, [])


def test_the_same_anomaly_is_one_finding_that_counts_the_others() -> None:
    """Of its first, with the user's own steps and IDs; a single one is not counted."""
    world = _reported([*_run("ana", 1, *RUN_EVENTS[:3]), *_run("ben", 2, *RUN_EVENTS[:4])])
    (finding,) = world.findings
    assert (finding.symptom, finding.problem) == ("lost-event", TITLES[Name.LOST_EVENT])
    assert finding.evidence == (
        "A run of ana never received tool_completed, agent_completed.",
        "The same happened 2 times in this run of the check.",
    )
    assert {(shown.text, shown.kind, shown.user) for shown in finding.ids} == {("run_1", Kind.RUN, "ana")}
    (single,) = _reported(_run("ana", 1, *RUN_EVENTS[:3])).findings
    assert single.evidence == finding.evidence[:1]


def test_only_the_anomalies_that_were_asked_for_are_reported() -> None:
    """The rest is for other checks."""
    history = _run("ana", 1, *RUN_EVENTS[:3])
    assert _reported(history, names=(Name.CUT_OFF,)).findings == []
    assert _reported(history, names=(Name.CUT_OFF, Name.LOST_EVENT)).findings != []


def test_from_outside_a_user_may_go_by_another_name() -> None:
    """An endpoint names its users as it likes, as long as no two have one name."""
    ana, ben = _run("ana", 1, *RUN_EVENTS, said="user-1"), _run("ben", 2, *RUN_EVENTS, said="user-2")
    assert [finding.symptom for finding in _reported([*ana, *ben]).findings] == ["foreign-user"]
    assert _reported([*ana, *ben], outside=True).findings == []
    alike = [step._replace(said="user-1") if step.said else step for step in ben]
    assert [finding.symptom for finding in _reported([*ana, *alike], outside=True).findings] == ["foreign-user"]


def test_sharing_that_a_backend_declares_is_no_anomaly() -> None:
    """In the threads that it says, and for the users that it says."""
    both = [step for task, user in ((1, "ana"), (2, "ben")) for step in _run(user, task, *RUN_EVENTS, thread="t")]
    assert [finding.symptom for finding in _reported(both).findings] == ["shared-id"]
    assert _reported(both, shares=lambda thread, user: thread == "t").findings == []
    assert _reported(both, shares=lambda thread, user: user == "ana").findings != []


def test_a_finding_shows_each_connection_and_run_once_and_marks_the_leak() -> None:
    """A run is its owner's, also where somebody else saw it."""
    (ana, _, seen), ben = _run("ana", 1, RUN_EVENTS[0]), _run("ben", 2)[0]
    leak = seen._replace(user="ben", socket=2)
    steps = (ana, ben, ben, leak)
    anomaly = Anomaly(Name.FOREIGN_EVENT, "run_1", "ben received it", ("ana", "ben"), steps, (leak,))
    finding = finding_of(probe_of("E1"), anomaly)
    assert finding.evidence == ("Ben received it.",)
    assert [(shown.text, shown.user) for shown in finding.ids] == [("ws_1", "ana"), ("ws_2", "ben"), ("run_1", "ana")]
    assert [(event.lane, event.action, event.leak) for event in finding.history][-1] == ("ben", Act.RECEIVE, True)
    assert [event.leak for event in finding.history].count(True) == 1


def test_every_anomaly_has_its_title() -> None:
    """Those that each check over sockets looks for are the ones that are declared for all of them."""
    assert set(TITLES) == set(Name)
    assert [str(name) for name in OWN_EVENTS] == list(LIVE)
