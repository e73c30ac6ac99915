"""A context gives a check recorded ports, its own chance and its findings, and says why a port is not there."""

from __future__ import annotations

import asyncio

import pytest

from id_isolation.backend.protocol import BackendBroke, Missing
from id_isolation.checks.check import check_of
from id_isolation.checks.context import Violation
from id_isolation.plan.kinds import Kind, Level, Surface
from id_isolation.plan.plan import current
from id_isolation.world.effort import Effort
from id_isolation.world.world import NotApplicable

from ..bare import Bare, context_on

PORTS = ["minting", "reading", "tokens", "sessions", "contexts", "sockets", "cleanup", "stored", "matching"]


class Named:
    """A port that has something besides its protocol."""

    own_name = "the backend's own"


@pytest.mark.parametrize("port", PORTS)
def test_a_port_that_is_there_is_given(port: str) -> None:
    """With what it has besides its protocol, with and without a record, and no other in its place."""
    given = Named()
    world = context_on(Bare(**{port: given}))  # type: ignore[arg-type]
    assert getattr(world, port).own_name == given.own_name
    assert getattr(world.unrecorded, port) is given
    for other in set(PORTS) - {port}:
        for ports in (world, world.unrecorded):
            with pytest.raises(NotApplicable):
                getattr(ports, other)


@pytest.mark.parametrize("port", PORTS)
def test_an_absent_port_is_not_applicable_and_a_broken_one_an_error(port: str) -> None:
    """With the backend's reason, or one that names the port."""
    with pytest.raises(NotApplicable, match="it has no log-in"):
        getattr(context_on(Bare(missing={port: Missing("it has no log-in")})), port)
    with pytest.raises(NotApplicable, match=f"the backend declares no {port}"):
        getattr(context_on(), port)
    with pytest.raises(BackendBroke, match="it does not import"):
        getattr(context_on(Bare(missing={port: Missing("it does not import", broken=True)})), port)


def test_chance_follows_from_seed_check_and_surface() -> None:
    """The same three draw the same numbers; a change of any one draws others."""
    draws = [
        context_on(check=check, surface=surface, seed=seed).random.random()
        for check, surface, seed in [
            ("X1", Surface.GENERATOR, 1),
            ("X1", Surface.GENERATOR, 1),
            ("X2", Surface.GENERATOR, 1),
            ("X1", Surface.AUTH, 1),
            ("X1", Surface.GENERATOR, 2),
        ]
    ]
    assert draws[0] == draws[1]
    assert len(set(draws)) == 4


@pytest.mark.parametrize(
    ("count", "scale", "sample"), [(30, 1.0, 30), (30, 0.5, 15), (30, 2.0, 60), (30, 0.0, 2), (1, 1.0, 2), (3, 1.0, 3)]
)
def test_a_sample_is_scaled_and_never_less_than_a_pair(count: int, scale: float, sample: int) -> None:
    """One thing alone shows no isolation."""
    assert context_on(effort=Effort(scale)).sample(count) == sample


@pytest.mark.parametrize(
    ("effort", "patience"),
    [
        (Effort(), 1.0),
        (Effort(0.1), 1.0),
        (Effort(3.0), 3.0),
        (Effort(1.0, (("users", "1000"),)), 4.0),
        (Effort(1.0, (("users", "10"),)), 1.0),
        (Effort(1.0, (("ids", "500000"),)), 5.0),
        (Effort(9.0, (("users", "1000"), ("ids", "500000"))), 9.0),
    ],
)
def test_patience_grows_with_the_largest_of_what_was_asked_for(effort: Effort, patience: float) -> None:
    """And never falls below one."""
    assert effort.patience == patience


def test_an_option_is_found_by_its_name() -> None:
    """An unset one is None."""
    effort = Effort(1.0, (("users", "7"), ("ids", "")))
    assert (effort.option("users"), effort.option("ids"), effort.option("rate")) == ("7", "", None)


def test_a_finding_takes_harm_remedy_and_level_from_the_declaration() -> None:
    """Unless the check says more; `strict` lifts it to strict level."""
    world = context_on(check="F6")
    said = check_of("F6")
    plain = world.finding("junk-accepted", "t", ["e"])
    assert (plain.check, plain.surface, plain.level) == ("F6", Surface.GENERATOR, said.level)
    assert (plain.impact, plain.fix, plain.evidence) == (
        said.impact,
        current().fill(said.fix, has_generator=False),
        ("e",),
    )
    own = world.finding("junk-accepted", "t", impact="h", fix="r", strict=True, kind=Kind.RUN)
    assert (own.impact, own.fix, own.level, own.kind) == ("h", "r", Level.STRICT, Kind.RUN)


def test_every_id_that_a_check_mints_goes_along_with_its_verdict() -> None:
    """None is left out, so that two workers that minted the same are found whatever it is."""
    world = context_on()
    world.keep_minted(f"run_{number}" for number in range(5_000))
    (own,) = world.run_data.evidence
    assert (own.count, own.halvings, len(own.digests)) == (5_000, 0, 5_000)


