"""An ID taken apart: every part named, nothing lost, and what clashes marked."""

from __future__ import annotations

import pytest

from id_isolation.history.events import ShownId
from id_isolation.plan.kinds import Kind
from id_isolation.reports.html_findings import marked, segments, taken_apart

SESSION = "session_auth_user1234_1726234567890_001_a1b2c3d4"


def named(shown: ShownId) -> dict[str, str]:
    return {segment.part: segment.text for segment in segments(shown) if segment.part}


def test_a_session_id_has_six_named_parts() -> None:
    """Kind, type, user, timestamp, counter and random part; the timestamp as a date too."""
    shown = ShownId(SESSION, Kind.SESSION, "user1234")
    assert named(shown) == {
        "kind": "session",
        "label": "auth",
        "user": "user1234",
        "timestamp": "1726234567890",
        "counter": "001",
        "random": "a1b2c3d4",
    }
    (moment,) = (segment.name for segment in segments(shown) if segment.part == "timestamp")
    assert moment == "timestamp, 2024-09-13 13:36:07.890 UTC"


@pytest.mark.parametrize(
    ("text", "kind", "user"),
    [
        (SESSION, Kind.SESSION, "user1234"),
        ("ws_conn_user1234_1726234567890_001_a1b2c3d4", Kind.CONNECTION, "user1234"),
        ("thread_dispatcher_528_584ef8a5", Kind.THREAD, ""),
        ("run_dispatcher_1726234567890_528_584ef8a5", Kind.RUN, ""),
        ("20db02d6-bbf6-42f6-abb6-927a7e58c089", Kind.SESSION, "amelia"),
        ("", Kind.RUN, ""),
        ("_", Kind.SESSION, ""),
    ],
)
def test_the_parts_make_up_the_whole_text(text: str, kind: Kind, user: str) -> None:
    """Nothing is left out and nothing is said twice."""
    assert "".join(segment.text for segment in segments(ShownId(text, kind, user))) == text


def test_a_session_type_with_underscores_does_not_eat_the_user() -> None:
    """Where the user is known, its name tells where it begins."""
    text = "session_auth_validation_amelia.m_1726234567890_001_a1b2c3d4"
    parts = named(ShownId(text, Kind.SESSION, "amelia.moreno"))
    assert parts["label"] == "auth_validation"
    assert parts["user"] == "amelia.m"


def test_a_bare_uuid_says_that_it_names_nothing() -> None:
    """With its version."""
    (only,) = segments(ShownId("20db02d6-bbf6-42f6-abb6-927a7e58c089", Kind.SESSION, "a"))
    assert only.name == "bare UUID, version 4: names nothing"


def clashes(*ids: ShownId) -> list[set[str]]:
    return [{segment.part for segment in parts if segment.clash} for parts in marked(ids)]


def test_two_users_with_one_user_part_clash_there_alone() -> None:
    """The part that cannot tell them apart is marked in both."""
    one = ShownId("ws_conn_amelia-s_1726234567890_001_a1b2c3d4", Kind.CONNECTION, "amelia-smith")
    two = ShownId("ws_conn_amelia-s_1726234567890_002_9e8d7c6b", Kind.CONNECTION, "amelia-stone")
    assert clashes(one, two) == [{"user"}, {"user"}]


def test_two_users_with_one_id_clash_in_every_part() -> None:
    """The whole text is the same."""
    one, two = ShownId(SESSION, Kind.SESSION, "amelia"), ShownId(SESSION, Kind.SESSION, "bruno")
    assert clashes(one, two)[0] == {"kind", "label", "user", "timestamp", "counter", "random"}


def test_a_thread_and_a_run_clash_where_their_tokens_differ() -> None:
    """And do not, where they agree."""
    thread = ShownId("thread_dispatcher_528_584ef8a5", Kind.THREAD, "amelia")
    foreign = ShownId("run_dispatcher_529_99999999", Kind.RUN, "amelia")
    own = ShownId("run_dispatcher_528_584ef8a5", Kind.RUN, "amelia")
    assert clashes(thread, foreign) == [{"counter", "random"}, {"counter", "random"}]
    assert clashes(thread, own) == [set(), set()]


def test_two_contexts_of_one_user_are_not_held_against_each_other() -> None:
    """Each thread has its own run among the IDs shown."""
    ids = [
        ShownId(f"{kind}_chat_{counter}_584ef8a{counter}", kind, "amelia")
        for counter in (1, 2)
        for kind in (Kind.THREAD, Kind.RUN)
    ]
    assert clashes(*ids) == [set()] * 4


def test_ids_that_are_as_they_should_be_are_not_marked() -> None:
    """Two IDs of one user, and two of two users."""
    one = ShownId("ws_conn_amelia_1726234567890_001_a1b2c3d4", Kind.CONNECTION, "amelia")
    same = ShownId("ws_conn_amelia_1726234567890_002_9e8d7c6b", Kind.CONNECTION, "amelia")
    other = ShownId("ws_conn_bruno_1726234567890_003_0f0f0f0f", Kind.CONNECTION, "bruno")
    assert clashes(one, same, other) == [set(), set(), set()]


def test_a_hostile_id_is_shown_and_bounded() -> None:
    """Markup and control characters are text."""
    shown = taken_apart([ShownId("<script>\u202e" + "x" * 10_000, Kind.SESSION, "<b>")])
    assert "<script>" not in shown
    assert r"\u202e" in shown
    assert len(shown) < 1_000
