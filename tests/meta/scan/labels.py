"""The labelled corpus: snippets in `corpus/*.txt`, each minting line ending in `#! kind` for every mint on it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

_LABEL = re.compile(r"#! (\w+)")


class Snippet(NamedTuple):
    """One snippet, and what the scan must say of it: (line, kind) for each mint."""

    name: str
    text: str
    wanted: tuple[tuple[int, str], ...]


def snippets() -> list[Snippet]:
    """All snippets of the corpus."""
    found = []
    for path in sorted((Path(__file__).parent / "corpus").glob("*.txt")):
        for part in path.read_text().split("### ")[1:]:
            name, _, text = part.partition("\n")
            lines = text.split("\n")
            wanted = [(n, kind) for n, line in enumerate(lines, 1) for kind in _LABEL.findall(line)]
            found.append(Snippet(f"{path.stem}: {name}", _LABEL.sub("", text), tuple(sorted(wanted))))
    return found
