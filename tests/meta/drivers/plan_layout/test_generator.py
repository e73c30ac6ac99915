"""What a generator takes besides what every one has is found by its arguments, and is left out where it has none."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from id_isolation.backend.protocol import BackendBroke
from id_isolation.drivers.checkout_ports import GeneratorMinting, GeneratorReading, GeneratorStoredSessions
from id_isolation.plan.kinds import Kind


class Narrow:
    """A generator whose methods take no more than they must."""

    @staticmethod
    def generate_websocket_connection_id(user_id: str) -> str:
        return f"ws_conn_{user_id}"

    @staticmethod
    def generate_batch_ids(prefix: str, count: int) -> list[str]:
        return [prefix] * count

    @staticmethod
    def is_valid_id(text: str) -> bool:
        return True

    @staticmethod
    def parse_id(text: str) -> None:
        return None

    @classmethod
    def get_or_create_user_session(cls, user_id: str, thread_id: str) -> dict[str, str]:
        return {"thread_id": thread_id, "run_id": "run", "request_id": "req"}


class Wide(Narrow):
    """One whose methods take everything that the plan's layout names."""

    @staticmethod
    def generate_websocket_connection_id(user_id: str, connection_timestamp: float | None = None) -> str:
        return f"ws_conn_{user_id}_{connection_timestamp}"

    @staticmethod
    def generate_batch_ids(prefix: str, count: int, include_random: bool = True) -> Any:
        return [f"{prefix}_{number}_{include_random}" for number in range(count)] if count else "none"

    @staticmethod
    def is_valid_id(text: str, expected_prefix: str | None = None) -> bool:
        return text.startswith(expected_prefix or "")

    @classmethod
    def get_or_create_user_session(
        cls, user_id: str, thread_id: str | None = None, run_id: str | None = None
    ) -> dict[str, str]:
        return {"thread_id": thread_id or "thread", "run_id": run_id or "run", "request_id": "req"}

    @classmethod
    def cleanup_expired_sessions(cls, max_age_hours: float = 24) -> int:
        return 3


def test_what_a_generator_does_not_take_is_not_asked_of_it() -> None:
    """None says so, and no error does."""
    minting, stored = GeneratorMinting(Narrow), GeneratorStoredSessions(Narrow)
    assert minting.mint_at(Kind.CONNECTION, "ana", 1.5) is None
    assert minting.mint_batch("item", 2, True) is None
    assert GeneratorReading(Narrow).is_valid_for("item_1", "item") is None
    assert asyncio.run(stored.store_run("ana", "thread", "run")) is None
    assert stored.expires is False
    assert asyncio.run(stored.expire(24)) == 0


def test_what_a_generator_takes_is_handed_over() -> None:
    """Each argument by its name."""
    minting, stored = GeneratorMinting(Wide), GeneratorStoredSessions(Wide)
    assert minting.mint_at(Kind.CONNECTION, "ana", 1.5) == "ws_conn_ana_1.5"
    assert minting.mint_at(Kind.SESSION, "ana", 1.5) is None
    assert minting.mint_batch("item", 2, False) == ["item_0_False", "item_1_False"]
    assert GeneratorReading(Wide).is_valid_for("item_1", "item") is True
    assert GeneratorReading(Wide).is_valid_for("item_1", "thread") is False
    given = asyncio.run(stored.store_run("ana", "thread_1", "run_1"))
    assert given is not None
    assert (given.user, given.thread, given.run) == ("ana", "thread_1", "run_1")
    assert stored.expires is True
    assert asyncio.run(stored.expire(24)) == 3


class Scant(Wide):
    """One whose stored sessions lack what a session has."""

    @classmethod
    def get_or_create_user_session(cls, user_id: str, thread_id: str | None = None) -> dict[str, str]:  # type: ignore[override]
        return {"thread_id": thread_id or "thread", "run_id": "run"}

    @classmethod
    def get_existing_session(cls, user_id: str, thread_id: str) -> object:
        return {"run": {}, "text": "run_1", "object": object()}.get(thread_id)


def test_a_stored_session_that_lacks_an_id_is_the_backends_fault() -> None:
    """The sentence names the ID; a text alone is the run's."""
    stored = GeneratorStoredSessions(Scant)
    with pytest.raises(BackendBroke, match=r"get_or_create_user_session gave dict .* has no request_id"):
        asyncio.run(stored.store("ana", "thread"))
    for thread in ("run", "object"):
        with pytest.raises(BackendBroke, match=r"get_existing_session gave .* has no run_id"):
            asyncio.run(stored.find("ana", thread))
    assert asyncio.run(stored.find("ana", "text")) == "run_1"
    assert asyncio.run(stored.find("ana", "unknown")) is None


def test_a_batch_that_is_no_list_is_the_backends_fault() -> None:
    """A text has a length too, and is no batch."""
    with pytest.raises(BackendBroke, match="not a list of IDs"):
        GeneratorMinting(Wide).mint_batch("item", 0, True)
