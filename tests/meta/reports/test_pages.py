"""The pages: self-contained, well-formed, complete, and clean of secrets."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from id_isolation.history.finding import Place
from id_isolation.history.redaction import remember
from id_isolation.plan.kinds import Level, Surface
from id_isolation.reports.html_run import run_page
from id_isolation.reports.scan_page import Burndown, ShownScan
from id_isolation.reports.text import write_page

from . import samples
from .pages import PAGES

_VOID = {"meta", "input", "br", "hr", "col"}


class Outline(HTMLParser):
    """Reads a page strictly: every element closed in order, ids and links noted."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.headings: list[int] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.open += [] if tag in _VOID else [tag]
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if "href" in given else []
        self.loads += [str(given[name]) for name in ("src", "srcset", "data", "action") if name in given]
        self.headings += [int(tag[1])] if re.fullmatch("h[1-6]", tag) else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_well_formed_and_needs_nothing_from_anywhere(name: str) -> None:
    """Every element is closed, ids are unique, links stay on the page, and nothing is loaded."""
    text = PAGES[name]()
    outline = Outline(text)
    assert not outline.open
    assert len(outline.ids) == len(set(outline.ids))
    assert all(link.startswith("#") and link[1:] in outline.ids for link in outline.links)
    assert not outline.loads
    assert not re.search(r"https?://|url\(|@import", text)
    assert "default-src &#x27;none&#x27;" in text


@pytest.mark.parametrize("name", PAGES)
def test_headings_go_down_one_step_at_a_time(name: str) -> None:
    """One first heading, and no level left out."""
    headings = Outline(PAGES[name]()).headings
    assert headings.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(headings))


def test_the_report_holds_verdict_changes_findings_and_scan() -> None:
    """What the terminal says, the page says."""
    text = PAGES["legacy"]()
    assert "14 of 53 failed (7 checks, 14 findings)" in text
    for place in (f"{samples.AUTH}:39", f"{samples.DISPATCHER}:51-54", f"{samples.WEBSOCKET}:32"):
        assert place in text
    assert "C2 clean-up by run FAIL" in re.sub("<[^>]+>", "", text)
    assert "netra_backend/app/module0/file0.py" in text
    assert "gone since the baseline was recorded" in text


def test_findings_of_the_tree_make_the_scan_table() -> None:
    """Without the scan's own results the run's findings serve."""
    places = tuple(Place(f"app/file{number}.py", number + 1, "uuid.uuid4()") for number in range(3))
    tree = replace(samples.raw_mint(Surface.AUTH), check="S3", surface=Surface.TREE, places=places)
    text = run_page(samples.run("x", Level.STRICT, [tree]))
    assert text.count('<th scope="row"><code>app/file') == 3


def test_a_baseline_that_is_burned_down_to_nothing_is_told() -> None:
    """No rows is good news, not an empty table."""
    text = run_page(samples.remediated(), ShownScan([], Burndown(5, 0, 0)))
    assert "No raw mint is left." in text


def test_markup_from_a_backend_stays_text() -> None:
    """In titles, evidence, reasons, file names and the backend's own name."""
    evil = "<img src=x onerror=alert(1)>"
    place = Place(f"{evil}.py", 1, evil, evil)
    odd = samples.finding("S1", Surface.AUTH, evil, evil, evidence=(evil,), places=(place,), replacement=evil)
    row = {"file": evil, "line": 1, "what": evil, "kind": evil, "replacement": evil}
    text = run_page(samples.run(evil, Level.PLAN, [odd]), ShownScan([row], notes=(evil,)))
    assert "<img" not in text


def test_a_written_page_holds_no_secret(tmp_path: Path) -> None:
    """Whatever the record holds by mistake."""
    remember(samples.SECRET, "canary")
    leak = samples.finding("E1", Surface.WEBSOCKET, "foreign", f"saw {samples.SECRET}")
    write_page(tmp_path / "x.html", run_page(samples.run("x", Level.PLAN, [leak])))
    text = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert samples.SECRET not in text
    assert "saw [canary]" in text


def test_a_page_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    """The old page stays as it was."""
    target = tmp_path / "page.html"
    target.mkdir()
    with pytest.raises(OSError, match="directory"):
        write_page(target, "x")
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_a_drawing_stands_in_the_page_as_it_is() -> None:
    """Line for line, in an element that keeps its spaces, with markup as text."""
    drawing = "thread 1   | thread 2\n<b> += 1   |\n"
    drawn = samples.finding("X5", Surface.GENERATOR, "interleaving", "an interleaving repeats a value", drawing=drawing)
    page = run_page(samples.run("remediated", Level.PLAN, [drawn]), None)
    assert ">thread 1   | thread 2\n&lt;b&gt; += 1   |\n</pre>" in page
