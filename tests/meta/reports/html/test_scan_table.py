"""The scan's rows stand in a table that needs no script, under how much of the baseline is burned down."""

from __future__ import annotations

import re
from dataclasses import replace

from id_isolation.history.finding import Place
from id_isolation.plan.kinds import Level, Surface
from id_isolation.reports.scan_page import Burndown, ShownScan, scan_of, scan_table

from .. import samples

ROW = {"file": "a.py", "line": 3, "what": "uuid.uuid4", "kind": "run"}


def heads(text: str) -> list[str]:
    return re.findall('<th scope="col">(.*?)</th>', text)


def test_no_rows_and_no_baseline_are_no_table() -> None:
    """The page has no such section then."""
    assert scan_table(ShownScan([])) == ""


def test_columns_that_no_row_fills_are_left_out() -> None:
    """But for the four that every scan has."""
    assert heads(scan_table(ShownScan([ROW]))) == ["File", "Line", "What", "Kind"]
    more = {**ROW, "replacement": "generate_base_id", "code": "production"}
    assert heads(scan_table(ShownScan([ROW, more]))) == ["File", "Line", "What", "Kind", "Code", "Use instead"]


def test_the_rows_keep_the_order_of_the_scan() -> None:
    """The plan's files first, as the scan has them."""
    rows = [{**ROW, "file": name} for name in ("z.py", "a.py", "m.py")]
    assert re.findall(r"<code>(\w\.py)", scan_table(ShownScan(rows))) == ["z.py", "a.py", "m.py"]


def test_the_burn_down_counts_what_is_gone_what_is_left_and_what_is_new() -> None:
    """In numbers, beside the bar."""
    text = scan_table(ShownScan([ROW], Burndown(12, 22, 2)))
    assert [f"<b>{number}</b>" in text for number in (12, 22, 2)] == [True] * 3


def test_a_run_without_a_scan_shows_what_it_found_in_the_tree() -> None:
    """And nothing of the plan's own places, which stand among the changes."""
    place = Place("app/x.py", 7, "  uuid.uuid4()  ")
    tree = replace(samples.raw_mint(Surface.AUTH), check="S3", surface=Surface.TREE, places=(place,))
    run = samples.run("x", Level.STRICT, [tree, samples.raw_mint(Surface.WEBSOCKET)])
    assert scan_of(run).rows == [{"file": "app/x.py", "line": 7, "what": "uuid.uuid4()", "kind": "raw-mint"}]
