"""Tests of whether the ports agree on whom they take."""

from __future__ import annotations

import pytest

from id_isolation.backend.protocol import BackendRefused, ContextIds
from id_isolation.checks.context import Violation
from id_isolation.checks.f5_hostile_names import (
    CONTEXTS,
    DISPATCHER,
    LOG_IN,
    SOCKET,
    STORED,
    Ports,
    inconsistent,
    is_a_name,
)
from id_isolation.plan.kinds import Kind, Surface

from ..bare import context_on
from .small import Minting, Small, Stored

NAME = "ana/b"


class _Strict(Minting):
    """Mints nothing for the name."""

    def mint(self, kind: Kind, user: str) -> str:
        if user == NAME:
            raise BackendRefused("user")
        return super().mint(kind, user)

    def mint_context(self, user: str, operation: str) -> ContextIds:
        if user == NAME:
            raise BackendRefused("user")
        return super().mint_context(user, operation)


class _StrictStored(Stored):
    async def store(self, user: str, thread: str | None = None) -> ContextIds:
        if user == NAME:
            raise BackendRefused("user")
        return await super().store(user, thread)


def _said(backend: Small, own: str, taken: bool, name: object = NAME) -> str:
    """What is found where the surface's own port took or refused the name; empty where nothing is."""
    world = context_on(backend, "F5", Surface.AUTH)
    try:
        world.run(Ports(world, own).expect_agreement(name, taken))
    except Violation as violation:
        return violation.finding.evidence[0]
    finally:
        world.close()
    return ""


def _strict() -> Small:
    backend = Small()
    backend.minting, backend.stored = _Strict(), _StrictStored()
    return backend


@pytest.mark.parametrize("own", [LOG_IN, SOCKET, DISPATCHER])
def test_a_port_that_does_as_the_generator_is_no_finding(own: str) -> None:
    """Whether both take the name or both refuse it."""
    assert _said(Small(), own, taken=True) == ""
    assert _said(_strict(), own, taken=False) == ""


def test_a_port_that_does_otherwise_is_told_with_all_others() -> None:
    """In both directions."""
    others = f"{Kind.SESSION} IDs, {CONTEXTS}, {STORED}"
    assert _said(Small(), LOG_IN, taken=False) == f"The user '{NAME}': {others} accepted; {LOG_IN} refused."
    assert _said(_strict(), SOCKET, taken=True) == f"The user '{NAME}': {SOCKET} accepted; {others} refused."


def test_where_the_generator_disagrees_with_itself_no_other_port_is_to_blame() -> None:
    """That is told on its own surface."""
    backend = Small()
    backend.minting = _Strict()
    assert _said(backend, LOG_IN, taken=False) == _said(backend, LOG_IN, taken=True) == ""


def test_without_a_generator_the_front_doors_are_held_against_each_other() -> None:
    """Log-in against the socket."""
    backend = Small(refused=frozenset([NAME]))
    backend.minting = backend.stored = None
    assert _said(backend, LOG_IN, taken=True) == f"The user '{NAME}': {LOG_IN} accepted; {SOCKET} refused."
    assert _said(backend, SOCKET, taken=False) == ""


def test_a_port_that_lets_no_ordinary_user_in_says_nothing() -> None:
    """It has a list of users of its own."""
    backend = Small(refused=frozenset([NAME, "kira.moreno"]))
    backend.minting = backend.stored = None
    assert _said(backend, LOG_IN, taken=True) == ""


@pytest.mark.parametrize("name", ["", " ", "\t\n", None, 42, b"ana", ["ana"], "\ud800"], ids=ascii)
def test_who_has_no_name_is_not_a_name_that_a_front_door_could_refuse(name: object) -> None:
    """Nor is a user that is no text."""
    assert not is_a_name(name)
    assert _said(_strict(), LOG_IN, taken=True, name=name) == ""


def test_the_finding_says_which_ports_take_the_name_and_which_do_not() -> None:
    """And shows it in ASCII."""
    finding = inconsistent(context_on(check="F5"), "an\u00e4", {"one": True, "two": False, "three": True})
    assert finding.evidence == ("The user 'an\\xe4': one, three accepted; two refused.",)
