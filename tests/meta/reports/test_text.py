"""Text in a report shows everything and obeys nothing, and an ID on a long line stays in one piece.

The verdict on a run, and on each check, is one sentence that claims no more than what was judged. A file is written
whole or not at all, and without a secret.
"""

from __future__ import annotations

import io
import json
import os
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

import pytest

from id_isolation.checks.check import all_checks, check_of
from id_isolation.history.finding import Outcome, Verdict
from id_isolation.history.record import RunRecord
from id_isolation.plan.kinds import Level, Surface
from id_isolation.reports.text import (
    LONGEST,
    cells,
    count,
    explain,
    first_line,
    footnotes,
    is_painted,
    listed,
    padded,
    printable,
    verdict_sentence,
    wrapped,
    write_json,
    write_page,
)

from . import samples

G, A = Surface.GENERATOR, Surface.AUTH

P, F, K = Outcome.PASSED, Outcome.FAILED, Outcome.KNOWN
N, NONE, E = Outcome.NOT_APPLICABLE, Outcome.INCONCLUSIVE, Outcome.ERRORED

CLAIM = check_of("X1").proves

TOKEN = "tok.abcdefghijkl"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ana.silva", "ana.silva"),
        ("é€漢", "é€漢"),
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("\u202eabc", "\\u202eabc"),
        ("\ud800", "\\ud800"),
        ("\u200d", "\\u200d"),
        ("", ""),
    ],
)
def test_what_could_steer_a_reader_is_escaped(text: str, shown: str) -> None:
    """Escape sequences, line ends, direction marks, surrogates; letters of any script stay."""
    assert printable(text) == shown


def test_a_text_of_the_longest_length_is_whole_and_one_more_is_cut_in_its_middle() -> None:
    """With its beginning, its end and how long it was."""
    whole = "b" * (LONGEST - 1) + "e"
    assert printable(whole) == whole
    cut = printable("a" + whole)
    assert cut == f"a{'b' * 79}...{'b' * 39}e (161 characters)"
    assert printable("abcdefgh", 4) == "ab...h (8 characters)"


def test_the_cut_comes_before_the_escaping() -> None:
    """So that no escape is torn apart."""
    assert printable("\n" * 5, 4) == "\\n\\n...\\n (5 characters)"


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("漢字", 4), ("e\u0301", 1), ("", 0), ("\uff21", 2), ("→", 1)]
)
def test_columns_are_counted_as_a_terminal_shows_them(text: str, columns: int) -> None:
    """Wide letters take two, marks on a letter none."""
    assert cells(text) == columns
    assert cells(padded(text, 10)) == 10
    assert padded(text, columns) == padded(text, 0) == text


def test_a_text_is_wrapped_between_words_only() -> None:
    """What is longer than a line, and what has hyphens, stays in one piece."""
    lines = wrapped(f"the id run_{'a' * 30} of ana-maria x", 20, "- ")
    assert lines == ["- the id", f"  run_{'a' * 30}", "  of ana-maria x"]
    assert wrapped("of ana-maria", 6) == ["of", "ana-maria"]


def test_the_first_line_and_the_others_have_their_own_beginnings() -> None:
    """An empty text is the first beginning alone."""
    assert wrapped("a b", 4, "1. ", ">> ") == ["1. a", ">> b"]
    assert wrapped("", 20, "none: ") == ["none:"]


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 findings"), (1, "1 finding"), (2, "2 findings"), (11, "11 findings")]
)
def test_only_one_is_in_the_singular(number: int, words: str) -> None:
    """With a plural of its own where there is one."""
    assert count(number, "finding") == words
    assert count(number, "is", "are") == f"{number} {'is' if number == 1 else 'are'}"


