"""The list of known findings: what it names may fail, and it cannot rot."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from id_isolation.checks.check import all_checks
from id_isolation.history.finding import Outcome, Verdict
from id_isolation.history.known import KnownFinding, KnownListError, KnownOutcome, apply_known, load_known, reconcile
from id_isolation.plan.kinds import Surface

from ..reports import samples

TODAY = date(2026, 3, 1)
RAW = samples.raw_mint(Surface.AUTH)
FAILED = Verdict("S1", Surface.AUTH, Outcome.FAILED, findings=(RAW,))
ENTRY = KnownFinding("S1", Surface.AUTH, "phase 1 comes in April")


@pytest.mark.parametrize(
    ("narrower", "matches"),
    [
        ({}, True),
        ({"symptom": "raw-mint"}, True),
        ({"symptom": "another"}, False),
        ({"fingerprint": RAW.fingerprint}, True),
        ({"fingerprint": "0" * 16}, False),
        ({"anchor": samples.AUTH_PLACE.anchor}, True),
        ({"anchor": "netra_backend.app.auth_integration.auth"}, True),
        ({"anchor": "netra_backend.app.auth_integration.au"}, False),
        ({"surface": Surface.WEBSOCKET}, False),
        ({"check": "S2"}, False),
    ],
)
def test_an_entry_names_what_agrees_with_all_that_it_states(narrower: dict[str, Any], matches: bool) -> None:
    """Check and surface always, and whatever else is given."""
    assert replace(ENTRY, **narrower).matches(RAW) is matches


def test_a_known_finding_does_not_fail_its_check() -> None:
    """The verdict turns to `known`, keeps its findings and tells the reason."""
    verdict = apply_known(FAILED, [ENTRY], TODAY)
    assert verdict.outcome is Outcome.KNOWN
    assert verdict.outcome.is_green
    assert verdict.findings == (RAW,)
    assert "phase 1 comes in April" in verdict.reason


def test_one_finding_that_is_not_known_fails_the_check() -> None:
    """A list that names one of two findings leaves the check red."""
    other = replace(RAW, symptom="another")
    both = replace(FAILED, findings=(RAW, other))
    assert apply_known(both, [replace(ENTRY, symptom="raw-mint")], TODAY) == both


@pytest.mark.parametrize(("day", "outcome"), [(date(2026, 3, 1), Outcome.KNOWN), (date(2026, 2, 28), Outcome.FAILED)])
def test_an_entry_holds_up_to_and_on_its_day(day: date, outcome: Outcome) -> None:
    """Expired, it names nothing any more, and that is an error besides."""
    entry = replace(ENTRY, expires=day)
    assert apply_known(FAILED, [entry], TODAY).outcome is outcome
    told = reconcile([entry], [FAILED], TODAY)
    assert (told.expired == (entry,)) is (outcome is Outcome.FAILED)
    assert bool(told.errors) is (outcome is Outcome.FAILED)


@pytest.mark.parametrize("outcome", [Outcome.PASSED, Outcome.ERRORED, Outcome.INCONCLUSIVE, Outcome.NOT_APPLICABLE])
def test_only_failures_can_be_known(outcome: Outcome) -> None:
    """An error, or a check with nothing to judge, stays what it is."""
    verdict = Verdict("S1", Surface.AUTH, outcome)
    assert apply_known(verdict, [ENTRY], TODAY) == verdict


def test_a_failure_without_findings_is_never_known() -> None:
    """Nothing says what failed, so nothing says that it is known."""
    bare = replace(FAILED, findings=())
    assert apply_known(bare, [ENTRY], TODAY) == bare


@pytest.mark.parametrize(
    ("verdicts", "where"),
    [
        ([FAILED], "met"),
        ([apply_known(FAILED, [ENTRY], TODAY)], "met"),
        ([Verdict("S1", Surface.AUTH, Outcome.PASSED)], "gone"),
        ([replace(FAILED, findings=(replace(RAW, check="S2"),))], "gone"),
        ([Verdict("S1", Surface.AUTH, Outcome.NOT_APPLICABLE)], "gone"),
        ([Verdict("S1", Surface.AUTH, Outcome.ERRORED)], "not_judged"),
        ([Verdict("S1", Surface.WEBSOCKET, Outcome.PASSED)], "not_judged"),
        ([], "not_judged"),
    ],
)
def test_every_entry_is_accounted_for(verdicts: list[Verdict], where: str) -> None:
    """Met, gone, or not judged in this run: an entry is in exactly one of these, and gone is an error."""
    told = reconcile([ENTRY], verdicts, TODAY)
    assert told == KnownOutcome(**{where: (ENTRY,)})
    assert bool(told.errors) is (where == "gone")


def test_the_outcome_of_the_list_survives_json() -> None:
    """What is written is what is read."""
    told = KnownOutcome(met=(ENTRY,), expired=(replace(ENTRY, expires=TODAY),))
    assert KnownOutcome.from_json(told.to_json()) == told


def load(path: Path, text: str) -> tuple[KnownFinding, ...]:
    path.write_text(text, encoding="utf-8")
    return load_known(path, all_checks())


def test_a_list_is_read_from_toml(tmp_path: Path) -> None:
    """Dates as TOML has them, or as text."""
    entries = load(
        tmp_path / "known.toml",
        '[[known]]\ncheck="S1"\nsurface="auth"\nreason="r"\nexpires=2026-12-31\n'
        '[[known]]\ncheck="C2"\nsurface="dispatcher"\nreason="r"\nsymptom="left-behind"\nexpires="2027-01-01"\n',
    )
    assert [entry.expires for entry in entries] == [date(2026, 12, 31), date(2027, 1, 1)]
    assert entries[1].symptom == "left-behind"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[known", "is no TOML file"),
        ("a = 1", r"may hold \[\[known\]\] tables and nothing else"),
        ("known = 3", "nothing else"),
        ("known = [3]", "entry 1: an entry is a"),
        ('[[known]]\ncheck="S1"\nsurface="auth"', "entry 1: it needs a reason"),
        ('[[known]]\ncheck="S1"\nsurface="auth"\nreason="  "', "it needs a reason"),
        ('[[known]]\ncheck="Z9"\nsurface="auth"\nreason="r"', "there is no check 'Z9'"),
        ('[[known]]\ncheck="S1"\nsurface="cellar"\nreason="r"', "there is no surface 'cellar'"),
        ('[[known]]\ncheck="S1"\nsurface="tree"\nreason="r"', "S1 does not judge tree; it judges auth, dispatcher"),
        (
            '[[known]]\ncheck="S1"\nsurface="auth"\nreason="r"\nsymptom="raw"',
            "S1 has no symptom 'raw'; it has raw-mint",
        ),
        ('[[known]]\ncheck="S1"\nsurface="auth"\nreason="r"\nuntil=2026-01-01', "there is no field 'until'"),
        ('[[known]]\ncheck="S1"\nsurface="auth"\nreason="r"\nexpires="soon"', "expires must be a day"),
        ('[[known]]\ncheck="S1"\nsurface="auth"\nreason="r"\nexpires=2026-01-01T00:00:00Z', "expires must be a day"),
        ('[[known]]\ncheck=1\nsurface="auth"\nreason="r"', "check must be a text"),
    ],
)
def test_a_list_that_is_wrong_is_refused_in_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    """Which entry, what is wrong, and what there is instead."""
    with pytest.raises(KnownListError, match=said) as caught:
        load(tmp_path / "known.toml", text)
    assert "\n" not in str(caught.value)


def test_a_list_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A wrong path does not count as an empty list."""
    with pytest.raises(KnownListError, match="cannot read the list"):
        load_known(tmp_path / "none.toml")
