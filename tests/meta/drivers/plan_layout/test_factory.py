"""The simulated factory releases by the token that thread and run share, and leaks what does not correlate."""

from __future__ import annotations

import pytest

from id_isolation.backend.protocol import ContextIds
from id_isolation.drivers.checkout_websocket import SimulatedFactory


def _context(token: str, user: str = "ana", thread_token: str | None = None) -> ContextIds:
    return ContextIds(user, f"thread_chat_{thread_token or token}", f"run_chat_{token}", "req")


ONE, TWO = "1_aaaaaaaa", "2_bbbbbbbb"


async def test_what_was_registered_by_thread_goes_with_its_run() -> None:
    """All of it, and it is told; a second time nothing goes."""
    factory = SimulatedFactory()
    context = _context(ONE)
    await factory.register(context, "socket")
    await factory.register(context, "buffer")
    assert await factory.held() == {"socket": context, "buffer": context}
    assert sorted(await factory.release("ana", context.run)) == ["buffer", "socket"]
    assert await factory.held() == {}
    assert await factory.release("ana", context.run) == []


async def test_another_context_and_another_user_keep_theirs() -> None:
    """The same user's second thread, and another user's thread by the same name."""
    factory = SimulatedFactory()
    for context, resource in ((_context(ONE), "a"), (_context(TWO), "b"), (_context(ONE, "ben"), "c")):
        await factory.register(context, resource)
    assert await factory.release("ana", _context(ONE).run) == ["a"]
    assert sorted(await factory.held()) == ["b", "c"]


async def test_ids_that_do_not_correlate_leak() -> None:
    """As the plan says of raw ones."""
    factory = SimulatedFactory()
    context = _context(ONE, thread_token=TWO)
    await factory.register(context, "socket")
    assert await factory.release("ana", context.run) == []
    assert list(await factory.held()) == ["socket"]


@pytest.mark.parametrize("run", ["", "run", "run_chat", ONE, "aaaaaaaa", "run_.*_1_aaaaaaaa\n", "9f86d081"])
async def test_a_text_without_a_token_releases_nothing(run: str) -> None:
    """Empty, partial and pattern-like ones; nor what was registered under an uncorrelated thread."""
    factory = SimulatedFactory()
    await factory.register(_context(ONE), "socket")
    await factory.register(ContextIds("ana", "raw-thread", "raw-run", ""), "raw")
    assert await factory.release("ana", run) == []
    assert sorted(await factory.held()) == ["raw", "socket"]
