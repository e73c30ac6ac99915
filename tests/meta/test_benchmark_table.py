"""The table of the benchmarks: whether a goal is met, and one line for each row."""

from __future__ import annotations

import pytest

from ..benchmarks.table import Row, lines


@pytest.mark.parametrize(
    ("row", "met"),
    [
        (Row("a", "1", "2", 0.5, least=0.5), True),
        (Row("a", "1", "2", 0.4, least=0.5), False),
        (Row("a", "1", "2", 0.4, most=0.3), False),
        (Row("a", "1", "2", 0.4), None),
        (Row("a", "1", goal="none", met=False), False),
        (Row("a", "1"), None),
    ],
)
def test_a_goal_is_met_by_the_ratio_or_as_it_is_said(row: Row, met: bool | None) -> None:
    """Where there is none, nothing is said."""
    assert row.is_met is met


def test_the_table_is_markdown_with_columns_of_one_width() -> None:
    """A missed goal stands out."""
    head, rule, line = lines([Row("events, beside a loop", "1 s", "4 s", 4.0, most=3)])
    assert len(head) == len(rule) == len(line)
    assert line == "| events, beside a loop | 1 s | 4 s  | 4.00  | at most 3 | NO  |"
