"""The rules of correlation on histories of a few acts."""

from __future__ import annotations

import pytest

from id_isolation.history.events import Act, Item
from id_isolation.history.recorder import History
from id_isolation.plan.kinds import Level
from id_isolation.rules.judging import anomalies
from id_isolation.rules.policies import Way
from id_isolation.rules.rule import Circumstances


def _names(history: History, **known: object) -> list[str]:
    return [anomaly.kind.name for anomaly in anomalies(history, Circumstances(**known))]  # type: ignore[arg-type]


def _of(kinds: tuple[str, ...], history: History, **known: object) -> list[str]:
    """Those of these kinds; that one ID came twice is for another rule to say."""
    return [name for name in _names(history, **known) if name in kinds]


def _opens(history: History, user: str, thread: str, run: str, act: Act = Act.OPEN, connection: str = "") -> None:
    ids = {"thread": f"thread_chat_{thread}", "run": f"run_chat_{run}"}
    history.add(act, user, owner=user, connection=connection, **ids)


ONE, TWO = "1000_0badcafe", "1001_1badcafe"


@pytest.mark.parametrize(
    ("act", "kinds"),
    [
        (Act.OPEN, ("uncorrelated", "shared-token")),
        (Act.CONNECT, ("connection-uncorrelated", "connection-shared-token")),
    ],
)
def test_thread_and_run_share_a_token_that_no_other_context_has(act: Act, kinds: tuple[str, str]) -> None:
    """Of contexts that are opened by themselves, and of those that come with a connection."""
    for pairs, due in (
        (((ONE, ONE), (TWO, TWO)), []),
        (((ONE, TWO),), [kinds[0]]),
        (((ONE, "1000-0badcafe"),), [kinds[0]]),
        (((ONE, ONE), (ONE, ONE)), [kinds[1]]),
    ):
        history = History()
        for number, (thread, run) in enumerate(pairs):
            _opens(history, f"user{number}", thread, run, act, f"ws_{number}")
        assert _of(kinds, history) == due
        assert _of(kinds, history, told=frozenset({Way.OPAQUE_IDS})) == []
        assert _of(kinds, history, level=Level.PLAN) == (due if act is Act.OPEN else [])


def test_a_connection_may_be_given_the_context_that_its_user_has() -> None:
    """But not another user's."""
    history = History()
    for connection in ("ws_1", "ws_2"):
        _opens(history, "ana", ONE, ONE, Act.CONNECT, connection)
    assert _names(history) == []
    _opens(history, "ben", ONE, ONE, Act.CONNECT, "ws_3")
    assert "connection-shared-token" in _names(history)


@pytest.mark.parametrize(
    ("first", "second", "joined", "names"),
    [
        (f"thread_chat_{ONE}", f"run_chat_{ONE}", True, []),
        (f"run_chat_{ONE}", f"thread_chat_{ONE}", False, ["own-not-matched"]),
        (f"thread_chat_{ONE}", f"run_chat_{TWO}", False, []),
        (f"thread_chat_{ONE}", f"run_chat_{TWO}", True, ["two-contexts-matched"]),
        (f"thread_chat_{ONE}", "run_chat_", True, ["wrong-id-matched"]),
        ("", f"run_chat_{TWO}", True, ["wrong-id-matched"]),
        ("", f"run_chat_{TWO}", False, []),
        ("one", "other", True, []),
    ],
)
def test_a_matcher_joins_a_thread_with_its_own_run(first: str, second: str, joined: bool, names: list[str]) -> None:
    """And nothing else; of texts that were never opened nothing is known."""
    history = History()
    _opens(history, "ana", ONE, ONE)
    _opens(history, "ben", TWO, TWO)
    history.add(Act.MATCH, subject=first, answer=second, items=(Item(second),) if joined else ())
    assert _names(history) == names
