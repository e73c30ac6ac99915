"""One ID that was minted twice is a finding for its kind; the same ID seen again for one log-in is none."""

from __future__ import annotations

from id_isolation.checks.parts.uniqueness import report_repeats
from id_isolation.history.events import ShownId
from id_isolation.plan.kinds import Kind, Surface

from ...bare import context_on


def _ids(*texts: str, kind: Kind = Kind.RUN, user: str = "ana") -> list[ShownId]:
    return [ShownId(text, kind, user) for text in texts]


def test_ids_that_all_differ_are_judged_and_no_finding() -> None:
    """Each of them counts."""
    world = context_on()
    report_repeats(world, _ids("a", "b", "c"), "over threads")
    assert (world.judged_count, world.findings) == (3, [])


def test_a_repeat_is_a_finding_with_both_users() -> None:
    """The leak is the second one's."""
    world = context_on()
    report_repeats(world, [*_ids("a", "b"), *_ids("a", user="ben")], "over threads")
    (finding,) = world.findings
    assert (finding.symptom, finding.kind) == ("repeated-id", Kind.RUN)
    assert finding.problem == "One run ID was minted twice over threads."
    assert finding.evidence == ("a was minted for ana and for ben.",)
    assert [(event.lane, event.owner, event.leak) for event in finding.history] == [
        ("ana", "ana", False),
        ("ben", "ana", True),
    ]
    assert world.judged_count == 3


def test_an_id_without_a_user_is_an_anonymous_users() -> None:
    """In words and in the picture."""
    world = context_on()
    report_repeats(world, _ids("a", "a", user=""), "at once")
    (finding,) = world.findings
    assert finding.evidence == ("a was minted for an anonymous user and for an anonymous user.",)
    assert [event.lane for event in finding.history] == ["first", "second"]


def test_each_kind_has_its_own_finding() -> None:
    """With the first pair of that kind as evidence."""
    world = context_on()
    report_repeats(world, [*_ids("a", "a", "c", "c"), *_ids("b", "b", kind=Kind.THREAD)], "at once")
    assert [(finding.kind, [shown.text for shown in finding.ids]) for finding in world.findings] == [
        (Kind.RUN, ["a", "a"]),
        (Kind.THREAD, ["b", "b"]),
    ]


def test_three_pairs_are_shown_and_more_are_counted() -> None:
    """Three alone need no count."""
    three, four = context_on(), context_on()
    report_repeats(three, _ids("a", "b", "c", "a", "b", "c"), "at once")
    report_repeats(four, _ids("a", "b", "c", "d", "a", "b", "c", "d"), "at once")
    assert len(three.findings[0].evidence) == 3
    assert four.findings[0].evidence[3:] == ("There are 4 such pairs among 8 IDs.",)


def test_to_give_a_user_the_session_there_is_mints_nothing() -> None:
    """On log-in, for the same user only; anywhere else it is a repeat."""
    log_in = context_on(check="X2", surface=Surface.AUTH)
    report_repeats(log_in, _ids("s", "s", kind=Kind.SESSION), "at once")
    assert log_in.findings == []
    report_repeats(log_in, [*_ids("s", kind=Kind.SESSION), *_ids("s", kind=Kind.SESSION, user="ben")], "at once")
    assert len(log_in.findings) == 1
    generator = context_on()
    report_repeats(generator, _ids("s", "s", kind=Kind.SESSION), "at once")
    assert len(generator.findings) == 1
