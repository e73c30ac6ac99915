"""The scan finds every mint of the labelled corpus, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from id_isolation.scan import Options, scan_tree

from .labels import Snippet, snippets
from .parsed import scan_source
from .trees import write

_ALL = snippets()


@pytest.mark.parametrize("snippet", _ALL, ids=[snippet.name for snippet in _ALL])
def test_a_snippet_gives_exactly_its_labelled_mints(snippet: Snippet) -> None:
    """Line and kind of each mint are as labelled; a snippet without labels gives none."""
    found = [(mint.line, mint.kind) for mint in scan_source(snippet.text, "app/module.py")]
    assert sorted(found) == sorted(snippet.wanted)


def test_a_scan_of_whole_files_passes_over_no_labelled_mint(tmp_path: Path) -> None:
    """What is only parsed and not looked into holds none; full-width letters are those of the plain name."""
    files: dict[str, str | bytes] = {f"m{n}.py": snippet.text for n, snippet in enumerate(_ALL)}
    files["wide.py"] = "import uuid\nrun_id = uuid.\uff55\uff55\uff49\uff44\uff14()\n"
    found = scan_tree(write(tmp_path, files), options=Options(whole=True))
    wanted = [(f"m{n}.py", line) for n, snippet in enumerate(_ALL) for line, _ in snippet.wanted]
    assert sorted((item.file, item.line) for item in found.findings + found.suppressed) == sorted(
        [*wanted, ("wide.py", 2)]
    )


def test_the_corpus_is_large_and_balanced() -> None:
    """It has over 100 snippets, at least half of them with code that must not be reported."""
    negative = [s for s in _ALL if not s.wanted or s.name.startswith("mixed")]
    assert len(_ALL) >= 160
    assert len(negative) >= 80
