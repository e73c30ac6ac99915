"""The table that every benchmark prints: what was measured, the peer beside it, their ratio, and the goal."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from dataclasses import dataclass

HEAD = ("what", "own", "peer", "ratio", "goal", "met")


@dataclass(frozen=True)
class Row:
    """One line. `ratio` is None where nothing stands beside it; `least` and `most` bound it, where there is a goal.

    Without a ratio `met` tells whether a goal in words was reached; None where there is no goal.
    """

    what: str
    own: str
    peer: str = ""
    ratio: float | None = None
    least: float | None = None
    most: float | None = None
    goal: str = ""
    met: bool | None = None

    @property
    def is_met(self) -> bool | None:
        """Whether the goal was reached; None where there is none."""
        if self.ratio is None or (self.least is None and self.most is None):
            return self.met
        return (self.least is None or self.ratio >= self.least) and (self.most is None or self.ratio <= self.most)

    def cells(self) -> list[str]:
        """The line's texts, in the order of HEAD."""
        bounds = [f"at least {self.least:g}" if self.least is not None else "", self.goal]
        bounds.insert(1, f"at most {self.most:g}" if self.most is not None else "")
        met = {True: "yes", False: "NO", None: ""}[self.is_met]
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return [self.what, self.own, self.peer, ratio, ", ".join(filter(None, bounds)), met]


def lines(rows: Iterable[Row]) -> list[str]:
    """The rows as lines of a Markdown table, each column as wide as its longest text."""
    cells = [list(HEAD), *(row.cells() for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    texts = [[text.ljust(width) for text, width in zip(line, widths, strict=True)] for line in cells]
    texts.insert(1, ["-" * width for width in widths])
    return [f"| {' | '.join(line)} |" for line in texts]


def run(measure: Callable[[bool], Iterable[Row]], told: str | None) -> int:
    """Measures, in full with `--full`, and prints the table; gives 1 where a goal was missed, else 0."""
    parser = argparse.ArgumentParser(description=told, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="at full size; without it the whole takes 90 s at most")
    rows = list(measure(parser.parse_args().full))
    print("\n".join(lines(rows)))
    return int(any(row.is_met is False for row in rows))
