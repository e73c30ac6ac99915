"""A tree's connection manager keeps the lines that it is handed, sends over them, and shows what it holds."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from id_isolation.backend.protocol import BackendRefused, ContextIds, ManagedLine, ManagedLines
from id_isolation.drivers.checkout import PlanLayoutBackend
from id_isolation.embedded import compose
from id_isolation.embedded.layer import CONTEXT, MANAGER, Edit, Layer
from id_isolation.plan.kinds import Surface

ANA, BEN = "ana.moreno", "ben.okafor"


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """What a test imports is forgotten afterwards."""
    path, modules = list(sys.path), set(sys.modules)
    yield
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        if name.partition(".")[0] in ("netra_backend", "shared"):
            del sys.modules[name]


Open = Callable[..., PlanLayoutBackend]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Opens an embedded backend with these layers over it."""

    def make(*layers: Layer, spec: str = "hardened") -> PlanLayoutBackend:
        return PlanLayoutBackend("x", compose.write(spec, tmp_path / "tree", layers))

    return make


class Peer:
    """A line without a socket."""

    def __init__(self, user: str, connection_id: str, thread: str = "thread_chat_1_aaaaaaaa") -> None:
        self.received: list[Mapping[str, Any]] = []
        self.codes: list[int] = []
        self.line = ManagedLine(connection_id, user, thread, self._take, self._close)

    async def _take(self, message: Mapping[str, Any]) -> None:
        self.received.append(message)

    async def _close(self, code: int, reason: str) -> None:
        self.codes.append(code)


def _context(user: str) -> ContextIds:
    return ContextIds(user, "thread_chat_1_aaaaaaaa", "run_chat_1_aaaaaaaa", "req_chat_1_aaaaaaaa")


def _lines(backend: PlanLayoutBackend, user: str = ANA) -> ManagedLines:
    assert backend.manager is not None
    return asyncio.run(backend.manager.of(_context(user)))


def test_what_is_sent_to_a_user_or_a_thread_reaches_its_line(opened: Open) -> None:
    """A critical event arrives as a client is promised it, however the manager wraps it."""
    lines, ana = _lines(opened()), Peer(ANA, "ws_conn_1")

    async def send() -> bool:
        await lines.add(ana.line)
        await lines.send_to_user(ANA, {"type": "agent_started"})
        await lines.emit(ANA, "agent_thinking", {"run_id": "run_1", "payload": 1})
        await lines.broadcast({"type": "notice"})
        return await lines.send_to_thread("thread_chat_1_aaaaaaaa", {"type": "agent_completed"})

    assert asyncio.run(send())
    assert [one["type"] for one in ana.received] == ["agent_started", "agent_thinking", "notice", "agent_completed"]
    assert ana.received[1]["run_id"] == "run_1"
    assert not asyncio.run(lines.send_to_thread("thread_chat_2_bbbbbbbb", {"type": "agent_completed"}))


def test_registries_show_what_is_held(opened: Open) -> None:
    """A line that is closed in order gets its code; afterwards no registry holds it."""
    lines, ana, other = _lines(opened()), Peer(ANA, "ws_conn_1"), Peer(ANA, "ws_conn_2", "thread_chat_2_bbbbbbbb")
    asyncio.run(lines.add(ana.line))
    asyncio.run(lines.connect(other.line))
    assert all(len(entries) == 2 for entries in lines.held().values())
    assert lines.registered("ws_conn_1") is ana.line
    assert lines.connections(ANA) == {"ws_conn_1", "ws_conn_2"}
    assert lines.connections(ANA, "thread_chat_2_bbbbbbbb") == {"ws_conn_2"}
    asyncio.run(lines.disconnect(ana.line, 4000, "enough"))
    asyncio.run(lines.remove(other.line))
    assert ana.codes == [4000]
    assert not any(lines.held().values())


def test_a_manager_may_refuse_whoever_is_not_its_own(opened: Open) -> None:
    """Two contexts of one user have one manager here, and another user has another."""
    backend = opened()
    mine = _lines(backend)
    assert mine == _lines(backend)
    assert mine != _lines(backend, BEN)
    with pytest.raises(BackendRefused):
        asyncio.run(mine.add(Peer(BEN, "ws_conn_2").line))


def test_users_get_a_name_that_the_tree_accepts(opened: Open) -> None:
    """A tree that refuses dots gets a UUID for each user, the same each time."""
    refuses = 'if any(sign in user for sign in ".@"):\n            raise InvalidContextError("no such name")\n        '
    dotless = Layer("dotless", (Edit(CONTEXT, "if user in _PLACEHOLDERS", f"{refuses}if user in _PLACEHOLDERS"),))
    lines, ana = _lines(opened(dotless)), Peer(ANA, "ws_conn_1")
    asyncio.run(lines.add(ana.line))
    asyncio.run(lines.send_to_user(ANA, {"type": "agent_started"}))
    asyncio.run(lines.send_to_user(BEN, {"type": "agent_completed"}))
    assert [one["type"] for one in ana.received] == ["agent_started"]


def test_a_tree_without_a_manager_says_so(tmp_path: Path) -> None:
    """The surface is there to be asked for, and has a reason instead of a port."""
    root = compose.write("hardened", tmp_path / "tree")
    (root / MANAGER).unlink()
    backend = PlanLayoutBackend("x", root)
    assert backend.manager is None
    assert "unified_manager" in backend.missing["manager"].reason
    assert Surface.MANAGER in backend.surfaces()