def test_a_finding_is_recorded_once_for_each_fingerprint() -> None:
    """The first one stays."""
    world = context_on()
    for title, kind in (("first", Kind.RUN), ("again", Kind.RUN), ("other", Kind.THREAD)):
        world.find(world.finding("repeated-id", title, kind=kind))
    assert [finding.problem for finding in world.findings] == ["first", "other"]


def test_a_finding_has_a_symptom_that_its_check_declares() -> None:
    """Another one is a mistake of the check; a declared beginning stands for several."""
    with pytest.raises(ValueError, match="X1 declares no symptom 'swapped'"):
        context_on(check="X1").finding("swapped", "Something else.")
    interleaving = context_on(check="X5").finding("interleaving-raised-log-in", "It raises.")
    assert interleaving.symptom == "interleaving-raised-log-in"


def test_a_violation_carries_its_finding() -> None:
    """And reads as its title."""
    finding = context_on().finding("repeated-id", "One ID twice.")
    assert Violation(finding).finding is finding
    assert str(Violation(finding)) == "One ID twice."


def test_strict_is_the_level_of_the_run_and_not_of_the_check() -> None:
    """A plan-level check may judge more in a strict run."""
    assert context_on(level=Level.STRICT).strict
    assert not context_on(level=Level.PLAN).strict


def test_what_was_judged_is_counted_and_noted() -> None:
    """In order."""
    world = context_on()
    world.judged()
    world.judged(4)
    world.note("a")
    world.note("b")
    assert (world.judged_count, world.notes) == (5, ["a", "b"])


def test_all_work_of_a_check_runs_on_one_loop_and_ends_with_it() -> None:
    """What still runs is cancelled; to close twice, or unused, does no harm."""
    ended: list[str] = []

    async def background() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    async def first() -> asyncio.Task[None]:
        task = asyncio.create_task(background())
        await asyncio.sleep(0)
        return task

    async def second(task: asyncio.Task[None]) -> bool:
        return task.done()

    world = context_on()
    task = world.run(first())
    assert world.run(second(task)) is False
    world.close()
    assert ended == ["cancelled"]
    context_on().close()


class Alike:
    """The port `minting` of a generator that gives everybody the same ID."""

    def mint(self, kind: Kind, user: str) -> str:
        return "run_1"


def test_what_is_done_through_a_port_is_recorded_and_judged_by_the_rules() -> None:
    """What breaks the check's own rule is its finding, with events cut from the history."""
    world = context_on(Bare(minting=Alike()), check="X1")
    for user in ("ana", "ben"):
        world.minting.mint(Kind.RUN, user)
    world.unrecorded.minting.mint(Kind.RUN, "cleo")
    assert [(event.act, event.user, event.subject) for event in world.history] == [
        ("mint", "ana", "run_1"),
        ("mint", "ben", "run_1"),
    ]
    world.judge_history()
    (finding,) = world.findings
    assert (finding.check, finding.symptom) == ("X1", "repeated-id")
    assert {event.user for event in finding.history} == {"ana", "ben"}
    assert world.besides == []


def test_what_belongs_to_another_check_stands_beside_the_findings() -> None:
    """As that check's finding."""
    world = context_on(Bare(minting=Alike()), check="F1")
    for user in ("ana", "ben"):
        world.minting.mint(Kind.RUN, user)
    world.judge_history()
    assert world.findings == []
    (finding,) = world.besides
    assert (finding.check, finding.symptom) == ("X1", "repeated-id")


def test_an_episode_raises_what_breaks_the_checks_own_rule_and_only_what_was_done_in_it() -> None:
    """So that a search can shrink it; another episode starts anew."""
    world = context_on(Bare(minting=Alike()), check="X1")

    def attempt(*users: str) -> None:
        with world.episode():
            for user in users:
                world.minting.mint(Kind.RUN, user)

    attempt("ana")
    attempt("ben")
    with pytest.raises(Violation):
        attempt("ana", "ben")


@pytest.mark.parametrize("several", [1, 3])
def test_what_takes_long_is_done_at_once_where_nobody_waits_for_another(several: int) -> None:
    """By as many as the backend says, else in turn; the results are in order either way."""
    backend = Bare()
    backend.at_once = several  # type: ignore[attr-defined]
    world = context_on(backend)
    working, most = 0, 0

    async def work(number: int) -> int:
        nonlocal working, most
        working += 1
        most = max(most, working)
        await asyncio.sleep(0)
        working -= 1
        return number

    assert world.run(world.each(map(work, range(8)))) == list(range(8))
    assert most == several


def test_what_takes_long_is_known_of_each_surface() -> None:
    """Who logs in waits for no run."""
    backend = Bare()
    backend.slowest, backend.slowest_log_in = 5.0, 0.1  # type: ignore[attr-defined]
    assert not context_on(backend, surface=Surface.AUTH).waits_long
    assert context_on(backend, surface=Surface.HTTP).waits_long
