"""Which names mint, which mean an ID, and which mean the generator."""

from __future__ import annotations

import pytest

from id_isolation.scan.plan_facts import in_use
from id_isolation.scan.vocabulary import (
    KINDS,
    PICKS,
    is_always,
    is_clock,
    is_conditional,
    is_id_name,
    is_minting,
    kind_of_name,
    label,
    prefix_word,
    words,
)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("session_id", ("session", "id")),
        ("sessionId", ("session", "id")),
        ("SessionID", ("session", "id")),
        ("HTTPRequestId", ("http", "request", "id")),
        ("SESSION_ID", ("session", "id")),
        ("run2id", ("run", "id")),
        ("_", ()),
    ],
)
def test_a_name_falls_into_words_in_any_case(name: str, parts: tuple[str, ...]) -> None:
    """Snake, camel, capitals."""
    assert words(name) == parts


@pytest.mark.parametrize(
    "name",
    ["id", "session_id", "sessionId", "ids", "user_uuid", "sid", "request_id_str", "id_hex", "run_id_short", "ident"],
)
def test_a_name_that_ends_in_an_id_word_is_an_ids(name: str) -> None:
    """A form after it does not change that."""
    assert is_id_name(name)


@pytest.mark.parametrize(
    "name", ["identity", "valid", "idle", "delete_by_id", "load_from_ids", "id_count", "text", "", "grid", "_"]
)
def test_a_name_that_takes_an_id_or_only_looks_like_one_is_none(name: str) -> None:
    """`by_id` is given one, `grid` and `valid` are other words, a bare form says nothing."""
    assert not is_id_name(name)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("session_id", "session"),
        ("sid", "session"),
        ("conversation_id", "thread"),
        ("execution_id", "run"),
        ("correlation_id", "request"),
        ("ws_id", "connection"),
        ("client_id", "client"),
        ("account_id", "user"),
        ("msg_id", "message"),
        ("job_id", "other"),
        ("user_session_id", "session"),
        ("session_user_id", "user"),
        ("sessional", "other"),
    ],
)
def test_the_last_telling_word_gives_the_kind(name: str, kind: str) -> None:
    """The words before it say whose."""
    assert kind_of_name(name) == kind
    assert kind in KINDS


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("session_", "session"),
        ("my session:", "session"),
        ("RUN-", "run"),
        ("a_run_", "run"),
        ("job__", "job"),
        ("session", ""),
        ("session_x", ""),
        ("login_", ""),
        ("chat_", ""),
        ("obsession_", ""),
        ("", ""),
    ],
)
def test_a_prefix_is_the_whole_word_right_before_the_joint(text: str, word: str) -> None:
    """Without a joint, with something after it, or as a part of another word it is none."""
    assert prefix_word(text) == word


@pytest.mark.parametrize("name", ["uuid.uuid1", "uuid.uuid4", "uuid.uuid7", "uuid6.uuid8", "uuid_utils.compat.uuid4"])
def test_a_uuid_of_clock_or_chance_is_always_a_mint(name: str) -> None:
    """Of the standard module and its drop-in replacements."""
    assert is_always(name)
    assert is_minting(name)
    assert not is_conditional(name)


@pytest.mark.parametrize(
    "name", ["uuid.uuid3", "uuid.uuid5", "uuid.UUID", "uuid4", "other.uuid4", "secrets.compare_digest"]
)
def test_a_uuid_made_of_a_name_or_an_unknown_function_is_none(name: str) -> None:
    """Versions 3 and 5 say the same thing twice."""
    assert not is_minting(name)


@pytest.mark.parametrize(
    ("name", "clock"),
    [("secrets.token_hex", False), ("os.urandom", False), ("random.Random().choice", False), ("time.time_ns", True)],
)
def test_chance_and_clocks_mint_by_what_becomes_of_the_value(name: str, clock: bool) -> None:
    """And clocks are known as such: their differences are durations."""
    assert is_conditional(name)
    assert not is_always(name)
    assert is_clock(name) is clock


def test_a_pick_is_a_choice_and_nothing_else() -> None:
    """Of `random`, of `secrets`, of an instance."""
    assert {"random.choice", "secrets.choice", "random.Random().sample", "random.choices"} <= PICKS
    assert not {"random.random", "secrets.token_hex", "os.urandom"} & PICKS


def test_a_method_of_a_random_instance_is_called_by_the_modules_name() -> None:
    """Any other function by its own."""
    assert label("random.Random().choice") == "random.choice"
    assert label("uuid.uuid4") == "uuid.uuid4"


_PACKAGE = "shared.id_generation"


@pytest.mark.parametrize("name", ["UnifiedIdGenerator", f"{_PACKAGE}.unified_id_generator.UnifiedIdGenerator"])
def test_the_class_is_known_by_its_last_word(name: str) -> None:
    """Bare or with the module before it."""
    assert in_use().is_generator_class(name)


@pytest.mark.parametrize("name", ["MyUnifiedIdGenerator", "UnifiedIdGenerator.generate_base_id", "a.UnifiedIdGen", ""])
def test_a_name_that_only_holds_the_class_is_another_class(name: str) -> None:
    """The whole last word counts."""
    assert not in_use().is_generator_class(name)


def test_any_generating_method_of_the_class_is_approved() -> None:
    """A later `generate_…` too; what generates nothing is no method of ID minting."""
    assert in_use().generator_method("x.UnifiedIdGenerator.generate_session_id") == "generate_session_id"
    assert in_use().generator_method("UnifiedIdGenerator.generate_future_id") == "generate_future_id"
    assert in_use().generator_method("UnifiedIdGenerator.get_or_create_user_session") == "get_or_create_user_session"
    assert in_use().generator_method("UnifiedIdGenerator.parse_id") == ""


def test_the_packages_functions_count_by_their_known_names_only() -> None:
    """An unknown `generate_…` of the package is not approved: nobody knows what it mints."""
    assert in_use().generator_method(f"{_PACKAGE}.generate_session_id") == "generate_session_id"
    assert in_use().generator_method(f"backend.{_PACKAGE}.unified.generate_base_id") == "generate_base_id"
    assert in_use().generator_method(f"{_PACKAGE}.generate_future_id") == ""
    assert in_use().generator_method("other.ids.generate_session_id") == ""
    assert in_use().generator_method("generate_session_id") == ""


@pytest.mark.parametrize(
    ("path", "own"),
    [
        ("shared/id_generation/unified_id_generator.py", True),
        ("backend/shared/id_generation/deep/x.py", True),
        ("unshared/id_generation/x.py", False),
        ("shared/id_generation.py", False),
        ("shared/id_generation_old/x.py", False),
    ],
)
def test_only_files_of_the_package_itself_are_the_generators_own(path: str, own: bool) -> None:
    """A neighbour with a like name is judged as any other file."""
    assert in_use().is_generator_file(path) is own
