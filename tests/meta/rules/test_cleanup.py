"""The rules of clean-up on histories of a few acts."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from id_isolation.history.events import SWEEP, WHAT_IS_HELD, Act, Event, Item, Outcome
from id_isolation.history.finding import Severity
from id_isolation.history.recorder import History
from id_isolation.plan.kinds import Level, Surface
from id_isolation.rules.cleanup import CleanUp
from id_isolation.rules.rule import Anomaly, Circumstances
from id_isolation.rules.stored_sessions import StoredSessions

from .alone import said_by

pytestmark = pytest.mark.quick


class Story(History):
    """A history that is written act by act; every context has a token of its own."""

    def opens(self, user: str, token: str) -> Event:
        ids = {"thread": f"thread_chat_{token}", "run": f"run_chat_{token}", "request": f"req_chat_{token}"}
        return self.add(Act.OPEN, user, owner=user, surface=Surface.GENERATOR, **ids)

    def registers(self, context: Event, resource: str) -> Event:
        ids = {"thread": context.thread, "run": context.run, "request": context.request}
        return self.add(Act.REGISTER, context.owner, resource, owner=context.owner, **ids)

    def releases(self, user: str, run: str, *gone: str, **known: object) -> Event:
        began = len(self.events)
        return self.add(Act.RELEASE, user, run, items=_items(gone), **{"began": began, **known})

    def joins(self, user: str, context: Event, token: str, resource: str) -> Event:
        """A user registers work of a run of its own in the thread of another context."""
        ids = {"thread": context.thread, "run": f"run_chat_{token}", "request": f"req_chat_{token}"}
        return self.add(Act.REGISTER, user, resource, owner=user, **ids)

    def looks(self, *present: str) -> Event:
        return self.add(Act.LOOK, subject=WHAT_IS_HELD, items=_items(present))

    def sweeps(self) -> Event:
        return self.add(Act.WAIT, subject=SWEEP)

    def found(self, level: Level = Level.STRICT) -> list[Anomaly]:
        return said_by(self, Circumstances(level), CleanUp, StoredSessions)

    @property
    def names(self) -> list[str]:
        return [anomaly.kind.name for anomaly in self.found()]


def _items(names: Iterable[str]) -> tuple[Item, ...]:
    return tuple(Item(name) for name in names)


@pytest.fixture
def story() -> Story:
    """Two users, each with a context of which something is registered and has been seen."""
    story = Story()
    for user, token in (("ana", "1000_0badcafe"), ("ben", "1001_1badcafe")):
        story.registers(story.opens(user, token), f"line of {user}")
    story.looks("line of ana", "line of ben")
    return story


ANA, BEN = "run_chat_1000_0badcafe", "run_chat_1001_1badcafe"


def test_what_its_own_release_took_is_gone_rightly(story: Story) -> None:
    """At once or by a later sweep."""
    story.releases("ana", ANA)
    story.looks("line of ana", "line of ben")
    story.looks("line of ben")
    assert story.names == []


def test_what_is_held_after_the_time_of_a_sweep_is_left_behind(story: Story) -> None:
    """And not before: when something is released is a policy."""
    story.releases("ana", ANA)
    story.looks("line of ana", "line of ben")
    assert story.names == []
    story.sweeps()
    story.looks("line of ana", "line of ben")
    (anomaly,) = story.found()
    assert anomaly.kind.name == "not-released"
    assert [event.act for event in (*anomaly.events, *anomaly.leaks)] == ["open", "register", "look", "release", "look"]


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.BROKE, Outcome.CANCELLED])
def test_a_release_that_did_not_end_well_promises_nothing(story: Story, outcome: Outcome) -> None:
    """What it leaves is not left behind, and what is gone after it nobody else need have taken."""
    story.releases("ana", ANA, outcome=outcome)
    story.releases("ben", BEN)
    story.sweeps()
    story.looks("line of ana")
    assert story.names == []
    story.looks()
    assert story.names == []


@pytest.mark.parametrize(
    ("user", "run", "kind", "strict"),
    [
        ("ben", BEN, "taken-from-another", False),
        ("ben", ANA, "foreign-id-released", True),
        ("ben", "thread_chat_1000_0badcafe", "foreign-id-released", True),
        ("ben", "run_", "wrong-id-released", False),
        ("ana", "*", "wrong-id-of-ones-own-released", False),
        ("ana", BEN, "wrong-id-of-ones-own-released", True),
    ],
    ids=["by another's own run", "by its run", "by its thread", "by a beginning", "by a pattern", "by another's run"],
)
def test_what_is_gone_after_anothers_release_was_taken(
    story: Story, user: str, run: str, kind: str, strict: bool
) -> None:
    """What was wrong depends on whose ID it was; the plan speaks of IDs of nobody."""
    story.releases(user, run)
    story.looks("line of ben" if user != "ben" or run != BEN else "nothing else")
    assert kind in story.names
    assert any(anomaly.kind.name == kind for anomaly in story.found(Level.PLAN)) is not strict


def test_what_a_user_takes_from_itself_is_told_as_that(story: Story) -> None:
    """No other user is reached, so it weighs less and says so."""
    other = story.opens("ana", "1002_2badcafe")
    story.registers(other, "second line of ana")
    story.looks("line of ana", "line of ben", "second line of ana")
    story.releases("ana", ANA)
    story.looks("line of ben")
    (anomaly,) = story.found()
    assert anomaly.kind.name == "taken-of-ones-own"
    assert anomaly.kind.severity is Severity.MEDIUM
    assert "same user" in anomaly.kind.impact


def test_a_backend_that_releases_nothing_itself_is_told_to() -> None:
    """That its IDs do not correlate is the reason only where the suite's own clean-up goes by them."""
    for simulated, name in (("", "not-released"), ("clean-up", "left-behind")):
        told = Story()
        told.registers(told.opens("ana", "1000_0badcafe"), "line of ana")
        told.looks("line of ana")
        told.releases("ana", ANA, simulated=simulated)
        told.sweeps()
        told.looks("line of ana")
        assert told.names == [name]


