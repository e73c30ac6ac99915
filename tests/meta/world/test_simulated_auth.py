"""The simulated authentication service knows whose each token is, now.

Signed tokens: known to everybody who has the key and the ledger, and to nobody else.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from id_isolation.history import redaction
from id_isolation.world.simulated_auth import SignedTokens, SimulatedAuthService

REFUSED: dict[str, Any] = {"valid": False, "user_id": None, "role": None, "permissions": []}

KEY = b"k" * 32


async def test_a_token_is_its_users_until_it_is_withdrawn_or_handed_over() -> None:
    """And no other user's token is touched."""
    service = SimulatedAuthService()
    first, second = await service.issue("ana"), await service.issue("ben")
    assert (service.user_of(first), service.user_of(second)) == ("ana", "ben")
    await service.reassign(first, "eve")
    assert (service.user_of(first), service.user_of(second)) == ("eve", "ben")
    await service.withdraw(first)
    await service.withdraw("of nobody")
    assert (service.user_of(first), service.user_of(second)) == (None, "ben")


async def test_two_tokens_of_one_user_are_different_and_secret() -> None:
    """Neither comes through to a report."""
    service = SimulatedAuthService()
    first, second = await service.issue("ana"), await service.issue("ana")
    assert first != second
    assert first not in redaction.scrub_text(f"with {first}!")


@pytest.mark.parametrize("token", ["", "tok.unknown"])
async def test_an_unknown_token_is_answered_with_no(token: str) -> None:
    """For log-in and for a WebSocket; None is no token either."""
    service = SimulatedAuthService()
    assert await service.validate_token_jwt(token) == REFUSED
    result = await service.authenticate(token or None)
    assert (result.success, result.user_id, result.permissions) == (False, None, [])
    assert (result.error, result.error_code) == ("the token is not valid", "INVALID_TOKEN")


async def test_a_good_token_is_answered_with_its_user() -> None:
    """And with no error."""
    service = SimulatedAuthService()
    token = await service.issue("ana")
    answer = await service.validate_token_jwt(token)
    assert (answer["valid"], answer["user_id"]) == (True, "ana")
    result = await service.authenticate(token)
    assert (result.success, result.user_id, result.error, result.error_code) == (True, "ana", None, None)


async def test_an_answer_comes_after_so_many_turns_of_the_loop() -> None:
    """By token; at once where nobody says otherwise."""
    service = SimulatedAuthService()
    slow, quick = await service.issue("slow"), await service.issue("quick")
    service.pace(lambda token: 5 if token == slow else 0)
    order: list[str] = []

    async def ask(token: str) -> None:
        order.append((await service.validate_token_jwt(token))["user_id"])

    await asyncio.gather(ask(slow), ask(quick))
    assert order == ["quick", "slow"]


def test_what_is_not_simulated_stays_the_originals() -> None:
    """And is an error where there is no original."""
    assert SimulatedAuthService(SimpleNamespace(base_url="http://auth")).base_url == "http://auth"
    with pytest.raises(AttributeError):
        _ = SimulatedAuthService().base_url


async def test_services_with_one_key_and_ledger_answer_alike(tmp_path: Path) -> None:
    """What one issues, withdraws or hands over, the other knows; another key knows nothing."""
    here, there, stranger = SimulatedAuthService(), SimulatedAuthService(), SimulatedAuthService()
    here.share(b"key", tmp_path)
    there.share(b"key", tmp_path)
    stranger.share(b"other", tmp_path)
    token, second = await here.issue("ana"), await here.issue("ana")
    assert (there.user_of(token), stranger.user_of(token)) == ("ana", None)
    await here.reassign(second, "ben")
    assert there.user_of(second) == "ben"
    await here.withdraw(token)
    assert (here.user_of(token), there.user_of(token)) == (None, None)


async def test_the_service_that_issued_a_token_sees_what_another_makes_of_it(tmp_path: Path) -> None:
    """A token that it issued before it shared anything is known to it alone."""
    here, there = SimulatedAuthService(), SimulatedAuthService()
    own = await here.issue("ana")
    here.share(b"key", tmp_path)
    there.share(b"key", tmp_path)
    first, second = await here.issue("ana"), await here.issue("ana")
    await there.withdraw(first)
    await there.reassign(second, "ben")
    assert (here.user_of(first), here.user_of(second)) == (None, "ben")
    await here.reassign(own, "cleo")
    assert (here.user_of(own), there.user_of(own)) == ("cleo", None)


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
