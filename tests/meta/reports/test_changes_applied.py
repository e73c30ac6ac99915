"""Whoever does what the terminal says, and nothing else, has carried out the plan."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from id_isolation.embedded import compose

from ..pytest_plugin.runs import run_suite

PLACE = re.compile(r"^\d+\. (?P<file>\S+):(?P<first>\d+)(?:-(?P<last>\d+))?  \(\w+\)$", re.MULTILINE)


def carried_out(text: str, root: Path) -> int:
    """Does in the tree at `root` what a terminal's text says under "What to change"; how many places there were."""
    part = text.split("What to change")[1].split("What is wrong")[0]
    places = list(PLACE.finditer(part))
    for place, after in zip(places, [*places[1:], None], strict=True):
        told = part[place.end() : after.start() if after else None]
        body, _, imports = told.partition("and among the imports of that file:")
        path = root / place["file"]
        lines = path.read_text().splitlines()
        first, last = int(place["first"]), int(place["last"] or place["first"])
        indent = re.match(r" *", lines[first - 1])
        assert indent is not None
        assert [line.strip() for line in lines[first - 1 : last]] == re.findall(r"^   - (.*)$", body, re.MULTILINE)
        lines[first - 1 : last] = [indent[0] + line for line in re.findall(r"^   \+ (.*)$", body, re.MULTILINE)]
        start = next(number for number, line in enumerate(lines) if line.startswith("import "))
        lines[start:start] = re.findall(r"^   \+ (.*)$", imports, re.MULTILINE)
        path.write_text("\n".join(lines) + "\n")
    return len(places)


@pytest.mark.slow
@pytest.mark.parametrize("columns", ["80", "120"])
def test_legacy_is_green_once_the_three_places_are_as_the_terminal_says(columns: str, tmp_path: Path) -> None:
    """Read off the screen, without colour, at either width."""
    checkout = compose.write("legacy", tmp_path / "checkout")
    arguments = ("--backend", str(checkout), "--effort", "0.2")
    before = run_suite("--category", "unit", *arguments, COLUMNS=columns)
    assert before.returncode == 1
    assert carried_out(before.stdout, checkout) == 3
    after = run_suite(*arguments, COLUMNS=columns)
    assert after.returncode == 0, after.stdout + after.stderr
