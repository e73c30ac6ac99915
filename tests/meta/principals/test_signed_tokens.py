"""Signed tokens: known to everybody who has the key and the ledger, and to nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from id_isolation.world.simulated_auth import SignedTokens, SimulatedAuthService

KEY = b"k" * 32


@pytest.mark.parametrize("user", ["ana.silva", "ü:ser/with.dots", "a" * 300, "\ud800lone"])
def test_another_process_knows_the_user(user: str, tmp_path: Path) -> None:
    """Whatever the name holds, the token stands for it wherever key and ledger are the same."""
    token = SignedTokens(KEY, tmp_path).issue(user)
    assert SignedTokens(KEY, tmp_path).user_of(token) == user


def test_a_token_that_was_touched_or_signed_elsewhere_is_nobodys(tmp_path: Path) -> None:
    """Neither another key nor another letter is accepted; junk raises nothing."""
    token = SignedTokens(KEY, tmp_path).issue("ana.silva")
    tokens = SignedTokens(KEY, tmp_path)
    for bad in ("", ".", "tok..", token[:-1], f"{token}0", token.replace("tok.", "tok.x", 1), "ünïcode.\udcff"):
        assert tokens.user_of(bad) is None
    assert SignedTokens(b"other", tmp_path).user_of(token) is None


async def test_withdrawing_and_reassigning_are_known_to_all(tmp_path: Path) -> None:
    """What one service does to a token, the other answers by."""
    here, there = SimulatedAuthService(), SimulatedAuthService()
    for service in (here, there):
        service.share(KEY, tmp_path)
    token = await here.issue("ana.silva")
    assert there.user_of(token) == "ana.silva"
    await here.reassign(token, "ben.weber")
    assert there.user_of(token) == "ben.weber"
    await here.withdraw(token)
    assert there.user_of(token) is None
    assert here.user_of(token) is None
