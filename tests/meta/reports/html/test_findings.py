"""A card for each place to change, and one for each check and symptom, with the evidence of every surface."""

from __future__ import annotations

import re
from dataclasses import replace

from id_isolation.history.events import ShownId
from id_isolation.history.finding import Outcome
from id_isolation.history.known import KnownFinding, KnownOutcome
from id_isolation.plan.kinds import Kind, Level, Surface
from id_isolation.reports.html_findings import SHOWN_IDS, change_cards, finding_cards

from .. import samples


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
    raw = replace(samples.raw_mint(Surface.AUTH), replacement="", import_line="", remedy="Call the generator.")
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
    assert "S1 known" in plain(text)
    assert "FAIL" not in text


def test_more_ids_than_a_reader_compares_are_counted() -> None:
    """The findings file has all of them."""
    ids = tuple(ShownId(f"session_auth_ana_1726234567890_00{n}_a1b2c3d4", Kind.SESSION, "ana") for n in range(9))
    found = samples.finding("U1", Surface.AUTH, "names-nobody", "IDs name nobody", ids=ids)
    text = finding_cards(samples.run("x", Level.PLAN, [found]))
    assert f"{9 - SHOWN_IDS} more IDs are in the findings file." in text


def test_a_history_and_its_replay_stand_in_the_card() -> None:
    """The command in a piece that can be copied."""
    text = finding_cards(samples.remediated(Level.STRICT))
    assert "What happened on websocket" in text
    assert "<code>id-isolation run --backend remediated --level strict --check C7 --seed 7</code>" in text
