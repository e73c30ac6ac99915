"""Building HTML: everything is escaped but what is HTML already."""

from __future__ import annotations

from id_isolation.reports.html_page import el, join


def test_text_and_attributes_are_escaped() -> None:
    """Also quotes, in attributes."""
    assert el("p", "<b>&", title='"x"') == '<p title="&quot;x&quot;">&lt;b&gt;&amp;</p>'


def test_html_is_not_escaped_again() -> None:
    """Elements nest."""
    assert el("p", el("b", "x"), join("<", el("i", "y"))) == "<p><b>x</b>&lt;<i>y</i></p>"


def test_attributes_without_a_value_are_left_out() -> None:
    """None and False vanish, True stands alone, underscores become hyphens."""
    assert el("input", hidden=True, id=None, class_=False, aria_label="x") == '<input hidden aria-label="x">'


def test_what_could_hide_text_is_shown() -> None:
    """Control characters, direction marks and lone surrogates come out as escapes."""
    assert el("p", "a\x00\u202e\ud800\nb") == "<p>a\\x00\\u202e\\ud800\nb</p>"
