"""The scan finds every mint of the labelled corpus, and nothing else."""

from __future__ import annotations

import pytest

from .labels import Snippet, snippets
from .parsed import scan_source

_ALL = snippets()


@pytest.mark.parametrize("snippet", _ALL, ids=[snippet.name for snippet in _ALL])
def test_a_snippet_gives_exactly_its_labelled_mints(snippet: Snippet) -> None:
    """Line and kind of each mint are as labelled; a snippet without labels gives none."""
    found = [(mint.line, mint.kind) for mint in scan_source(snippet.text, "app/module.py")]
    assert sorted(found) == sorted(snippet.wanted)


def test_the_corpus_is_large_and_balanced() -> None:
    """It has over 100 snippets, at least half of them with code that must not be reported."""
    negative = [s for s in _ALL if not s.wanted or s.name.startswith("mixed")]
    assert len(_ALL) >= 160
    assert len(negative) >= 80
