"""Production mints are listed with the plan's three files first."""

from __future__ import annotations

from id_isolation.embedded.layer import AUTH, DISPATCHER, WEBSOCKET
from id_isolation.scan.order import production_mints

from .outcomes import FINDING, outcome


def test_the_plans_files_come_first_in_the_plans_order() -> None:
    """Below another directory too; a name that only ends alike is a file like any other."""
    names = ["a.py", WEBSOCKET, f"backend/{AUTH}", "b.py", DISPATCHER, f"old_{AUTH}"]
    listed = production_mints(outcome(*[FINDING._replace(file=name) for name in names]).result)
    assert [item.file for item in listed] == [f"backend/{AUTH}", DISPATCHER, WEBSOCKET, "a.py", "b.py", f"old_{AUTH}"]


def test_one_file_is_listed_by_line_and_column() -> None:
    """As numbers, not as texts."""
    places = [(10, 1), (9, 20), (9, 3)]
    made = outcome(*[FINDING._replace(line=line, column=column) for line, column in places])
    assert [(item.line, item.column) for item in production_mints(made.result)] == [(9, 3), (9, 20), (10, 1)]


def test_test_code_is_left_out() -> None:
    """Even in a file of the plan."""
    assert production_mints(outcome(FINDING._replace(code="test", file=AUTH)).result) == []
