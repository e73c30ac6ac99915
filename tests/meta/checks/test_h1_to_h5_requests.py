"""H1 to H5 and C7 on small web applications in memory: each mistake is found, and what is right is not accused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from id_isolation.backend.requests import Answer, Caller, Does, Operation, Requests
from id_isolation.checks.check import check_of
from id_isolation.history.finding import Finding
from id_isolation.plan.kinds import Level, Surface
from id_isolation.power.fault import Fault, Twin
from id_isolation.power.faults import requests, requests_of_lives
from id_isolation.power.small_web import ADD, DELETE, FOLLOW, READ, Note, SmallWeb
from id_isolation.power.twins.requests import TWINS
from id_isolation.world.effort import Effort
from id_isolation.world.world import NotApplicable

from ..bare import Bare, context_on, findings_of

BY_ID = ("H1", "H2", "H3", "H4", "H5")
CHECKS = (*BY_ID, "C7")
SLOW = pytest.mark.slow


def judged(check: str, port: Requests) -> tuple[bool, list[Finding]]:
    """Whether a check judged anything of an application, and what it found; raises NotApplicable where it could not."""
    backend = Bare()
    backend.requests = port  # type: ignore[attr-defined]
    world = context_on(backend, check, Surface.HTTP, Level.STRICT, effort=Effort(0.3))
    found = findings_of(check_of(check).workload(Surface.HTTP), world)
    return world.judged_count > 0, found


MISTAKES = [
    pytest.param(check, one, id=f"{one.name} on {check}")
    for one in (*requests.FAULTS, *requests_of_lives.FAULTS)
    for check, _ in one.checks
]


@pytest.mark.parametrize(("check", "fault"), MISTAKES)
def test_a_mistake_is_found(check: str, fault: Fault) -> None:
    """By every check that must, with the symptom that names it."""
    assert fault.requests is not None
    _, found = judged(check, fault.requests())
    symptoms = {one.symptom for one in found if one.check == check}
    assert symptoms
    assert {symptom for of, symptom in fault.says if of == check} <= symptoms


@pytest.mark.parametrize(
    ("check", "twin"),
    [
        # Whole lives take a second each, most of it waiting.
        pytest.param(check, one, id=f"{one.name}-{check}", marks=SLOW if check == "C7" and n % 12 else ())
        for check in CHECKS
        for n, one in enumerate(TWINS)
    ],
)
def test_what_is_right_is_not_accused(check: str, twin: Twin) -> None:
    """However it looks; only where sharing is declared a check has nothing to judge."""
    assert twin.requests is not None
    port = twin.requests()
    if check in _SHARED and all(one.shared for one in port.operations if one.does is _SHARED[check] and one.ids):
        with pytest.raises(NotApplicable):
            judged(check, port)
    else:
        assert judged(check, port) == (True, [])


_SHARED = {"H1": Does.READ}


@pytest.mark.parametrize("check", CHECKS)
def test_the_right_application_is_judged(check: str) -> None:
    """Nothing is found, and something was asked."""
    assert judged(check, SmallWeb()) == (True, [])


class _Unable(SmallWeb):
    """Answers nobody, not even who is right."""

    operations = (READ, DELETE, ADD, FOLLOW)

    def find(self, name: str, user: str, operation: Operation) -> Note | None:
        return None


@pytest.mark.parametrize("check", BY_ID)
def test_what_its_own_user_cannot_do_either_is_not_applicable(check: str) -> None:
    """With the answer that its own user was given: no control, no judgement, and no red."""
    with pytest.raises(NotApplicable, match="answered 404"):
        judged(check, _Unable())


def test_a_life_of_which_nothing_comes_is_not_applicable() -> None:
    """Whoever is let in and can do nothing has nothing that others could change."""
    with pytest.raises(NotApplicable, match="nothing that a user does is answered"):
        judged("C7", _Unable())


def test_what_a_life_shows_is_told_by_the_acts_that_it_takes() -> None:
    """Who logs out while another's stream is under way, and nothing that came later."""
    _, found = judged("C7", requests_of_lives.LogOutEndsWhatBeganSince())
    told = next(one for one in found if one.symptom == "changed-by-another").evidence
    assert any("; meanwhile " in sentence and "logs out" in sentence for sentence in told[-2:])
    assert "where nobody disturbs it" in told[-1]
    assert len(told) < 10


class _Once(SmallWeb):
    """A stream is there once, for whoever is first; the second who asks finds nothing."""

    guarded = True

    def __init__(self) -> None:
        super().__init__()
        self.followed: set[str] = set()

    def find(self, name: str, user: str, operation: Operation) -> Note | None:
        if operation is not FOLLOW:
            return super().find(name, user, operation)
        if name in self.followed:
            return None
        note = super().find(name, user, operation) if self.guarded else self.notes.get(name)
        if note is not None:
            self.followed.add(name)
        return note


class _OnceForAnybody(_Once):
    guarded = False


def test_a_stream_that_can_be_followed_once_is_judged() -> None:
    """There is another one for everybody who tries, so that it is not gone before."""
    assert judged("H5", _Once()) == (True, [])
    _, found = judged("H5", _OnceForAnybody())
    assert {one.symptom for one in found} == {"followed-by-another"}


class _Feed(SmallWeb):
    """A stream of all that a user has, told again from an event on; `everybody` looks not whose events these are."""

    operations = (replace(FOLLOW, name="GET /feed", ids=frozenset()),)
    everybody = again = False

    async def ask(
        self,
        caller: Caller | None,
        operation: Operation,
        ids: Mapping[str, str],
        canary: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        user = self.tokens.get(caller.token) if caller is not None else None
        if user is None:
            return self.no(401)
        of = [one.texts for one in self.notes.values() if self.everybody or one.owner == user]
        return self.yes(of if self.again and headers else [])


def test_a_stream_of_everything_is_resumed_by_its_user_alone() -> None:
    """Where it tells again what was before; where it never does, there is nothing to judge."""
    feed = _Feed()
    with pytest.raises(NotApplicable, match="GET /feed"):
        judged("H5", feed)
    feed.again = True
    assert judged("H5", feed) == (True, [])
    feed.everybody = True
    _, found = judged("H5", feed)
    assert {one.symptom for one in found} == {"followed-by-another"}


class _Positions(SmallWeb):
    """Events have IDs of the application's own; only after one of these a stream is resumed, for anybody."""

    async def ask(
        self,
        caller: Caller | None,
        operation: Operation,
        ids: Mapping[str, str],
        canary: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        last = dict(headers or {}).get("Last-Event-ID", "")
        if operation is FOLLOW and last.startswith("event-") and (note := self.notes.get(ids["note"])):
            return self.yes({"texts": note.texts})
        answer = await super().ask(caller, operation, ids, canary, headers)
        return replace(answer, positions=["event-7", "event-8"]) if operation is FOLLOW else answer


def test_a_stream_is_resumed_where_its_own_user_could() -> None:
    """After the first event that was shown to it."""
    _, found = judged("H5", _Positions())
    assert {one.symptom for one in found} == {"followed-by-another"}