@pytest.mark.parametrize(
    ("items", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_items_are_listed_as_a_sentence_lists_them(items: list[str], text: str) -> None:
    """The last one behind an `and`."""
    assert listed(items) == text


def test_the_first_line_of_a_text_is_without_the_space_around_it() -> None:
    """Also where the text begins with empty lines."""
    assert first_line("\n\n a b\nc\n") == "a b"
    assert first_line("") == ""


def _verdict(outcome: Outcome, check: str = "X1", surface: Surface = G, **more: object) -> Verdict:
    return Verdict(check, surface, outcome, **more)  # type: ignore[arg-type]


def _run(*outcomes: Outcome) -> RunRecord:
    checks = [check.id for check in all_checks().values() if G in check.surfaces]
    verdicts = (_verdict(outcome, check) for outcome, check in zip(outcomes, checks, strict=False))
    return RunRecord("legacy", Level.PLAN, tuple(verdicts))


@pytest.mark.parametrize(
    ("outcomes", "sentence"),
    [
        ((), "RED: legacy at plan level: no check was carried out, so nothing is proved."),
        ((P,), "GREEN: legacy at plan level: 1 passed."),
        ((P, P, N), "GREEN: legacy at plan level: 2 passed, 1 not applicable."),
        ((P, K, K, N), "GREEN: legacy at plan level: 2 failed as known, 1 passed, 1 not applicable."),
        ((N, N), "RED: legacy at plan level: 2 not applicable, no check applied, so nothing is proved."),
        ((F, P), "RED: legacy at plan level: 1 of 2 failed (1 check, 0 findings), 1 passed."),
        ((E, P), "RED: legacy at plan level: 1 could not be carried out, 1 passed."),
        ((NONE, NONE), "RED: legacy at plan level: 2 had nothing to judge, no check applied, so nothing is proved."),
        (
            (F, E, NONE, P),
            "RED: legacy at plan level: 1 of 4 failed (1 check, 0 findings), 1 could not be carried out, 1 had nothing"
            " to judge, 1 passed.",
        ),
    ],
)
def test_a_run_is_told_by_its_worst_and_its_counts(outcomes: tuple[Outcome, ...], sentence: str) -> None:
    """A run that judged nothing is red, and says so."""
    assert verdict_sentence(_run(*outcomes)) == sentence


def test_a_check_on_a_surface_is_what_is_counted() -> None:
    """Checks and findings stand beside it."""
    failed = [_verdict(F, "X1", A), _verdict(F, "X1", G), _verdict(F, "X2", A)]
    sentence = verdict_sentence(RunRecord("x", Level.STRICT, tuple(failed)))
    assert sentence == "RED: x at strict level: 3 of 3 failed (2 checks, 0 findings)."


def test_a_run_that_was_narrowed_says_of_what_it_is_green() -> None:
    """With how many there are."""
    run = replace(_run(P), narrowed="unit", due=1, whole=53)
    assert verdict_sentence(run) == "GREEN for unit: 1 of 53, legacy at plan level: 1 passed."


def test_an_incomplete_run_is_never_green() -> None:
    """It says how many of how many were judged, and why no more."""
    run = replace(_run(P), due=53, whole=53, incomplete="interrupted")
    assert verdict_sentence(run) == "INCOMPLETE: 1 of 53 judged (interrupted), legacy at plan level: 1 passed."


def test_a_simulated_part_is_told_in_one_footnote() -> None:
    """With the checks whose verdict it decided; what is not applicable was decided by nothing."""
    made = [_verdict(P, "C2", simulated=("clean-up",)), _verdict(F, "C3", simulated=("clean-up",))]
    made.append(_verdict(N, "C4", simulated=("clean-up",)))
    (note,) = footnotes(RunRecord("x", Level.PLAN, tuple(made)))
    assert note == "* The clean-up is simulated: the suite stands in for the backend's own in C2 and C3 on generator."


def test_a_backends_name_cannot_steer_the_terminal() -> None:
    """It is what the user typed, or what a file said."""
    assert "a\\x1b[31m at plan" in verdict_sentence(replace(_run(P), backend="a\x1b[31m"))


@pytest.mark.parametrize(
    ("verdict", "sentence"),
    [
        (_verdict(P, judged=1), f"X1 on generator passed: {CLAIM} (1 thing judged)."),
        (_verdict(P, judged=7), f"X1 on generator passed: {CLAIM} (7 things judged)."),
        (_verdict(N, reason="it mints nothing."), "X1 on generator is not applicable, because it mints nothing."),
        (_verdict(N), "X1 on generator is not applicable, because no reason was given."),
        (
            _verdict(NONE, reason="it met no pair"),
            f"X1 on generator is inconclusive, so it is not known whether {CLAIM}: it met no pair.",
        ),
        (
            _verdict(E, reason="mint hung.\nFile x, line 3"),
            f"X1 on generator could not be carried out, so it is not known whether {CLAIM}: mint hung.",
        ),
        (
            _verdict(K, reason="known: until the spring"),
            f"X1 on generator failed as known: it does not hold that {CLAIM} (until the spring).",
        ),
    ],
    ids=lambda value: str(value.outcome) if isinstance(value, Verdict) else None,
)
def test_each_outcome_claims_what_it_knows(verdict: Verdict, sentence: str) -> None:
    """An open check claims nothing; only the first line of a reason is told."""
    assert explain(verdict) == sentence


def test_a_failure_names_its_findings_or_its_reason() -> None:
    """Titles without their full stops."""
    one = samples.raw_mint(A)
    two = replace(one, problem="Another.")
    failed = explain(_verdict(F, "S1", A, findings=(one, two)))
    assert failed.startswith(f"S1 on auth failed: it does not hold that {check_of('S1').proves}: ")
    assert failed.endswith(f"{one.problem.rstrip('.')} and Another.")
    assert explain(_verdict(F, reason="it stopped")).endswith(f"{CLAIM}: it stopped.")


def test_the_strict_half_of_a_claim_is_told_only_at_strict_level() -> None:
    """Where the check has one."""
    check = next(said for said in all_checks().values() if said.strict_proves)
    verdict = _verdict(P, check.id, check.surfaces[0])
    assert check.strict_proves not in explain(verdict)
    assert f"{check.proves}; and {check.strict_proves}." in explain(verdict, Level.STRICT)
    plain = next(said for said in all_checks().values() if not said.strict_proves)
    whole = _verdict(P, plain.id, plain.surfaces[0])
    assert explain(whole, Level.STRICT) == explain(whole)


def test_a_check_of_another_version_is_told_without_its_claim() -> None:
    """A file may hold checks that this version does not know."""
    assert explain(_verdict(P, "Z9")) == "Z9 on generator passed: what this check is about holds."


def test_a_page_is_written_without_secrets_and_surrogates(tmp_path: Path) -> None:
    """Everything else is as it was, in UTF-8."""
    write_page(tmp_path / "a.html", f"<p>é {TOKEN} \ud800</p>\n")
    assert (tmp_path / "a.html").read_text("utf-8") == "<p>é [token] ?</p>\n"
    assert os.listdir(tmp_path) == ["a.html"]


def test_data_is_written_as_plain_json(tmp_path: Path) -> None:
    """Enums by their values, keys and values without secrets, in ASCII."""

    class Colour(StrEnum):
        RED = "red"

    write_json(tmp_path / "a.json", {"colour": Colour.RED, TOKEN: [f"é {TOKEN}"], "pair": (1, None)})
    text = (tmp_path / "a.json").read_bytes()
    assert text.isascii()
    assert text.endswith(b"}\n")
    assert json.loads(text) == {"colour": "red", "[token]": ["é [token]"], "pair": [1, None]}


def test_a_file_that_cannot_be_replaced_is_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error comes out, and nothing is left beside it."""
    path = tmp_path / "a.html"
    write_page(path, "before")

    def refuse(source: Path, target: Path) -> None:
        assert Path(source).read_text() == "after"
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(PermissionError):
        write_page(path, "after")
    assert path.read_text() == "before"
    assert os.listdir(tmp_path) == ["a.html"]


def test_a_directory_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """It is not made."""
    with pytest.raises(FileNotFoundError):
        write_page(tmp_path / "gone" / "a.html", "x")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("variables", "terminal", "painted"),
    [({}, True, True), ({}, False, False), ({"NO_COLOR": "1"}, True, False), ({"TERM": "dumb"}, True, False)],
)
def test_colours_are_for_terminals_whose_reader_wants_them(
    variables: dict[str, str], terminal: bool, painted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NO_COLOR takes them away everywhere."""
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: terminal)
    assert is_painted(stream) is painted
