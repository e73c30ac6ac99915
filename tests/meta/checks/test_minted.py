"""Each surface mints its own kinds of ID when it does its work once."""

from __future__ import annotations

import pytest

from id_isolation.backend.protocol import ContextIds
from id_isolation.checks.minted import mint_on, of_context, open_context
from id_isolation.checks.probe import NotApplicable, Probe
from id_isolation.history.finding import ShownId
from id_isolation.plan.kinds import Kind, Surface

from ..bare import probe_on
from .small import Small


def _probe(surface: Surface) -> Probe:
    return probe_on(Small(), "U1", surface)


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
    probe = _probe(surface)
    assert probe.run(mint_on(probe, "ana")) == [ShownId(text, kind, "ana") for text, kind in shown]
    probe.close()


def test_the_dispatcher_mints_for_whomever_it_works() -> None:
    """An anonymous context has a user of the backend's own."""
    probe = _probe(Surface.DISPATCHER)
    assert {shown.user for shown in probe.run(mint_on(probe, "ana"))} == {"nobody"}
    assert probe.run(open_context(probe, "ana")).user == "nobody"
    probe.close()


def test_elsewhere_a_context_is_the_users_own_with_its_operation() -> None:
    """From the generator."""
    probe = _probe(Surface.GENERATOR)
    assert probe.run(open_context(probe, "ana", "import")).user == "ana"
    assert probe.backend.minting.operations == ["import"]  # type: ignore[union-attr]
    probe.close()


def test_a_surface_without_its_port_mints_nothing() -> None:
    """And says so."""
    probe = probe_on(check="U1", surface=Surface.AUTH)
    with pytest.raises(NotApplicable):
        probe.run(mint_on(probe, "ana"))
    probe.close()


def test_a_context_is_shown_as_three_ids() -> None:
    """Each of its own kind."""
    assert [shown.kind for shown in of_context(ContextIds("ana", "t", "r", "q"))] == [
        Kind.THREAD,
        Kind.RUN,
        Kind.REQUEST,
    ]
