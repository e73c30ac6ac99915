"""A play carries out a history step by step, takes a refusal for a policy, and leaves nothing behind."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from id_isolation.backend.protocol import BackendBroke, BackendRefused, ContextIds, Session
from id_isolation.power.twins.designs import OpaqueBackend
from id_isolation.world.delivery import Delivery, Line

from .staged import Clock, played

WHOLE = [
    *("log-in t1 A", "again - t1", "connect c1 t1", "run r1 c1", "connect c2 B own", "run r2 c2", "end - c2 r2"),
    *("hand-over - t1 B", "store s1 A 0", "store s2 B 1", "invalidate - A", "wait", "sweep", "stranger", "crash - c2"),
    *("drop - c1", "expire - t1"),
]


def test_every_kind_of_step_is_carried_out_on_a_sound_backend() -> None:
    """And agrees with the reference to the end; a day and an hour have passed."""
    clock = Clock()
    stage, disagreement = played(WHOLE, clock=clock)
    assert disagreement is None
    assert stage.world.judged_count > len(WHOLE)
    assert clock.moved == timedelta(hours=25)
    assert stage.reference.hours == 25.0


def test_without_a_clock_no_time_passes() -> None:
    """The step is left out."""
    stage, disagreement = played(["wait", "store s1 A 0"])
    assert disagreement is None
    assert len(stage.told) == 1


def test_an_unknown_step_is_an_error_of_whoever_wrote_it() -> None:
    """Not a step that does nothing."""
    with pytest.raises(KeyError, match="dance"):
        played(["dance - A"])


class _Refuses(OpaqueBackend):
    error: Exception = BackendRefused("not now")

    async def log_in(self, token: str) -> Session:
        raise self.error


def test_a_refusal_is_a_policy_and_the_play_goes_on() -> None:
    """The next step is carried out."""
    stage, disagreement = played(["log-in t1 A", "connect c1 A"], _Refuses())
    assert disagreement is None
    assert [words.split(" with ")[0] for words in stage.told] == ["ana logs in", "ana connects"]


@pytest.mark.parametrize(
    ("cause", "clear"), [(ValueError("user_id must not hold a dot"), True), (KeyError("slot"), False)]
)
def test_an_error_that_names_the_user_is_a_refusal_and_a_crash_is_not(cause: Exception, clear: bool) -> None:
    """The crash ends the play."""
    backend = _Refuses()
    backend.error = BackendBroke("log_in raised")
    backend.error.__cause__ = cause
    if clear:
        assert played(["log-in t1 A"], backend)[1] is None
    else:
        with pytest.raises(BackendBroke, match="log_in raised"):
            played(["log-in t1 A"], backend)


class _KeepsLines(Delivery):
    async def close(self, line: Line, clean: bool) -> None:
        pass


class _KeepsResources(OpaqueBackend):
    async def release(self, user: str, run: str) -> list[str]:
        return []


class _KeepsPlaces(OpaqueBackend):
    delivery = _KeepsLines


@pytest.mark.parametrize(
    ("backend", "steps", "what"),
    [
        (_KeepsResources, ["connect c1 A", "run r1 c1"], "had registered of ana is still held"),
        (_KeepsPlaces, ["connect c1 A"], "of ana is still held"),
    ],
)
def test_what_is_held_after_the_last_line_closed_is_left_behind(
    backend: type[Any], steps: list[str], what: str
) -> None:
    """With its owner; everything was closed first."""
    stage, disagreement = played(steps, backend())
    assert disagreement is not None
    assert (disagreement.symptom, disagreement.victim) == ("left-behind", "A")
    assert what in disagreement.sentence
    assert not any(client.open for client in stage.server.clients)


def test_what_was_held_before_the_play_is_not_left_behind_by_it() -> None:
    """It is somebody else's."""

    class Begun(_KeepsResources):
        def __init__(self) -> None:
            super().__init__()
            self._held["before"] = ContextIds("zoe", "t", "r", "q")

    assert played(["connect c1 A"], Begun())[1] is None


def test_everything_is_ended_also_after_a_disagreement_and_the_first_one_counts() -> None:
    """Tokens are withdrawn, stored sessions ended, lines closed."""

    class OneSession(_KeepsResources):
        async def log_in(self, token: str) -> Session:
            return Session(self._user_of(token), "session_of_all")

    backend = OneSession()
    steps = ["connect c1 A", "run r1 c1", "store s1 A 0", "log-in t1 A", "log-in t2 B"]
    stage, disagreement = played(steps, backend)
    assert disagreement is not None
    assert disagreement.symptom == "shared-session"
    assert not any(client.open for client in stage.server.clients)
    assert backend._stored == {}
    tokens = [token.text for token in stage.reference.tokens.values()]
    assert [backend.tokens.user_of(text) for text in tokens] == [None] * len(tokens)
