"""The frame of a page: the verdict first, then facts, a table of contents, and the sections that have something."""

from __future__ import annotations

import re

import pytest

from id_isolation.reports.html_page import Html, Section, el, page

SECTIONS = [
    Section("one", "First", el("p", "1")),
    Section("none", "Empty", Html("")),
    Section("two", "Second", el("p")),
]


def test_a_section_without_content_is_left_out_everywhere() -> None:
    """Of the page and of its table of contents."""
    text = page("t", "GREEN: x", True, [], SECTIONS)
    assert re.findall('<section id="(.*?)"', text) == re.findall('<li><a href="#(.*?)"', text) == ["one", "two"]
    assert "Empty" not in text


@pytest.mark.parametrize(("green", "stamp"), [(True, "good"), (False, "bad")])
def test_the_verdict_is_the_first_heading(green: bool, stamp: str) -> None:
    """Its word is stamped, and the rest of the sentence follows."""
    text = page("t", "WORD: the rest: of it", green, [], SECTIONS)
    (heading,) = re.findall("<h1>(.*?)</h1>", text)
    assert heading == f'<span class="stamp {stamp}">WORD</span> the rest: of it'


def test_facts_are_pairs_of_name_and_value() -> None:
    """Escaped like everything else."""
    text = page("t", "GREEN: x", True, [("Backend", "<b>")], SECTIONS)
    assert "<div><dt>Backend</dt><dd>&lt;b&gt;</dd></div>" in text


def test_a_page_says_its_language_and_can_be_skipped_into() -> None:
    """For those who hear it."""
    text = page("the title", "GREEN: x", True, [], SECTIONS)
    assert text.startswith('<!doctype html>\n<html lang="en">')
    assert "<title>the title</title>" in text
    assert '<a href="#content" class="skip">' in text
    assert '<main id="content" tabindex="-1">' in text
