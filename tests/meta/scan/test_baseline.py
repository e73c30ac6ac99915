"""The ratchet: new is red, known is not, gone makes the baseline stale, and only `accept_new` lets it grow."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from id_isolation.scan import ScanResult, scan_tree
from id_isolation.scan.baseline import (
    Baseline,
    BaselineError,
    Compliance,
    compare,
    compliance,
    load_baseline,
    save_baseline,
    trend_text,
    updated,
)

from .trees import write

_ONE = "import uuid\n\n\ndef start(user_id):\n    session_id = str(uuid.uuid4())\n    return session_id\n"


def _recorded(result: ScanResult) -> Baseline:
    empty = Baseline({}, [])
    return updated(compare(result.findings, empty), empty, compliance(result), accept_new=True)[0]


def _scan(root: Path, text: str) -> ScanResult:
    return scan_tree(write(root, {"app.py": text}))


FORMATS = {
    "lines-moved": "# a comment\n\n" + _ONE,
    "wrapped": _ONE.replace("str(uuid.uuid4())", "str(\n        uuid.uuid4()\n    )"),
    "import-moved": _ONE.replace("import uuid\n", "import os\nimport uuid\n"),
    "imported-by-name": _ONE.replace("import uuid", "from uuid import uuid4").replace("uuid.uuid4()", "uuid4()"),
    "more-code": _ONE + "\n\ndef other():\n    return 1\n",
}


@pytest.mark.parametrize("name", FORMATS)
def test_moving_and_formatting_make_nothing_new(name: str, tmp_path: Path) -> None:
    """The key does not depend on lines, white space or the way of importing."""
    baseline = _recorded(_scan(tmp_path, _ONE))
    seen = compare(_scan(tmp_path, FORMATS[name]).findings, baseline)
    assert seen.new == []
    assert seen.gone == []


CHANGES = {
    "same-function": _ONE.replace("    return", "    run_id = uuid.uuid4()\n    return"),
    "same-target-again": _ONE.replace("    return", "    session_id = str(uuid.uuid4())\n    return"),
    "other-function": _ONE + "\n\ndef more():\n    return uuid.uuid4()\n",
}


@pytest.mark.parametrize("name", CHANGES)
def test_one_more_mint_is_new(name: str, tmp_path: Path) -> None:
    """Beside a known one, in the same place or elsewhere."""
    baseline = _recorded(_scan(tmp_path, _ONE))
    assert len(compare(_scan(tmp_path, CHANGES[name]).findings, baseline).new) == 1


def test_what_has_gone_makes_the_baseline_stale_and_an_update_shrinks_it(tmp_path: Path) -> None:
    """The entry is named, then removed; the update adds nothing."""
    baseline = _recorded(_scan(tmp_path, _ONE))
    result = _scan(tmp_path, "x = 1\n")
    seen = compare(result.findings, baseline)
    assert [entry["target"] for entry in seen.gone] == ["session_id"]
    after, added, removed = updated(seen, baseline, compliance(result), accept_new=False)
    assert (after.entries, added, removed) == ({}, 0, 1)


def test_an_update_does_not_grow_without_accept_new(tmp_path: Path) -> None:
    """New findings stay new."""
    result = _scan(tmp_path, _ONE)
    empty = Baseline({}, [])
    after, added, _ = updated(compare(result.findings, empty), empty, compliance(result), accept_new=False)
    assert (after.entries, added) == ({}, 0)


def test_an_unread_file_makes_nothing_gone(tmp_path: Path) -> None:
    """What nobody could look at has not been mended."""
    baseline = _recorded(_scan(tmp_path, _ONE))
    result = _scan(tmp_path, _ONE + "\0")
    unread = [item.file for item in result.unread]
    assert unread == ["app.py"]
    assert compare(result.findings, baseline, unread=unread).gone == []


def test_a_baseline_survives_writing_and_reading(tmp_path: Path) -> None:
    """The same entries come back."""
    baseline = _recorded(_scan(tmp_path, _ONE))
    path = str(tmp_path / "baseline.json")
    save_baseline(path, baseline)
    assert load_baseline(path) == baseline


WRONG = {
    "missing": (None, "There is no baseline"),
    "no-json": ("{", "cannot be read"),
    "other-json": ("[]", "is no scan baseline"),
    "other-version": (json.dumps({"format": "id-isolation-scan-baseline", "version": 99}), "version 99"),
    "no-findings": (json.dumps({"format": "id-isolation-scan-baseline", "version": 1}), "no object `findings`"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_file_that_is_no_baseline_is_refused_in_words(name: str, tmp_path: Path) -> None:
    """Never taken for an empty one."""
    text, words = WRONG[name]
    if text is not None:
        (tmp_path / "b.json").write_text(text)
    with pytest.raises(BaselineError, match=words):
        load_baseline(str(tmp_path / "b.json"))


def test_the_compliance_figure_and_its_trend() -> None:
    """The share of minting places that use the generator, against the last record."""
    assert Compliance(1, 3).share == 0.25
    assert Compliance(0, 0).share is None
    assert "no production code" in Compliance(0, 0).text()
    trend = [{"approved": 0, "raw": 4}, {"approved": 1, "raw": 3}]
    assert "+25.0 percentage points" in trend_text(trend, Compliance(2, 2))
    assert "unchanged" in trend_text(trend, Compliance(1, 3))
    assert "no earlier figure" in trend_text([], Compliance(1, 3))
