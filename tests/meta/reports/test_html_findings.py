"""A card for each place to change, and one for each check and symptom, with the evidence of every surface.

An ID taken apart: every part named, nothing lost, and what clashes marked.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from id_isolation.history.events import Act, Event, ShownId
from id_isolation.history.finding import Outcome
from id_isolation.history.known import KnownFinding, KnownOutcome
from id_isolation.plan.kinds import Kind, Level, Surface
from id_isolation.reports.html_findings import SHOWN_IDS, change_cards, finding_cards, marked, segments, taken_apart

from . import samples

SESSION = "session_auth_user1234_1726234567890_001_a1b2c3d4"


def plain(text: str) -> str:
    """What a reader sees of it."""
    return " ".join(re.sub("<[^>]+>", " ", text).split())


def test_a_change_shows_the_lines_to_take_out_and_those_to_write() -> None:
    """With what has to be imported for them, and what is red there now."""
    text = change_cards(samples.run("x", Level.PLAN, [samples.raw_mint(Surface.AUTH)]))
    assert f"{samples.AUTH}:39" in text
    assert "<del>- session_id = str(uuid.uuid4())</del>" in text
    assert "<ins>+ session_id = UnifiedIdGenerator.generate_session_id(user_id, &quot;auth&quot;)</ins>" in text
    assert f"<ins>+ {samples.IMPORT_LINE}</ins>" in text
    assert "Red on auth now: S1." in text


def test_a_change_without_a_text_to_write_says_what_to_do() -> None:
    """By the remedy of its check."""
    raw = replace(samples.raw_mint(Surface.AUTH), replacement="", import_line="", fix="Call the generator.")
    text = change_cards(samples.run("x", Level.PLAN, [raw]))
    assert "<p>Call the generator.</p>" in text
    assert "<ins>" not in text


def test_a_run_without_findings_has_no_cards() -> None:
    """And so the page has no such section."""
    assert change_cards(samples.remediated()) == finding_cards(samples.remediated()) == ""


def test_one_symptom_on_several_surfaces_is_one_card() -> None:
    """With the surfaces in its head, and the evidence of each under its name."""
    found = [
        samples.finding("F1", surface, "no-grammar", f"wrong on {surface}", evidence=(f"seen on {surface}",))
        for surface in (Surface.AUTH, Surface.WEBSOCKET)
    ]
    text = finding_cards(samples.run("x", Level.PLAN, found))
    assert text.count("<article") == 1
    assert "on auth, websocket" in plain(text)
    assert "auth: seen on auth" in plain(text)
    assert "websocket: seen on websocket" in plain(text)


def test_two_symptoms_of_a_check_are_two_cards_and_one_anchor() -> None:
    """The matrix leads to the first of them."""
    found = [
        samples.finding("F3", Surface.GENERATOR, "wrong-timestamp", "one thing"),
        samples.finding("F3", Surface.GENERATOR, "wrong-age", "another thing"),
    ]
    text = finding_cards(samples.run("x", Level.PLAN, found))
    assert text.count("<article") == 2
    assert text.count('id="check-F3"') == 1
    assert re.findall('id="finding-F3-(.*?)"', text) == ["wrong-timestamp", "wrong-age"]


def test_what_is_known_is_marked_so() -> None:
    """It is no call for action, and is shown all the same."""
    run = samples.run("x", Level.PLAN, [samples.raw_mint(Surface.AUTH)])
    verdicts = tuple(replace(v, outcome=Outcome.KNOWN) if v.findings else v for v in run.verdicts)
    entry = KnownFinding("S1", Surface.AUTH, "waits")
    text = finding_cards(replace(run, verdicts=verdicts, known=KnownOutcome(met=(entry,))))
    assert "S1 raw mints known" in plain(text)
    assert "FAIL" not in text


def test_more_ids_than_a_reader_compares_are_counted() -> None:
    """The findings file has all of them."""
    ids = tuple(ShownId(f"session_auth_ana_1726234567890_00{n}_a1b2c3d4", Kind.SESSION, "ana") for n in range(9))
    found = samples.finding("U1", Surface.AUTH, "names-nobody", "IDs name nobody", ids=ids)
    text = finding_cards(samples.run("x", Level.PLAN, [found]))
    assert f"and {9 - SHOWN_IDS} more IDs" in text


def test_pictures_that_are_alike_are_one_with_a_count() -> None:
    """The first is drawn, the others are folded below it."""
    found = [
        samples.finding("C2", surface, "left-behind", "stays", history=(Event(1, Act.CLOSE, f"user {surface}", "x"),))
        for surface in (Surface.GENERATOR, Surface.DISPATCHER, Surface.MANAGER)
    ]
    text = finding_cards(samples.run("x", Level.STRICT, found))
    assert text.count("What happened on") == 1
    assert "2 more pictures like this one, on dispatcher and manager" in plain(text)
    assert text.count("<figure") == 3


def test_a_history_and_its_replay_stand_in_the_card() -> None:
    """The program line for line, so that it can be copied."""
    text = finding_cards(samples.remediated(Level.STRICT))
    assert "What happened on websocket" in text
    assert f"<code>{samples.REPLAY.strip()}</code></pre>" in text


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
