"""Each surface mints its own kinds of ID when it does its work once."""

from __future__ import annotations

from typing import Any

import pytest

from id_isolation.backend.protocol import BackendRefused, ContextIds
from id_isolation.checks.context import CheckContext
from id_isolation.checks.parts.minted import mint_on, of_context, open_context
from id_isolation.history.events import ShownId
from id_isolation.plan.kinds import Kind, Surface
from id_isolation.world.world import NotApplicable

from ..bare import context_on
from .small import Small


def _world(surface: Surface) -> CheckContext:
    return context_on(Small(), "U1", surface)


@pytest.mark.parametrize(
    ("surface", "shown"),
    [
        (
            Surface.GENERATOR,
            [
                ("session_ana_0", Kind.SESSION),
                ("thread_1", Kind.THREAD),
                ("run_1", Kind.RUN),
                ("request_1", Kind.REQUEST),
            ],
        ),
        (Surface.AUTH, [("session_of_ana", Kind.SESSION)]),
        (Surface.WEBSOCKET, [("ws_ana", Kind.CONNECTION)]),
    ],
)
def test_a_surface_mints_its_own_kinds_for_the_user(surface: Surface, shown: list[tuple[str, Kind]]) -> None:
    """As evidence, with kind and user."""
    world = _world(surface)
    assert world.run(mint_on(world, "ana")) == [ShownId(text, kind, "ana") for text, kind in shown]
    world.close()


def test_the_dispatcher_mints_for_whomever_it_works() -> None:
    """An anonymous context has a user of the backend's own."""
    world = _world(Surface.DISPATCHER)
    assert {shown.user for shown in world.run(mint_on(world, "ana"))} == {"nobody"}
    assert world.run(open_context(world, "ana")).user == "nobody"
    world.close()


def test_elsewhere_a_context_is_the_users_own_with_its_operation() -> None:
    """From the generator."""
    world = _world(Surface.GENERATOR)
    assert world.run(open_context(world, "ana", "import")).user == "ana"
    assert world.backend.minting.operations == ["import"]  # type: ignore[union-attr]
    world.close()


def test_a_surface_without_its_port_mints_nothing() -> None:
    """And says so."""
    world = context_on(check="U1", surface=Surface.AUTH)
    with pytest.raises(NotApplicable):
        world.run(mint_on(world, "ana"))
    world.close()


def test_a_context_is_shown_as_three_ids() -> None:
    """Each of its own kind."""
    assert [shown.kind for shown in of_context(ContextIds("ana", "t", "r", "q"))] == [
        Kind.THREAD,
        Kind.RUN,
        Kind.REQUEST,
    ]


@pytest.mark.parametrize(("served", "raised"), [(0, NotApplicable), (1, BackendRefused)])
def test_who_serves_nobody_without_a_context_is_not_judged(served: int, raised: type[Exception]) -> None:
    """It is a policy; who served somebody before has another one, and is held to it."""
    backend: Any = Small()
    inner, left = backend.contexts, [None] * served

    class Refusing:
        async def open_anonymous(self) -> ContextIds:
            if not left:
                raise BackendRefused("who?")
            left.pop()
            context: ContextIds = await inner.open_anonymous()
            return context

    backend.contexts = Refusing()
    world = context_on(backend, "U1", Surface.DISPATCHER)
    for _ in range(served):
        world.run(open_context(world, "ana"))
    with pytest.raises(raised):
        world.run(open_context(world, "ana"))
    world.close()
