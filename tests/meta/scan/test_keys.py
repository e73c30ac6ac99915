"""Findings keep their keys when lines move, and are listed with the plan's files first."""

from __future__ import annotations

import re

from id_isolation.scan.mints import RawMint
from id_isolation.scan.tree import Keys, production_mints

from .outcomes import FINDING, outcome
from .trees import AUTH, DISPATCHER, WEBSOCKET

_MINT = RawMint(3, 4, "uuid.uuid4", "session", "session_id", "log_in", "x", "y", near="session_id")


def test_a_key_is_twenty_hexadecimal_digits_and_a_number() -> None:
    """The number begins at one."""
    assert re.fullmatch(r"[0-9a-f]{20}-1", Keys("a.py").key(_MINT))


def test_moving_and_rewriting_a_line_keeps_the_key() -> None:
    """Line, column, source, kind, replacement and notes are no part of it."""
    moved = _MINT._replace(line=90, column=0, source="other", kind="other", replacement="z", note="n", target="t")
    assert Keys("a.py").key(moved) == Keys("a.py").key(_MINT)


def test_file_function_definition_and_name_are_told_apart() -> None:
    """A change of any one gives another key."""
    changed = [_MINT._replace(what="uuid.uuid1"), _MINT._replace(function="log_out"), _MINT._replace(near="run_id")]
    found = {Keys("a.py").key(_MINT), Keys("b.py").key(_MINT), *(Keys("a.py").key(mint) for mint in changed)}
    assert len(found) == 5


def test_fields_do_not_run_into_one_another() -> None:
    """The same letters, parted elsewhere, are another key."""
    assert Keys("a.py").key(_MINT._replace(function="fa", near="b")) != Keys("a.py").key(
        _MINT._replace(function="f", near="ab")
    )


def test_alike_findings_are_numbered_in_their_order() -> None:
    """Another one between them does not count."""
    keys = Keys("a.py")
    made = [keys.key(_MINT), keys.key(_MINT._replace(near="run_id")), keys.key(_MINT)]
    assert [key[-2:] for key in made] == ["-1", "-1", "-2"]
    assert made[0][:20] == made[2][:20]


def test_a_file_name_that_is_no_valid_text_has_a_key() -> None:
    """A lone surrogate does not stop the scan."""
    assert Keys("a\udcff.py").key(_MINT) != Keys("a.py").key(_MINT)


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
