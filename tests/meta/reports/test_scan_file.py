"""The scan's JSON, as far as a report shows it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from id_isolation.reports.html_run import run_page
from id_isolation.reports.scan_page import Burndown, ScanFileError, read_scan

from . import samples

ROW = {"file": "app/a.py", "line": 3, "what": "uuid.uuid4", "kind": "run", "code": "production", "new": True}
SCAN: dict[str, Any] = {
    "format": "id-isolation-scan",
    "version": 1,
    "findings": [ROW, {**ROW, "line": 9, "new": False}],
    "unread": [{"file": "b.py", "reason": "syntax"}],
    "baseline": {"used": True, "stale": True, "gone": [{}, {}, {}]},
    "compliance": {"approved": 6, "raw": 2, "share": 0.75, "trend": "70% to 75%"},
}


def write(path: Path, data: Any) -> Path:
    path.write_text(json.dumps(data))
    return path


def test_rows_burndown_and_figures_are_read(tmp_path: Path) -> None:
    """What is gone, still there and new; the compliance figure, and what could not be read."""
    scan = read_scan(write(tmp_path / "scan.json", SCAN))
    assert len(scan.rows) == 2
    assert scan.burndown == Burndown(gone=3, still=1, new=1)
    assert [note.split()[0] for note in scan.notes] == ["75.0%", "Trend:", "1"]


def test_a_scan_without_a_baseline_has_no_burndown(tmp_path: Path) -> None:
    """Every finding counts as new there, which says nothing about progress."""
    plain = {**SCAN, "baseline": {"used": False, "gone": []}}
    assert read_scan(write(tmp_path / "scan.json", plain)).burndown is None


def test_the_table_shows_the_columns_that_the_scan_has(tmp_path: Path) -> None:
    """State and code besides; no column without a value."""
    text = run_page(samples.remediated(), read_scan(write(tmp_path / "scan.json", SCAN)))
    for head in ("File", "Line", "What", "Kind", "Code", "State"):
        assert f'<th scope="col">{head}</th>' in text
    assert "Use instead" not in text
    assert "<td>new</td>" in text
    assert "<td>recorded</td>" in text


@pytest.mark.parametrize("data", [[], {}, {"format": "x", "findings": []}, {**SCAN, "findings": [{"file": "a"}]}])
def test_what_is_no_scan_is_refused_in_a_sentence(tmp_path: Path, data: Any) -> None:
    """The sentence names the file."""
    with pytest.raises(ScanFileError, match=r"scan\.json is no scan's file"):
        read_scan(write(tmp_path / "scan.json", data))


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """Missing, or no JSON."""
    with pytest.raises(ScanFileError, match="cannot read"):
        read_scan(tmp_path / "none.json")
    (tmp_path / "x.json").write_text("hello")
    with pytest.raises(ScanFileError, match="it is no JSON"):
        read_scan(tmp_path / "x.json")
