"""Tests of levels: which checks a run carries out.

The grammar of IDs takes what real trees mint, and nothing that is raw.
"""

from __future__ import annotations

import uuid

import pytest

from id_isolation.plan.grammar import anatomy, correlation_token
from id_isolation.plan.kinds import Kind, Level

GOOD = [
    ("session_auth_user123_1726234567890_001_a1b2c3d4", Kind.SESSION),
    ("session_auth_validation_user1234_1726234567890_7_a1b2c3d4", Kind.SESSION),
    ("ws_conn_user123_1726234567890_001_a1b2c3d4", Kind.CONNECTION),
    ("thread_dispatcher_528_584ef8a5", Kind.THREAD),
    ("run_dispatcher_1726234567890_528_584ef8a5", Kind.RUN),
    ("req_dispatcher_1726234567890_529_584ef8a5", Kind.REQUEST),
]


@pytest.mark.parametrize(
    ("run", "check", "included"),
    [
        (Level.PLAN, Level.PLAN, True),
        (Level.PLAN, Level.STRICT, False),
        (Level.STRICT, Level.PLAN, True),
        (Level.STRICT, Level.STRICT, True),
    ],
)
def test_a_strict_run_carries_out_everything_and_a_plan_run_the_plans_checks(
    run: Level, check: Level, included: bool
) -> None:
    """Nothing that the plan claims is left out at strict level."""
    assert run.includes(check) is included


@pytest.mark.parametrize(("text", "kind"), GOOD)
def test_every_form_of_the_plan_is_taken(text: str, kind: Kind) -> None:
    """With and without a timestamp, padded or not, with underscores in the session type."""
    parts = anatomy(text, kind)
    assert parts is not None
    assert parts.random in text
    assert parts.counter is not None


@pytest.mark.parametrize("kind", [Kind.SESSION, Kind.CONNECTION, Kind.THREAD, Kind.RUN])
@pytest.mark.parametrize(
    "text",
    [
        str(uuid.UUID(int=7, version=4)),
        "",
        "migration_thread_ab12cd34",
        "session_auth_1726234567890_001_a1b2c3d4\n",
        "ws_conn",
    ],
)
def test_what_is_raw_or_broken_is_not(text: str, kind: Kind) -> None:
    """No kind takes a bare UUID, an f-string around one, or a text that goes on after its end."""
    assert anatomy(text, kind) is None


def test_thread_and_run_of_one_context_share_their_token() -> None:
    """Counter and random part, with the timestamp where there is one."""
    assert correlation_token("thread_dispatcher_528_584ef8a5") == correlation_token("run_dispatcher_528_584ef8a5")
    assert correlation_token("thread_a_b_1726234567890_5_584ef8a5") == "1726234567890_5_584ef8a5"


@pytest.mark.parametrize("text", ["", "*", "run_*", "run_dispatcher", "528_584ef8a5", "req_dispatcher_528_584ef8a5"])
def test_what_is_no_thread_or_run_has_no_token(text: str) -> None:
    """So nothing can be found by it."""
    assert correlation_token(text) is None
