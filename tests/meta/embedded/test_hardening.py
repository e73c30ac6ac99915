"""Each layer beyond the plan mends its own weakness, which the plan to the letter still has."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from id_isolation.backend.protocol import Connection, Handshake
from id_isolation.drivers.checkout import PlanLayoutBackend
from id_isolation.embedded import compose, hardening
from id_isolation.embedded.layer import GENERATOR, Layer
from id_isolation.plan.grammar import correlation_token

_NAME = "generator_of_a_test"


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a test imports is forgotten afterwards."""
    monkeypatch.setenv("ENVIRONMENT", "as before")
    path, modules = list(sys.path), set(sys.modules)
    yield
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        if name.partition(".")[0] in ("netra_backend", "shared", _NAME):
            del sys.modules[name]


def _generator(*layers: Layer) -> Any:
    """The generator of the plan to the letter, with these layers over it."""
    module = ModuleType(_NAME)
    sys.modules[_NAME] = module
    exec(compile(compose.sources("remediated", layers)[GENERATOR], _NAME, "exec"), vars(module))
    return module.UnifiedIdGenerator


Open = Callable[..., PlanLayoutBackend]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Opens the plan to the letter with these layers over it."""

    def make(*layers: Layer) -> PlanLayoutBackend:
        root = tmp_path / "-".join(["tree", *(layer.name for layer in layers)])
        return PlanLayoutBackend("x", compose.write("remediated", root, layers))

    return make


@pytest.mark.parametrize("layer", hardening.HARDENING, ids=lambda layer: layer.name)
def test_every_layer_fits_the_plan_alone_and_all_of_them_make_the_hardened_backend(layer: Layer) -> None:
    """So each weakness can be mended by itself."""
    assert compose.sources("remediated", [layer]) != compose.sources("remediated")
    assert compose.sources("remediated", hardening.HARDENING) == compose.sources("hardened")
    assert [one.name for one in hardening.HARDENING].count(layer.name) == 1


def _user_parts(generator: Any, *users: str) -> set[str]:
    return {generator.generate_session_id(user, "web").split("_")[2] for user in users}


def test_users_that_begin_alike_are_told_apart_by_the_whole_name() -> None:
    """Letter case and a long tail too."""
    users = ("margarete.one", "margarete.two", "Margarete.one", "margarete.one" + "x" * 10_000)
    assert len(_user_parts(_generator(), *users)) == 2
    assert len(_user_parts(_generator(hardening.WHOLE_USER), *users)) == 4


@pytest.mark.parametrize("user", ["a_b:c/d", "\n\x1b[2J", "äöü\u202e", "\ud800", "x" * 10_000])
def test_a_hostile_name_is_one_bounded_part(user: str) -> None:
    """Letters, digits and one dash; a blank name is refused as before."""
    (part,) = _user_parts(_generator(hardening.WHOLE_USER), user)
    slug, _, digest = part.rpartition("-")
    assert len(digest) == 20
    assert len(slug) <= 8
    assert (slug + digest).isalnum() or not slug
    assert part.isascii()
    with pytest.raises(ValueError, match="not blank"):
        _generator(hardening.WHOLE_USER).generate_session_id(" ")


def test_a_delimiter_in_a_name_joins_no_two_stored_sessions() -> None:
    """Nor does ending one user's sessions end another's whose name begins alike."""
    for layers, together in (((), True), ((hardening.TUPLE_SESSION_KEY,), False)):
        generator = _generator(*layers)
        first = generator.get_or_create_user_session("a", "b:c")
        second = generator.get_or_create_user_session("a:b", "c")
        assert (first["run_id"] == second["run_id"]) is together
        generator.get_or_create_user_session("a:z", "t")
        generator.invalidate_user_sessions("a")
        assert (generator.get_existing_session("a:z", "t") is None) is together
        assert generator.get_existing_session("a", "b:c") is None


def test_the_matcher_joins_thread_and_run_of_one_context_and_no_two_contexts() -> None:
    """Of the same operation."""
    for layers, joined in (((), True), ((hardening.MATCH_BY_TOKEN,), False)):
        generator = _generator(*layers)
        (thread, run, _), (other, _, _) = (generator.generate_user_context_ids("ana", "chat") for _ in range(2))
        assert generator.ids_match_for_cleanup(thread, run)
        assert generator.ids_match_for_cleanup(other, run) is joined
        assert not generator.ids_match_for_cleanup(thread, thread)
        assert not generator.ids_match_for_cleanup(None, run)


def test_context_ids_parse_with_their_timestamp_and_share_their_token() -> None:
    """And so does what has no random part."""
    before, after = _generator(), _generator(hardening.PARSEABLE_CONTEXT)
    assert [before.parse_id(text) for text in before.generate_user_context_ids("ana", "chat")][:2] == [None, None]
    ids = after.generate_user_context_ids("ana", "chat")
    parsed = [after.parse_id(text) for text in ids]
    assert [one.prefix for one in parsed] == ["thread_chat", "run_chat", "req_chat"]
    assert len({(one.timestamp, one.counter, one.random) for one in parsed}) == 1
    bare = after.generate_base_id("item", include_random=False)
    assert before.parse_id(bare) is None
    assert (after.parse_id(bare).prefix, after.parse_id(bare).random) == ("item", "")


def test_only_a_well_formed_connection_id_of_the_user_is_the_users() -> None:
    """Not another's, not another kind's, not one with a part missing."""
    generator = _generator(hardening.OWN_PRELIMINARY_ID_ONLY)
    mine = generator.generate_websocket_connection_id("ana")
    assert generator.names_connection_of(mine, "ana")
    foreign = generator.generate_websocket_connection_id("ben")
    client = generator.generate_websocket_client_id("ana")
    for text in (foreign, client, mine[:-1], mine.rpartition("_")[0], "", None, "ws_conn_ana"):
        assert not generator.names_connection_of(text, "ana")


async def _connected(
    backend: PlanLayoutBackend, user: str, named: bool = True, preliminary: str | None = None
) -> Connection:
    assert backend.tokens is not None
    assert backend.sockets is not None
    token = await backend.tokens.issue(user)
    return await backend.sockets.connect(Handshake.bearing(token, user if named else None, preliminary))


async def test_a_foreign_preliminary_id_is_not_adopted(opened: Open) -> None:
    """The own one is."""
    for layers, adopted in (((), True), ((hardening.OWN_PRELIMINARY_ID_ONLY,), False)):
        backend = opened(*layers)
        mine = (await _connected(backend, "margarete.one")).connection_id
        again = await _connected(backend, "margarete.one", preliminary=mine)
        stolen = await _connected(backend, "benedict.two", preliminary=mine)
        assert again.connection_id == mine
        assert (stolen.connection_id == mine) is adopted


async def test_clients_without_a_name_are_not_pooled(opened: Open) -> None:
    """Each connection has a user part of its own."""
    for layers, pooled in (((), True), ((hardening.OWN_ANONYMOUS_CONNECTION,), False)):
        backend = opened(*layers)
        texts = [(await _connected(backend, "ana.silva", named=False)).connection_id for _ in range(2)]
        first, second = (text.removeprefix("ws_conn_").rsplit("_", 3)[0] for text in texts)
        assert (first == second == "unknown") is pooled
        assert texts[0] != texts[1]


async def test_anonymous_contexts_are_not_one_users(opened: Open) -> None:
    """Each has a user of its own."""
    for layers, pooled in (((), True), ((hardening.OWN_ANONYMOUS_CONTEXT,), False)):
        contexts = opened(*layers).contexts
        assert contexts is not None
        first, second = await contexts.open_anonymous(), await contexts.open_anonymous()
        assert (first.user == second.user == "migration_compat_user") is pooled
        assert (first.user != second.user) is not pooled


async def test_the_context_of_a_connection_is_correlated(opened: Open) -> None:
    """Its thread and run share a token."""
    for layers, correlated in (((), False), ((hardening.CORRELATED_CONNECTION,), True)):
        context = (await _connected(opened(*layers), "ana.silva")).context
        assert context is not None
        tokens = correlation_token(context.thread), correlation_token(context.run)
        assert (tokens[0] is not None and tokens[0] == tokens[1]) is correlated
