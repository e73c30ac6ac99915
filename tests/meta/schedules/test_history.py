"""The picture of a schedule."""

from __future__ import annotations

from id_isolation.schedules.execution import Line
from id_isolation.schedules.history import draw


def test_each_lane_has_its_column_and_a_rule_marks_each_change():
    """Two lanes, three stretches, two rules; the file is listed below."""
    lines = [
        Line(0, filename=__file__, number=1),
        Line(0, "stops before writing _n"),
        Line(1, filename=__file__, number=3),
        Line(0, "ends: 2"),
    ]
    text = draw(2, lines, "thread").splitlines()
    assert [cell.strip() for cell in text[0].split("|")] == ["thread 1", "thread 2"]
    assert text[2].startswith('test_history.py:1  """The picture of a schedule."""')
    assert text[3].startswith("-- stops before writing _n")
    assert sum(set(line) <= set(". |") for line in text if line) == 2
    assert text[5].split("|")[1].strip() == "test_history.py:3  from __future__ import annotations"
    assert text[-1].startswith("test_history.py is ")


def test_long_lines_are_folded_into_their_column():
    """Nothing leaves its column."""
    text = draw(3, [Line(1, "waits " * 60)], "task")
    assert max(map(len, text.splitlines())) <= 132