def test_a_backend_is_taken_at_its_word(story: Story) -> None:
    """What a release says that it took is taken, looked at or not."""
    story.releases("ben", BEN, "line of ben", "line of ana")
    assert story.names == ["taken-from-another"]


def test_what_an_id_of_nothing_is_said_to_have_taken_is_told(story: Story) -> None:
    """Though it was never registered."""
    story.releases("ben", "run_*", "something")
    assert story.names == ["said-to-go"]


def test_what_was_never_seen_is_not_said_to_be_gone() -> None:
    """The same look must have shown it before."""
    story = Story()
    ana, ben = story.opens("ana", "1000_0badcafe"), story.opens("ben", "1001_1badcafe")
    story.registers(ana, "line of ana")
    story.releases("ben", ben.run)
    story.looks()
    assert story.names == []


def test_what_goes_without_any_release_was_taken_by_nobody(story: Story) -> None:
    """It may have expired, or given way to a newer one."""
    story.looks("line of ben")
    assert story.names == []
    story.releases("ben", BEN)
    story.looks()
    assert story.names == []


def test_a_look_that_shows_it_clears_the_releases_before_it(story: Story) -> None:
    """Whoever released earlier did not take it, once what is its own has gone."""
    story.releases("ben", BEN)
    story.looks("line of ana")
    story.looks()
    assert story.names == []


def test_a_sweep_that_takes_more_than_its_own_is_found(story: Story) -> None:
    """Until its own has gone, a release may still take what is another's."""
    story.releases("ben", BEN)
    story.looks("line of ana", "line of ben")
    story.looks()
    assert story.names == ["taken-from-another"]


def test_an_own_release_under_way_is_nobodys_theft(story: Story) -> None:
    """It began before the look, and its end is told after it."""
    began = len(story.events)
    story.releases("ben", BEN)
    story.looks()
    assert story.names == ["taken-from-another"]
    story.releases("ana", ANA, began=began)
    assert story.names == []


def test_a_release_that_works_no_more_after_an_attack_was_spoilt() -> None:
    """Where another one worked in the calm part; without that, it is left behind as others are."""
    for calm in (True, False):
        story = Story()
        ben = story.opens("ben", "1001_1badcafe")
        if calm:
            story.registers(ben, "line of ben")
            story.releases("ben", BEN)
            story.looks()
        story.registers(story.opens("ana", "1000_0badcafe"), "line of ana")
        story.looks("line of ana")
        story.releases("ben", ANA)
        story.looks("line of ana")
        story.releases("ana", ANA)
        story.sweeps()
        story.looks("line of ana")
        assert story.names == ["own-release-spoilt" if calm else "not-released"]


