"""At the end of a play everything is closed, and what is still held then is told with its owner."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pytest

from id_isolation.backend.protocol import BackendRefused, ContextIds
from id_isolation.power.twins.designs import OpaqueBackend
from id_isolation.world.delivery import Delivery, Line

from .staged import played

ONE_RUN = ["connect c1 A", "run r1 c1"]


class _KeepsResources(OpaqueBackend):
    """Whatever is released stays."""

    async def release(self, user: str, run: str) -> Collection[str]:
        return []


class _ReleasesLater(OpaqueBackend):
    """A sweep takes away what was released, some looks afterwards."""

    looks = 5

    def __init__(self) -> None:
        super().__init__()
        self.released: list[tuple[str, str]] = []

    async def release(self, user: str, run: str) -> Collection[str]:
        self.released.append((user, run))
        return []

    async def held(self) -> Mapping[str, ContextIds]:
        self.looks -= bool(self.released)
        if self.looks <= 0:
            for user, run in self.released:
                await super().release(user, run)
        return await super().held()


class _KeepsLines(Delivery):
    """The end of a line is not noticed."""

    async def close(self, line: Line, clean: bool) -> None:
        return


class _KeepsRuns(Delivery):
    """What a run holds is released, and the run stays on the list."""

    async def end(self, run_id: str, run: Any) -> None:
        await super().end(run_id, run)
        self.runs[run_id] = run


class _KeepsThreads(Delivery):
    """The index of threads is not told of the end of a run."""

    async def end(self, run_id: str, run: Any) -> None:
        await super().end(run_id, run)
        self.threads[run.context.thread] = run.context.user


def on(delivery: type[Delivery]) -> Any:
    backend: Any = OpaqueBackend()
    backend.delivery = delivery
    return backend


@pytest.mark.parametrize(
    ("backend", "steps", "said"),
    [
        (_KeepsResources, ONE_RUN, "had registered"),
        (lambda: on(_KeepsLines), ONE_RUN[:1], "the place of connection"),
        (lambda: on(_KeepsRuns), ONE_RUN, "run "),
        (lambda: on(_KeepsThreads), ONE_RUN, "thread "),
    ],
    ids=["resources", "lines", "runs", "threads"],
)
def test_what_is_left_behind_is_told_with_its_owner(backend: Any, steps: list[str], said: str) -> None:
    """Whatever it is; the other user did nothing and is not named."""
    stage, found = played(steps, backend())
    assert found is not None
    assert (found.symptom, found.victim) == ("left-behind", "A")
    assert said in found.sentence
    assert "of ana is still held" in found.sentence
    assert stage.told[-1].endswith("the end of every connection")


def test_a_clean_up_that_comes_later_is_waited_for() -> None:
    """When something is swept away is a policy."""
    assert played(ONE_RUN, _ReleasesLater())[1] is None


def test_what_was_held_before_the_play_is_not_its_business() -> None:
    """Another check may have left it."""
    backend = OpaqueBackend()
    context = backend.mint_context("eve", "chat")
    backend._held["of another check"] = context
    assert played(ONE_RUN, backend)[1] is None


def test_every_token_is_withdrawn_and_every_stored_session_ended() -> None:
    """The next play starts with nothing of this one."""
    backend = OpaqueBackend()
    stage, found = played(["log-in t1 A", "connect c1 B", "store s1 A 0"], backend)
    assert found is None
    for token in stage.reference.tokens.values():
        with pytest.raises(BackendRefused):
            backend._user_of(token.text)
    assert backend._stored == {}
    assert not any(client.open for client in stage.server.clients)
