"""A backend that raises, hangs, dies or cannot be imported costs its own checks and nothing else."""

from __future__ import annotations

import pytest

from id_isolation.embedded.layer import AUTH, DISPATCHER, GENERATOR, WEBSOCKET, Edit, Layer
from id_isolation.history.finding import Outcome
from id_isolation.plan.kinds import Surface

from ..judged import Pair, outcomes, red, verdicts

PAIRS: list[Pair] = [
    ("S1", Surface.AUTH),
    ("F1", Surface.AUTH),
    ("A1", Surface.AUTH),
    ("F1", Surface.DISPATCHER),
    ("C2", Surface.DISPATCHER),
    ("F1", Surface.WEBSOCKET),
    ("F1", Surface.GENERATOR),
]
IN_AUTH = {("F1", "auth"), ("A1", "auth")}
IN_DISPATCHER = {("F1", "dispatcher"), ("C2", "dispatcher")}


def after(path: str, anchor: str, code: str) -> Layer:
    """A layer that puts code behind a line of a module."""
    return Layer("broken", (Edit(path, anchor, anchor + code),))


IN_LOG_IN = (AUTH, "    token_hash = _token_key(token)\n")
IN_HELPER = (DISPATCHER, '        user_id = "migration_compat_user"\n')


def test_a_call_that_raises_or_ends_its_process_makes_its_checks_errored() -> None:
    """The sentence names the call, the exception and the line, or says how the process ended."""
    raises, exits = "    raise KeyError('boom')\n", "        import os\n        os._exit(3)\n"
    given = verdicts("remediated", PAIRS, layers=[after(*IN_LOG_IN, raises), after(*IN_HELPER, exits)])
    assert outcomes(given, Outcome.ERRORED) == red(given) == IN_AUTH | IN_DISPATCHER
    reason = given["A1", Surface.AUTH].reason
    assert "_validate_token_with_auth_service raised KeyError: 'boom'" in reason
    assert "auth_integration/auth.py:" in reason
    assert "exit code 3" in given["C2", Surface.DISPATCHER].reason


def test_a_call_that_never_ends_makes_its_checks_errored(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says that the coroutine hangs; of a lock that is never released, at which line."""
    monkeypatch.setenv("ID_ISOLATION_TIME_UNIT", "0.3")
    hang = "    import asyncio\n    await asyncio.Event().wait()\n"
    lock = "        import threading\n        lock = threading.Lock()\n        lock.acquire()\n        lock.acquire()\n"
    given = verdicts("remediated", PAIRS, layers=[after(*IN_LOG_IN, hang), after(*IN_HELPER, lock)])
    assert outcomes(given, Outcome.ERRORED) == red(given) == IN_AUTH | IN_DISPATCHER
    assert "_validate_token_with_auth_service did not end" in given["A1", Surface.AUTH].reason
    reason = given["C2", Surface.DISPATCHER].reason
    assert "hangs at" in reason
    assert "unified_tool_dispatcher.py:" in reason


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import os\nos._exit(7)\n", "ended the process"),
        pytest.param("import threading\nthreading.Event().wait()\n", "did not end", marks=pytest.mark.slow),
    ],
    ids=["dies", "hangs"],
)
def test_a_module_that_cannot_be_imported_takes_only_its_surface(
    code: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is given up, the sentence says why or names what is missing; its source and every other surface are judged.

    What a module prints while it is imported changes no verdict, and a pass does not carry it along.
    """
    monkeypatch.setenv("ID_ISOLATION_TIME_UNIT", "0.1" if said == "did not end" else "1")
    missing = after(AUTH, "import hashlib\n", "import not_there.at_all\n")
    noise = "import sys\nfor _ in range(500):\n    print('noise')\n    print('noise', file=sys.stderr)\n"
    loud = after(GENERATOR, "import threading\n", noise)
    given = verdicts("remediated", PAIRS, layers=[missing, loud, after(WEBSOCKET, "import logging\n", code)])
    assert outcomes(given, Outcome.ERRORED) == red(given) == IN_AUTH | {("F1", "websocket")}
    assert said in given["F1", Surface.WEBSOCKET].reason
    assert given["S1", Surface.AUTH].outcome is Outcome.PASSED
    assert "'not_there' is missing" in given["A1", Surface.AUTH].reason
    assert not any(verdict.noise for verdict in given.values() if verdict.outcome is Outcome.PASSED)
