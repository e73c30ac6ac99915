"""The terminal summary: what it says, at which widths, with and without colour.

The table of a run in the terminal: a word for each check, and nothing that was not judged. What to change, and what is
wrong: places, evidence, history, impact and fix, in the terminal. Two runs in the terminal: what is new first, each
thing with its places, and the verdict last. What was not judged, what is known, and the verdict last, in the terminal.
Colour is added to words, and taken away without a trace.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from id_isolation.history.finding import Outcome, Verdict
from id_isolation.history.known import KnownFinding, KnownOutcome
from id_isolation.history.record import RunRecord
from id_isolation.plan.kinds import Level, Surface
from id_isolation.reports.comparison import compare
from id_isolation.reports.terminal import WORDS, Paint, explain, render_comparison, render_summary, render_table

from . import samples

pytestmark = pytest.mark.quick

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
RUNS = {
    "legacy": samples.legacy,
    "remediated": samples.remediated,
    "strict": lambda: samples.remediated(Level.STRICT),
    "troubled": samples.troubled,
}

DRAWING = "thread 1                              | thread 2\n  25  _counter += 1                   |\n" + "." * 78

WAYS = ("bold", "dim", "bad", "good")


@pytest.mark.parametrize("name", RUNS)
def test_colour_adds_nothing_but_escape_sequences(name: str) -> None:
    """Take the colour away, and the text is the one that is printed without."""
    run = RUNS[name]()
    plain = render_summary(run, 80, colour=False)
    assert "\x1b" not in plain
    painted = render_summary(run, 80, colour=True)
    assert "\x1b" in painted
    assert ESCAPE.sub("", painted) == plain


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", RUNS)
def test_prose_and_table_fit_the_width(name: str, width: int) -> None:
    """Only lines that hold source text, a path, an ID or a command to copy may be longer."""
    for line in render_summary(RUNS[name](), width, colour=False).splitlines():
        starts = ("+ ", "- ", "| ", "Replay", "Again")
        copied = line.lstrip().startswith(starts) or any(len(w) > 40 for w in line.split())
        assert len(line) <= width or copied


def test_explanations_stand_first_where_they_are_asked_for() -> None:
    """One sentence for each verdict."""
    run = samples.remediated()
    text = " ".join(render_summary(run, 80, False, explained=True).split())
    for verdict in run.verdicts:
        assert explain(verdict) in text
    assert "What was judged" not in render_summary(run, 80, False)


def test_what_a_hostile_name_holds_is_shown_and_not_obeyed() -> None:
    """Control characters, line feeds and direction marks come out as escapes, and length is bounded."""
    name = "eve\x1b[2J\nFAIL\u202e" + "x" * 10_000
    finding = samples.finding("F5", Surface.AUTH, "breaks", f"{name} breaks the ID", evidence=(name,))
    text = render_summary(samples.run(name, Level.STRICT, [finding]), 80, False)
    assert not set(text) & {"\x1b", "\u202e"}
    assert r"eve\x1b[2J\nFAIL\u202e" in text
    assert len(text) < 20_000


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_is_explained_in_one_sentence(outcome: Outcome) -> None:
    """The sentence names check and surface, and says what it means."""
    sentence = explain(Verdict("C2", Surface.DISPATCHER, outcome, reason="of this"))
    assert sentence.startswith("C2 on dispatcher ")
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_what_a_check_noted_stands_under_its_explanation() -> None:
    """The summary has the first note of some checks; whoever asks gets all."""
    first, *rest = samples.remediated().verdicts
    noted = replace(first, notes=("A short one.", "All of it, \x1b[2J in full."))
    run = replace(samples.remediated(), verdicts=(noted, *rest))
    assert "in full" not in render_summary(run, 80, False)
    text = render_summary(run, 80, False, explained=True)
    assert "    - A short one.\n    - All of it, \\x1b[2J in full.\n" in text


def test_every_check_has_its_mark() -> None:
    """Each check of the run stands in the table with a word for its outcome."""
    run = samples.troubled()
    table = render_summary(run, 80, colour=False).split("What to change")[0]
    words = {
        Outcome.PASSED: "ok",
        Outcome.FAILED: "FAIL",
        Outcome.NOT_APPLICABLE: "n/a",
        Outcome.INCONCLUSIVE: r"\?",
        Outcome.ERRORED: "ERROR",
    }
    for verdict in run.verdicts:
        assert re.search(rf"\b{verdict.check} {words[verdict.outcome]}", table)


def test_more_than_one_verdict_for_a_mark_shows_the_worst() -> None:
    """A check that passed and failed on one surface is marked as failed."""
    both = tuple(Verdict("F1", Surface.AUTH, outcome) for outcome in (Outcome.PASSED, Outcome.FAILED, Outcome.PASSED))
    assert "F1 FAIL" in render_summary(RunRecord("x", Level.PLAN, both), 80, False)


def test_rows_and_columns_that_nothing_was_judged_in_are_left_out() -> None:
    """Two verdicts make two rows and two columns."""
    run = RunRecord(
        "x",
        Level.STRICT,
        (Verdict("C2", Surface.DISPATCHER, Outcome.PASSED), Verdict("S1", Surface.AUTH, Outcome.PASSED)),
    )
    head, first, second = render_table(run, 80, Paint(colour=False))[:3]
    assert head.split() == ["source", "clean-up"]
    assert first.split() == ["auth", "S1", "ok"]
    assert second.split() == ["dispatcher", "C2", "ok"]


def test_a_run_without_a_verdict_has_a_sentence_for_a_table() -> None:
    """An empty one would look green."""
    assert render_table(RunRecord("x", Level.PLAN, ()), 80, Paint(colour=False)) == ["No check was carried out."]


def test_the_legend_explains_the_words_that_are_met() -> None:
    """And no others."""
    run = RunRecord("x", Level.PLAN, (Verdict("C2", Surface.GENERATOR, Outcome.INCONCLUSIVE),))
    assert render_table(run, 80, Paint(colour=False))[-1] == "?: inconclusive, had nothing to judge."


def test_wide_terminals_spread_the_columns_and_narrow_ones_keep_them_whole() -> None:
    """No column is cut."""
    narrow, wide = (render_table(samples.legacy(), width, Paint(colour=False)) for width in (60, 120))
    assert [line.split() for line in narrow[:8]] == [line.split() for line in wide[:8]]
    assert max(map(len, narrow)) < max(map(len, wide))


def test_legacy_names_the_six_raw_mints_and_what_to_write_instead() -> None:
    """The part before the findings holds three places, six lines to take out, and the calls to put in."""
    change = render_summary(samples.legacy(), 80, colour=False).split("What to change")[1].split("What is wrong")[0]
    assert "3 places (6 lines)" in change
    assert f"{samples.AUTH}:39" in change
    assert f"{samples.DISPATCHER}:51-54" in change
    assert f"{samples.WEBSOCKET}:32" in change
    assert sum(line.startswith("   - ") for line in change.splitlines()) == 6
    for call in (samples.SESSION_CALL, samples.CONTEXT_CALL, samples.CONNECTION_CALL):
        for line in call.splitlines():
            assert f"   + {line}" in change
    assert change.count(f"   and among the imports of that file:\n   + {samples.IMPORT_LINE}\n") == 3


def test_a_change_without_a_known_replacement_says_the_fix() -> None:
    """A finding that does not know the text to write still says what to do."""
    bare = replace(samples.raw_mint(Surface.AUTH), replacement="")
    text = render_summary(samples.run("x", Level.PLAN, [bare]), 80, colour=False)
    assert "   Do: Replace the raw mint" in text


def test_a_finding_says_what_evidence_impact_and_fix() -> None:
    """Each paragraph has the four parts, with the clashing IDs and their users."""
    text = render_summary(samples.remediated(Level.STRICT), 120, colour=False)
    paragraph = text.split("U2 users told apart FAIL on auth")[1].split("C7 whole lives FAIL")[0]
    for part in ("Problem", "Evidence", "Impact", "Fix"):
        assert re.search(rf"^  {part} +\S", paragraph, re.MULTILINE)
    assert "session session_auth_amelia-s_1726234567890_001_a1b2c3d4 of amelia-smith" in paragraph


def test_a_history_marks_the_leak() -> None:
    """The steps stand in order, and those that cross from one user to another say so."""
    text = render_summary(samples.remediated(Level.STRICT), 120, colour=False)
    assert "4. LEAK user-bruno-02 receives" in text
    assert "1. user-amelia-01 mints" in text


def test_a_story_that_is_told_in_numbered_steps_is_told_once() -> None:
    """The steps of the history would be the same again; the IDs that the story does not name are listed still."""
    run = samples.remediated(Level.STRICT)
    (found,) = (finding for verdict in run.verdicts for finding in verdict.findings if finding.check == "C7")
    story = replace(found, evidence=("1. amelia connects: connection c1.", "Then her socket is gone."))
    text = render_summary(samples.run("x", Level.STRICT, [story]), 120, colour=False)
    assert "1. amelia connects" in text
    assert "LEAK" not in text
    assert all(f"{shown.text} of {shown.user}" in text for shown in found.ids)


@pytest.mark.parametrize("width", [80, 120])
def test_a_drawing_is_shown_line_for_line(width: int) -> None:
    """Its columns stand as they are, and fit a terminal of 80 columns."""
    drawn = samples.finding("X5", Surface.GENERATOR, "interleaving", "an interleaving repeats a value", drawing=DRAWING)
    text = render_summary(samples.run("remediated", Level.PLAN, [drawn]), width, colour=False)
    assert "\n".join(f"  {line}" for line in DRAWING.splitlines()) in text


def test_what_is_known_is_no_call_for_change() -> None:
    """A green run with known findings ends in its sentence, not in a list of places."""
    run = samples.run("x", Level.PLAN, [samples.raw_mint(Surface.AUTH)])
    entry = KnownFinding("S1", Surface.AUTH, "waits")
    known = tuple(replace(v, outcome=Outcome.KNOWN) if v.findings else v for v in run.verdicts)
    text = render_summary(replace(run, verdicts=known, known=KnownOutcome(met=(entry,))), 80, False)
    assert "What to change" not in text
    assert text.splitlines()[-1].startswith("GREEN") or text.splitlines()[-2].startswith("GREEN")


def test_a_finding_that_is_known_beside_one_that_is_not_is_left_out() -> None:
    """The check is red for the other one."""
    raw = samples.raw_mint(Surface.AUTH)
    run = samples.run("x", Level.PLAN, [raw, replace(raw, symptom="other", problem="another fault")])
    record = replace(run, known=KnownOutcome(met=(KnownFinding("S1", Surface.AUTH, "waits", symptom="raw-mint"),)))
    text = render_summary(record, 80, False)
    assert "What is wrong: 1 finding" in text
    assert "another fault" in text


def test_the_terminal_shows_what_is_new_first_and_the_verdict_last() -> None:
    """Each item with its place, and no colour where none is wanted."""
    mixed = compare(samples.run("a", Level.PLAN, [samples.raw_mint(Surface.AUTH)]), samples.legacy())
    text = render_comparison(mixed, 80, colour=False)
    assert text.index("New: ") < text.index("Still there: 1 check on a surface, 1 place")
    assert f"     {samples.DISPATCHER}:54" in text
    assert text.splitlines()[-1].startswith("RED: a to legacy:")
    assert "\x1b" not in text
    assert "\x1b" in render_comparison(mixed, 80, colour=True)


def test_a_check_that_the_first_run_left_out_is_told() -> None:
    """What it finds now need not be new."""
    after = samples.run("b", Level.PLAN, [samples.raw_mint(Surface.AUTH)])
    before = replace(after, backend="a", verdicts=tuple(v for v in after.verdicts if v.check != "S1"))
    assert "Not judged before: 1 check" in (text := render_comparison(compare(before, after), 120, colour=False))
    assert "0 new, 1 red that the first run did not judge" in text


def test_runs_that_agree_in_green_are_one_sentence() -> None:
    """There is nothing to list."""
    same = compare(samples.remediated(), samples.remediated())
    assert len(render_comparison(same, 120, colour=False).splitlines()) == 1


def test_checks_that_were_not_judged_are_listed_with_their_reason() -> None:
    """Errors with what the backend printed, nothing to judge, and not applicable each have a list."""
    text = render_summary(samples.troubled(), 80, colour=False)
    assert "A6 on auth: the backend did not answer within 20 s" in text
    assert "| ModuleNotFoundError: No module named 'redis'" in text
    assert "E1 on websocket: no event was received by anybody" in text
    assert "F2 on generator: the tree's generator has no parse_id" in text


def test_the_verdict_stands_last() -> None:
    """A green run ends in the green sentence; a red one in the red sentence and the places."""
    run = samples.remediated()
    green = render_summary(run, 120, colour=False).splitlines()
    assert green[-1] == f"GREEN: remediated at plan level: {len(run.verdicts)} passed."
    assert "--level strict" in green[-2]
    red = render_summary(samples.legacy(), 120, colour=False)
    assert "RED: legacy at plan level: 14 of 53 failed (7 checks, 14 findings), 39 passed." in red
    assert red.splitlines()[-1].lstrip().startswith(("Change first", "netra_backend"))


def test_a_strict_run_speaks_of_no_strict_checks_left_out() -> None:
    """The hint stands at plan level alone."""
    assert "--level strict" not in render_summary(samples.remediated(Level.STRICT), 80, False).split("RED:")[-1]


def test_a_run_without_verdicts_is_red_and_says_so() -> None:
    """Nothing judged is nothing proved."""
    assert "RED: x at plan level: no check was carried out" in render_summary(RunRecord("x", Level.PLAN, ()), 80, False)


def test_known_findings_are_told_with_reason_and_errors() -> None:
    """What held, what is gone and what expired each have a line."""
    entry = KnownFinding("U1", Surface.AUTH, "waits for phase 1")
    gone = KnownFinding("F1", Surface.AUTH, "waits too")
    record = replace(samples.remediated(), known=KnownOutcome(met=(entry,), gone=(gone,)))
    text = render_summary(record, 120, False)
    assert "Known finding U1 on auth: waits for phase 1" in text
    assert "ERROR Known finding F1 on auth is gone: nothing matches it any more. Delete the entry." in text
    assert "RED" in text.splitlines()[-1]


@pytest.mark.parametrize("way", WAYS)
def test_without_colour_a_text_stays_as_it_is(way: str) -> None:
    """For files, and for those who switch it off."""
    assert getattr(Paint(colour=False), way)("x") == "x"


@pytest.mark.parametrize("way", WAYS)
def test_with_colour_a_text_ends_in_the_terminals_own(way: str) -> None:
    """And an empty one has nothing to paint."""
    painted = getattr(Paint(colour=True), way)("x")
    assert re.fullmatch(r"\x1b\[[0-9;]+mx\x1b\[0m", painted)
    assert getattr(Paint(colour=True), way)("") == ""


def test_every_outcome_has_a_word_and_a_colour_of_its_own() -> None:
    """The word alone is enough."""
    assert len(set(WORDS.values())) == len(WORDS) == len(Outcome)
    painted = {Paint(colour=True).outcome(outcome, "x") for outcome in Outcome}
    assert len(painted) == len(Outcome)
