"""Tests of what a backend joins its own IDs with."""

from __future__ import annotations

from typing import Any

from id_isolation.backend.protocol import BackendRefused
from id_isolation.checks.parts.identity import own_joints
from id_isolation.plan.kinds import Kind

from ..bare import context_on
from .small import Minting, Small


class _Joined(Minting):
    def mint(self, kind: Kind, user: str) -> str:
        return f"{kind}=>{user}~{next(self.numbers)}"


class _Refusing(Minting):
    def mint(self, kind: Kind, user: str) -> str:
        raise BackendRefused("not this one")


def _of(minting: Any) -> list[str]:
    backend = Small()
    backend.minting = minting
    return own_joints(context_on(backend))


def test_a_joint_that_no_other_backend_is_tried_with_is_told() -> None:
    """A single character of ASCII is tried anyway."""
    assert _of(_Joined()) == ["=>"]
    assert _of(Minting()) == []


def test_a_backend_that_mints_nothing_joins_nothing() -> None:
    """Because it has no generator, or refuses the user."""
    assert _of(None) == []
    assert _of(_Refusing()) == []
