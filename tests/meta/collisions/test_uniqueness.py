"""Uniqueness over processes: every duplicate is found, and nothing else."""

from __future__ import annotations

import itertools
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from id_isolation.collisions.evidence import Closed, Ledger, digest
from id_isolation.collisions.uniqueness import compare, mint_in_processes
from id_isolation.world.processes import ChildFailure


def _numbered(index: int) -> Any:
    return (f"session_{index}_{n}" for n in range(5_000))


def _shared(index: int) -> Any:
    return itertools.chain(_numbered(index), ["session_shared"])


def _fails(index: int) -> Iterator[Any]:
    yield "session_1"
    raise OSError("no more")


def test_ids_of_several_processes_are_unique() -> None:
    """All are counted, all are in the evidence, and nothing is found."""
    result = mint_in_processes(_numbered, 3, source="X3")
    assert (result.count, result.duplicates) == (15_000, ())
    assert (result.evidence.source, result.evidence.count, len(result.evidence.digests)) == ("X3", 15_000, 15_000)


def test_the_evidence_has_no_more_digests_than_are_asked_for() -> None:
    """The count is that of all IDs."""
    evidence = mint_in_processes(_numbered, 2, carried=1_000).evidence
    assert evidence.count == 10_000
    assert 0 < len(evidence.digests) <= 1_000


def test_an_id_that_two_processes_mint_is_found_with_its_places() -> None:
    """Text, processes and numbers are given."""
    (duplicate,) = mint_in_processes(_shared, 2).duplicates
    assert duplicate.text == "session_shared"
    assert duplicate.places == (("process-1", 5_000), ("process-2", 5_000))
    assert "process-2 as its number 5001" in duplicate.sentence()


def test_an_id_that_one_process_mints_twice_is_found(tmp_path: Path) -> None:
    """A single ledger is enough."""
    ledger = Ledger(tmp_path, "one")
    ledger.add(["a", "b\n", "a", "b\\n"])
    (duplicate,) = compare([Closed.at(ledger.close())])
    assert (duplicate.text, duplicate.places) == ("a", (("one", 0), ("one", 2)))


def test_equal_digests_of_different_ids_are_no_duplicate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hit is looked up before anything is said."""
    size = 2**61 - 1
    first = b"session_0123456789"
    second = (int.from_bytes(first) + size).to_bytes(len(first))
    assert digest(first) == digest(second)
    ledger = Ledger(tmp_path, "one")
    ledger.add([first.decode("latin-1"), second.decode("ascii", "surrogateescape")])
    path = ledger.close()
    lines = tmp_path / "one.ids"
    lines.write_bytes(first + b"\n" + second + b"\n")
    (tmp_path / "one.numbers").write_bytes(digest(first).to_bytes(8, "little") * 2)
    head = json.loads((tmp_path / "one.json").read_text())
    (tmp_path / "one.json").write_text(json.dumps({**head, "sizes": [2] + [0] * 63}))
    assert compare([Closed.at(path)]) == []


def test_many_duplicates_are_cut_to_twenty() -> None:
    """Memory stays bounded when everything is a duplicate."""
    assert len(mint_in_processes(lambda _: (f"id_{n}" for n in range(3_000)), 2).duplicates) == 20


def test_progress_is_told_to_its_end() -> None:
    """The last word is that all is done."""
    told: list[tuple[int, int]] = []
    mint_in_processes(_numbered, 2, expected=10_000, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (10_000, 10_000)
    assert all(0 <= done <= total for done, total in told)


def test_the_texts_are_removed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No file stays behind in the temporary folder, whether it went well or not."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert mint_in_processes(_numbered, 1).count == 5_000
    with pytest.raises(ChildFailure, match="no more"):
        mint_in_processes(_fails, 2)
    assert os.listdir(tmp_path) == []