def test_what_a_backend_keeps_besides_has_grown(story: Story) -> None:
    """Once every context is released and the time of a sweep has passed."""
    story.releases("ana", ANA)
    story.releases("ben", BEN)
    story.looks("record of ana")
    assert story.names == []
    story.sweeps()
    story.looks("record of ana")
    assert story.names == ["grown"]


class Sessions(Story):
    """Stored sessions, by user and the thread that it names."""

    def stores(self, user: str, thread: str) -> None:
        self.add(Act.STORE, user, thread, owner=user, thread=f"internal_{user}", run=f"run_in_{thread}")

    def finds(self, user: str, thread: str, *, gone: bool = False) -> None:
        self.add(Act.FIND, user, thread, answer="" if gone else f"run_in_{thread}", began=len(self.events))


@pytest.fixture
def sessions() -> Sessions:
    """Two users, each with a stored session that was found."""
    sessions = Sessions()
    for user in ("ana", "ben"):
        sessions.stores(user, f"thread_of_{user}")
    for user in ("ana", "ben"):
        sessions.finds(user, f"thread_of_{user}")
    return sessions


@pytest.mark.parametrize(
    ("act", "user", "names"),
    [
        (Act.INVALIDATE, "ana", []),
        (Act.INVALIDATE, "ben", ["stored-session-taken"]),
        (Act.INVALIDATE, "", ["stored-session-ended-by-nobody"]),
        (Act.INVALIDATE, "ANA", ["stored-session-ended-by-a-spelling"]),
        (Act.INVALIDATE, "an*", ["stored-session-ended-by-nobody"]),
        (Act.EXPIRE, "", ["stored-session-swept-too-early"]),
        (Act.RESTART, "", []),
    ],
)
def test_a_stored_session_that_is_gone_was_ended_by_somebody(
    sessions: Sessions, act: Act, user: str, names: list[str]
) -> None:
    """By its own user or with the process rightly, by anybody else not."""
    sessions.add(act, user)
    sessions.finds("ana", "thread_of_ana", gone=True)
    assert sessions.names == names


def test_a_stored_session_that_was_never_found_is_not_said_to_be_gone() -> None:
    """Neither by the thread that the backend answered with, nor by one that the user did not name."""
    sessions = Sessions()
    sessions.stores("ana", "")
    sessions.stores("ana", "thread_of_ana")
    sessions.add(Act.INVALIDATE, "ben")
    sessions.finds("ana", "internal_ana", gone=True)
    sessions.finds("ana", "thread_of_ana", gone=True)
    assert sessions.names == []


def test_a_user_may_have_one_session_only(sessions: Sessions) -> None:
    """A new one may end the one before it."""
    sessions.add(Act.INVALIDATE, "ben")
    sessions.stores("ana", "thread_second")
    sessions.finds("ana", "thread_of_ana", gone=True)
    assert sessions.names == []


def test_a_run_that_ends_all_of_its_user_in_its_thread_is_a_policy(story: Story) -> None:
    """Ana's second run of one thread goes with her first; Ben's run in that thread must not."""
    mine = story.opens("ana", "1002_2badcafe")
    story.registers(mine, "first of ana")
    story.joins("ana", mine, "1003_3badcafe", "second of ana")
    story.looks("line of ana", "line of ben", "first of ana", "second of ana")
    story.releases("ana", mine.run)
    story.looks("line of ana", "line of ben")
    assert story.names == []


def test_a_run_that_ends_another_users_work_in_its_thread_is_none(story: Story) -> None:
    """Whoever works in one chat with others ends only what is its own."""
    mine = story.opens("ana", "1002_2badcafe")
    story.registers(mine, "first of ana")
    story.joins("ben", mine, "1003_3badcafe", "ben's in it")
    story.looks("line of ana", "line of ben", "first of ana", "ben's in it")
    story.releases("ana", mine.run)
    story.looks("line of ana", "line of ben")
    assert story.names == ["taken-from-another"]
