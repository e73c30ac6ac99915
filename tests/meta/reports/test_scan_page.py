"""The scan's JSON, as far as a report shows it.

The scan's rows stand in a table that needs no script, under how much of the baseline is burned down.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from id_isolation.history.finding import Place
from id_isolation.plan.kinds import Level, Surface
from id_isolation.reports.html_run import run_page
from id_isolation.reports.scan_page import Burndown, ScanFileError, ShownScan, read_scan, scan_of, scan_table

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

TABLE_ROW = {"file": "a.py", "line": 3, "what": "uuid.uuid4", "kind": "run"}


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


def heads(text: str) -> list[str]:
    return re.findall('<th scope="col">(.*?)</th>', text)


def test_no_rows_and_no_baseline_are_no_table() -> None:
    """The page has no such section then."""
    assert scan_table(ShownScan([])) == ""


def test_columns_that_no_row_fills_are_left_out() -> None:
    """But for the four that every scan has."""
    assert heads(scan_table(ShownScan([TABLE_ROW]))) == ["File", "Line", "What", "Kind"]
    more = {**TABLE_ROW, "replacement": "generate_base_id", "code": "production"}
    assert heads(scan_table(ShownScan([TABLE_ROW, more]))) == ["File", "Line", "What", "Kind", "Code", "Use instead"]


def test_the_rows_keep_the_order_of_the_scan() -> None:
    """The plan's files first, as the scan has them."""
    rows = [{**TABLE_ROW, "file": name} for name in ("z.py", "a.py", "m.py")]
    assert re.findall(r"<code>(\w\.py)", scan_table(ShownScan(rows))) == ["z.py", "a.py", "m.py"]


def test_the_burn_down_counts_what_is_gone_what_is_left_and_what_is_new() -> None:
    """In numbers, beside the bar."""
    text = scan_table(ShownScan([TABLE_ROW], Burndown(12, 22, 2)))
    assert [f"<b>{number}</b>" in text for number in (12, 22, 2)] == [True] * 3


def test_a_run_without_a_scan_shows_what_it_found_in_the_tree() -> None:
    """And nothing of the plan's own places, which stand among the changes."""
    place = Place("app/x.py", 7, "  uuid.uuid4()  ")
    tree = replace(samples.raw_mint(Surface.AUTH), check="S3", surface=Surface.TREE, places=(place,))
    run = samples.run("x", Level.STRICT, [tree, samples.raw_mint(Surface.WEBSOCKET)])
    assert scan_of(run).rows == [{"file": "app/x.py", "line": 7, "what": "uuid.uuid4()", "kind": "raw-mint"}]
