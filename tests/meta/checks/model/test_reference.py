"""The reference knows every ID's first owner, and forgets what has ended."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from id_isolation.checks.model.reference import LiveRun, Reference, Token
from id_isolation.findings.finding import ShownId
from id_isolation.ids.kinds import Kind


def test_an_id_belongs_to_whoever_had_it_first() -> None:
    """Seen again, it tells so and stays."""
    reference = Reference()
    assert reference.first_seen("x", Kind.RUN, "A") is None
    assert reference.first_seen("x", Kind.THREAD, "B") == (Kind.RUN, "A")
    assert reference.first_seen("x", Kind.RUN, "C") == (Kind.RUN, "A")


def test_ids_are_shown_under_their_owners_names() -> None:
    """A letter without a name stays a letter."""
    reference = Reference()
    reference.first_seen("x", Kind.RUN, "A")
    reference.first_seen("y", Kind.CONNECTION, "Z")
    assert reference.shown({"A": "ana"}) == [ShownId("x", Kind.RUN, "ana"), ShownId("y", Kind.CONNECTION, "Z")]


def test_the_sessions_of_one_token_end_with_it() -> None:
    """By the token itself: one that looks alike keeps its own."""
    reference = Reference()
    first, second = Token("t", "A"), Token("t", "A")
    reference.sessions = {"s1": first, "s2": second, "s3": first}
    reference.end_token(first)
    assert reference.sessions == {"s2": second}
    assert reference.sessions["s2"] is second


def _run(label: str, *, is_open: bool) -> LiveRun:
    client: Any = SimpleNamespace(open=is_open)
    return LiveRun(label, None, "A", client)  # type: ignore[arg-type]


def test_runs_whose_line_is_gone_are_over() -> None:
    """The others go on; an unknown run ends without a word."""
    reference = Reference()
    reference.runs = {"r1": _run("r1", is_open=True), "r2": _run("r2", is_open=False)}
    reference.settle()
    assert (list(reference.runs), list(reference.ended)) == (["r1"], ["r2"])
    reference.end_run("r9")
    reference.end_run("r1")
    assert (list(reference.runs), list(reference.ended)) == ([], ["r2", "r1"])
