"""No check types its evidence by hand: findings are cut from what the world recorded."""

from __future__ import annotations

import ast
from pathlib import Path

import id_isolation.checks

ROOM = Path(id_isolation.checks.__file__).parent


def _constructed(path: Path) -> set[str]:
    """The pieces of evidence that a file makes itself."""
    calls = [node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    return {call.id for call in calls if isinstance(call, ast.Name) and call.id in ("Event", "ShownId")}


def test_no_check_makes_an_event_or_an_id_of_its_own() -> None:
    """A finding names what it is about, and the record says the rest."""
    made = {str(path.relative_to(ROOM)) for path in ROOM.rglob("*.py") if _constructed(path)}
    assert made == set()
