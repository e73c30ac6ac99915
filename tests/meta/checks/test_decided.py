"""Each finding about a checkout names the function that decides, by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from id_isolation.checks.decided import decided_at
from id_isolation.embedded import compose
from id_isolation.history.events import Act, Event
from id_isolation.plan.kinds import Kind, Level, Surface
from id_isolation.plan.plan import current

from ..judged import Pair, verdicts

_RED: list[Pair] = [
    ("F2", Surface.GENERATOR),
    ("U2", Surface.GENERATOR),
    ("C8", Surface.GENERATOR),
    ("A7", Surface.GENERATOR),
    ("U2", Surface.AUTH),
    ("U4", Surface.DISPATCHER),
    ("A5", Surface.WEBSOCKET),
    ("C9", Surface.WEBSOCKET),
    ("C2", Surface.MANAGER),
]


def test_every_finding_about_a_checkout_has_a_place() -> None:
    """In a file of the tree."""
    told = verdicts("remediated", _RED, Level.STRICT)
    assert {pair for pair, verdict in told.items() if not verdict.findings} == set()
    unplaced = [finding for verdict in told.values() for finding in verdict.findings if not finding.places]
    assert unplaced == []


@pytest.mark.parametrize("surface", [one for one in Surface if one not in (Surface.TREE, Surface.HTTP)])
def test_without_a_history_the_surface_decides(surface: Surface, tmp_path: Path) -> None:
    """The line is the one that defines the function."""
    root = compose.write("remediated", tmp_path)
    place = decided_at(root, current(), surface, Kind.SESSION, ())
    assert place is not None
    line = (root / place.file).read_text("utf-8").splitlines()[place.line - 1]
    assert place.text in line
    assert line.lstrip().startswith(("def ", "async def ", "class "))


def test_a_tree_that_lacks_the_function_has_no_place(tmp_path: Path) -> None:
    """Nothing is made up."""
    assert decided_at(tmp_path, current(), Surface.AUTH, None, ()) is None


@pytest.mark.parametrize(
    ("act", "function"),
    [
        (Act.FIND, "get_existing_session"),
        (Act.CONNECT, "authenticate_websocket_ssot"),
        (Act.RECEIVE, "UnifiedWebSocketManager"),
        (Act.LOOK, "UnifiedWebSocketManager"),
    ],
)
def test_what_is_not_the_managers_is_decided_where_it_is_elsewhere(act: Act, function: str, tmp_path: Path) -> None:
    """A manager stores no sessions and mints no connection ID."""
    root = compose.write("remediated", tmp_path)
    place = decided_at(root, current(), Surface.MANAGER, None, (Event(1, Act.CONNECT, "ana"), Event(2, act, leak=True)))
    assert place is not None
    assert place.text == function
