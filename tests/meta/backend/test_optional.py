"""What a backend may have besides its ports is given where it is there, and is nothing where it is not."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from id_isolation.backend import optional

from ..bare import Bare


@pytest.mark.parametrize(
    ("name", "look_up"),
    [
        ("owner_of", optional.owner_look_up),
        ("owns", optional.own_files),
        ("import_anew", optional.second_import),
        ("mint_bare", optional.bare_minting),
        ("mint_batch", optional.batch_minting),
        ("mint_at", optional.timed_minting),
        ("is_valid_for", optional.prefix_reading),
        ("store_run", optional.run_storing),
        ("contradict", optional.contradiction),
        ("users", optional.known_users),
    ],
)
def test_a_further_method_is_found_by_its_name(name: str, look_up: Callable[[Any], Any]) -> None:
    """And by no other; without it there is None."""
    given = object()
    assert look_up(SimpleNamespace(**{name: given})) is given
    assert look_up(Bare()) is None


def test_an_empty_list_of_users_is_a_list_and_not_none() -> None:
    """A backend that lets nobody in is not one that takes whoever comes."""
    assert optional.known_users(SimpleNamespace(users=())) == ()  # type: ignore[arg-type]


@pytest.mark.parametrize(("said", "remote"), [(True, True), (1, True), (False, False), (None, False)])
def test_a_backend_is_remote_only_where_it_says_so(said: object, remote: bool) -> None:
    """One that says nothing lives in this process."""
    assert optional.is_remote(SimpleNamespace(remote=said)) is remote  # type: ignore[arg-type]
    assert optional.is_remote(Bare()) is False


@pytest.mark.parametrize("said", [True, False])
def test_stored_sessions_end_by_age_only_where_the_port_says_so(said: bool) -> None:
    """One that says nothing may keep its sessions for ever."""
    assert optional.ends_by_age(SimpleNamespace(expires=said)) is said  # type: ignore[arg-type]
    assert optional.ends_by_age(SimpleNamespace()) is False  # type: ignore[arg-type]


def test_a_backend_is_closed_by_its_own_method_once() -> None:
    """One without such a method has nothing to end."""
    calls: list[str] = []
    optional.close(SimpleNamespace(close=lambda: calls.append("closed")))  # type: ignore[arg-type]
    optional.close(Bare())
    assert calls == ["closed"]


def test_an_error_on_closing_is_not_swallowed() -> None:
    """Whoever closes decides what to do with it."""

    def fail() -> None:
        raise RuntimeError("still busy")

    with pytest.raises(RuntimeError, match="still busy"):
        optional.close(SimpleNamespace(close=fail))  # type: ignore[arg-type]
