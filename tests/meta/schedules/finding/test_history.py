"""The picture of a schedule."""

from __future__ import annotations

from id_isolation.schedules.execution import Line
from id_isolation.schedules.shrinking import NARROW, condense, draw


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


CODE = """\
def mint():
    first()
    second()
    third()
    fourth()
    value = _n + 1
    fifth()
    _n = value
    return a_name_that_is_so_long_that_no_column_of_two_has_room_for_it(value)
"""


def run_of(path):
    path.write_text(CODE)

    def at(lane, *numbers):
        return [Line(lane, filename=str(path), number=number) for number in numbers]

    return [
        *at(0, 2, 3, 4, 5, 6, 7, 8),
        Line(0, "stops before writing _n"),
        *at(1, 2, 3, 4, 5, 6, 7, 8, 9),
        Line(1, f"ends: '{'x' * 60}'"),
        *at(0, 9),
        Line(0, "ends: 1"),
    ]


def test_the_condensed_form_keeps_what_decides(tmp_path):
    """Beginnings, ends, the lines at a switch, and those that touch the name; "..." stands for the rest."""
    text = condense(2, run_of(tmp_path / "counter.py"), "thread").splitlines()
    left, right = ([line.ljust(78)[part].strip() for line in text] for part in (slice(0, 37), slice(40, 78)))
    assert [cell for cell in left[2:-2] if cell.strip(".")] == [
        "2  first()",
        "6  value = _n + 1",
        "7  fifth()",
        "8  _n = value",
        "-- stops before writing _n",
        "9  return a_name_that_is_so_long_t...",
        "-- ends: 1",
    ]
    assert [cell for cell in right[2:-2] if cell.strip(".")][-2:] == [
        "9  return a_name_that_is_so_long_t...",
        "-- ends",
    ]
    assert left.count("...") == right.count("...") == 1
    assert text[-1].endswith("/counter.py")


def test_the_condensed_form_fits_a_terminal(tmp_path):
    """78 columns, whatever the number of lanes and the length of lines, notes and paths."""
    folder = tmp_path / ("deep" * 20)
    folder.mkdir()
    lines = [*run_of(folder / "one.py"), Line(1, f"waits {'for long ' * 20}")]
    lines += [Line(2, filename=line.filename, number=line.number) for line in lines[:3]]
    for lanes in (2, 3):
        text = condense(lanes, [line for line in lines if line.lane < lanes], "thread")
        assert max(map(len, text.splitlines())) <= NARROW


def test_several_files_are_told_apart_by_a_letter(tmp_path):
    """Each has its letter, and the letters are explained below."""
    lines = [*run_of(tmp_path / "one.py")[:2], *run_of(tmp_path / "two.py")[-3:]]
    text = condense(2, lines, "task")
    assert "A 2  first()" in text
    assert "B 9  return" in text
    assert [line[:5] for line in text.splitlines()[-2:]] == ["A of ", "B of "]
