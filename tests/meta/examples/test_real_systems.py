"""Two real systems from PyPI: green at plan level, and at strict level wrong in just what is known of them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Level

from ..judged import Pair, all_pairs, outcomes, red, verdicts

pytestmark = pytest.mark.slow

Place = Callable[[str], Path]

# What the adapters of the examples open; all other checks have nothing to judge there.
LOG_IN = {("U1", "auth"), ("U3", "auth"), ("X1", "auth"), ("X2", "auth"), ("A1", "auth"), ("A6", "auth")}
SOCKETS = {("U1", "websocket"), *((check, "websocket") for check in ("E1", "E2", "E3", "E6", "M1", "M2", "M3"))}
STRICT_LOG_IN = {(check, "auth") for check in ("F5", "U2", "A2", "A3", "A4")}
STRICT_SOCKETS = {("U4", "websocket"), ("E5", "websocket")}


def needs(*, program: str = "", module: str = "") -> None:
    """Ends a test where something is not installed: in CI as a failure, elsewhere as a skip that says what to do."""
    if (program and shutil.which(program) is None) or (module and find_spec(module) is None):
        reason = f"not applicable, because {program or module} is not installed; see the extra `examples`"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)


def pairs(wanted: set[tuple[str, str]], level: Level) -> list[Pair]:
    return [pair for pair in all_pairs(level) if (pair[0], str(pair[1])) in wanted]


def test_flask_session_over_redis_keeps_users_apart(placed: Place) -> None:
    """Log-in at once by many users, withdrawn tokens, unique IDs and their owners, over a real Redis."""
    needs(program="redis-server")
    needs(module="flask_session")
    placed("flask_redis")
    given = verdicts("adapter:FlaskRedis", pairs(LOG_IN, Level.PLAN), scale=0.2)
    assert outcomes(given, Outcome.PASSED) == LOG_IN


def test_flask_session_over_redis_crashes_on_a_name_that_is_no_text(placed: Place) -> None:
    """The one thing that is wrong at strict level: a lone surrogate in a name is answered by an internal error."""
    needs(program="redis-server")
    needs(module="flask_session")
    placed("flask_redis")
    given = verdicts("adapter:FlaskRedis", pairs(STRICT_LOG_IN, Level.STRICT), Level.STRICT, scale=0.2)
    assert outcomes(given, Outcome.FAILED) == red(given) == {("F5", "auth")}
    assert outcomes(given, Outcome.PASSED) == STRICT_LOG_IN - {("F5", "auth")}


def test_a_starlette_application_keeps_users_apart(placed: Place) -> None:
    """Real sockets to a uvicorn process: events, reconnects, lost lines, and log-in beside them."""
    needs(module="uvicorn")
    needs(module="starlette")
    placed("starlette_socket")
    given = verdicts("adapter:StarletteSocket", pairs(LOG_IN | SOCKETS, Level.PLAN), scale=0.2)
    assert outcomes(given, Outcome.PASSED) == LOG_IN | SOCKETS


def test_a_starlette_socket_outlives_its_token(placed: Place) -> None:
    """A socket that is authenticated once, as the framework's documentation shows it, goes on after log-out."""
    needs(module="uvicorn")
    needs(module="starlette")
    placed("starlette_socket")
    wanted = pairs(STRICT_LOG_IN | STRICT_SOCKETS, Level.STRICT)
    given = verdicts("adapter:StarletteSocket", wanted, Level.STRICT, scale=0.2)
    assert red(given) == outcomes(given, Outcome.FAILED) == {("F5", "auth"), ("E5", "websocket")}
    assert outcomes(given, Outcome.PASSED) == (STRICT_LOG_IN | STRICT_SOCKETS) - red(given)
