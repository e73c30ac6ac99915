"""A thread is shared where the backend says so, and with nobody else."""

from __future__ import annotations

from types import SimpleNamespace

from id_isolation.backend.optional import nobody_shares, policy_of

from ..bare import Bare


def test_a_declared_sharing_is_the_policy_and_without_one_nobody_shares() -> None:
    """Not even with oneself: who may take part is for the caller to ask."""
    policy = policy_of(SimpleNamespace(shares=lambda thread, user: (thread, user) == ("t", "bob")))  # type: ignore[arg-type]
    assert policy("t", "bob")
    assert not policy("t", "eve")
    assert policy_of(Bare()) is nobody_shares
    assert policy_of(Bare())("t", "bob") is False
