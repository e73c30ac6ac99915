"""A mutant that nobody has to notice is on record once, with its reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from id_isolation.power import mutation_score
from id_isolation.power.mutants import all_mutants
from id_isolation.power.mutation_score import Standing, on_record


def test_every_mutant_on_record_exists_and_has_a_reason() -> None:
    """A record that fits nothing any more is stale, and would hide a survivor of the same name."""
    names = {mutant.name for mutant in all_mutants()}
    for name, entry in on_record().items():
        assert name in names
        assert len(entry.reason.split()) >= 4
        assert entry.reason.endswith(".")


def test_what_is_on_record_is_the_smaller_part() -> None:
    """A record that grows without end would make any score perfect."""
    assert len(on_record()) < len(all_mutants()) / 4


def test_a_mutant_that_is_entered_twice_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even under another reason."""
    place = tmp_path / "record.json"
    place.write_text(json.dumps({"equivalent": {"It is so.": ["a"]}, "another right design": {"It is right.": ["a"]}}))
    monkeypatch.setattr(mutation_score, "_RECORD", place)
    with pytest.raises(ValueError, match="a is on record twice"):
        on_record()
    place.write_text(json.dumps({"equivalent": {"It is so.": ["a"]}, "another right design": {"It is right.": ["b"]}}))
    assert {name: entry.standing for name, entry in on_record().items()} == {
        "a": Standing.EQUIVALENT,
        "b": Standing.RIGHT_DESIGN,
    }
