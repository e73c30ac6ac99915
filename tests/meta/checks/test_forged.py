"""Tests of what a forger makes of another user's ID."""

from __future__ import annotations

from id_isolation.checks.parts.forged import KINDS, Attempt, attempts_on, by_kind, forms
from id_isolation.history.events import ShownId
from id_isolation.plan.kinds import Kind

VICTIMS, OWN = "ws_conn_ana_1726234567890_001_a1b2c3d4", "ws_conn_ben_1726234567999_002_b5b6b7b8"


def test_an_id_is_forged_in_every_way() -> None:
    """Each form is another text, and none is the forger's own ID."""
    made = forms(VICTIMS, OWN)
    assert [kind for kind in KINDS if kind in {form.kind for form in made}] == list(KINDS[:-1])
    texts = [form.text for form in made]
    assert len(set(texts)) == len(texts)
    assert OWN not in texts


def test_one_character_is_changed_at_the_ends_in_the_middle_and_where_asked() -> None:
    """Each time to another one, so that the length stays."""
    changed = [form.text for form in forms(VICTIMS, places=(3, 999)) if form.kind == "changed"]
    assert [[place for place, letter in enumerate(text) if letter != VICTIMS[place]] for text in changed] == [
        [0],
        [len(VICTIMS) // 2],
        [len(VICTIMS) - 1],
        [3],
    ]
    assert {len(text) for text in changed} == {len(VICTIMS)}


def test_the_user_parts_are_swapped_both_ways() -> None:
    """The forger's user with the rest of the victim's ID, and the victim's user with the rest of the forger's."""
    swapped = {form.text for form in forms(VICTIMS, OWN) if form.kind == "swapped"}
    assert swapped == {"ws_conn_ben_1726234567890_001_a1b2c3d4", "ws_conn_ana_1726234567999_002_b5b6b7b8"}


def test_an_id_that_shows_no_user_or_no_moment_is_not_swapped_or_expired() -> None:
    """IDs of one beginning, and of another shape."""
    assert not [
        form
        for form in forms("run_chat_1726234567890_1_aaaaaaaa", "run_chat_1726234567890_2_bbbbbbbb")
        if form.kind == "swapped"
    ]
    assert {form.kind for form in forms("run_chat_7_aaaaaaaa", "run_chat_8_bbbbbbbb")} == {
        "whole",
        "changed",
        "cut",
        "longer",
        "respelt",
    }


def test_an_expired_id_is_more_than_a_year_old() -> None:
    """And the same otherwise."""
    (expired,) = (form.text for form in forms(VICTIMS) if form.kind == "expired")
    assert expired == f"ws_conn_ana_{1726234567890 - 400 * 86_400_000}_001_a1b2c3d4"


def test_only_what_names_the_forger_may_be_taken_for_its_own() -> None:
    """Whatever else is made of the victim's ID may not."""
    attempts = attempts_on(ShownId(VICTIMS, Kind.CONNECTION, "ana"), OWN)
    assert [attempt.text for attempt in attempts if attempt.owned] == ["ws_conn_ben_1726234567890_001_a1b2c3d4"]
    assert attempts[0].what == "the connection ID, whole,"


def test_attempts_are_made_kind_by_kind() -> None:
    """In the order of the kinds, and of the attempts in each."""
    shown = ShownId(VICTIMS, Kind.CONNECTION, "ana")
    made = [Attempt(kind, kind, text, shown) for kind, text in (("cut", "a"), ("whole", "b"), ("cut", "c"))]
    assert [[attempt.text for attempt in kind] for kind in by_kind(made)] == [["b"], ["a", "c"]]
