"""What kind of ID a mint makes, and what to call instead."""

from __future__ import annotations

import pytest

from id_isolation.scan.flow import End
from id_isolation.scan.mints import classify, replacement, user_in_scope
from id_isolation.scan.names import Resolver

from .parsed import known, node


def _kind(ends: list[End], text: str = "m()") -> tuple[str, str, str]:
    source = known(text)
    return classify(source.module, node(source, "m()"), ends)


def test_an_id_name_tells_more_than_a_prefix_a_function_or_a_hint() -> None:
    """Each next one counts where those before it say nothing."""
    name, prefix = End("name", "run_id"), End("prefix", "session_")
    function, hint = End("function", "new_thread_id"), End("hint", "open_connection")
    assert _kind([hint, function, prefix, name])[0] == "run"
    assert _kind([hint, function, prefix])[0] == "session"
    assert _kind([hint, function])[0] == "thread"
    assert _kind([hint])[0] == "connection"
    assert _kind([])[0] == "other"


def test_a_name_that_says_no_kind_leaves_the_word_to_the_next() -> None:
    """The target is the first ID name all the same."""
    assert _kind([End("name", "x_id"), End("prefix", "session_")])[:2] == ("session", "x_id")


def test_the_target_is_an_id_name_before_a_function_before_any_name() -> None:
    """What is far away is no part of the nearest name."""
    far = End("name", "run_id", True)
    assert _kind([End("name", "raw"), far])[1:] == ("run_id", "raw")
    assert _kind([End("name", "raw"), End("function", "new_id")])[1:] == ("new_id", "new_id")
    assert _kind([far])[1:] == ("run_id", "")


def test_the_class_names_the_kind_of_its_own_id_field() -> None:
    """Not that of any other field inside a method."""
    field = "class Session:\n    id = m()\n"
    inside = "class Session:\n    def f(self):\n        x = m()\n"
    assert _kind([End("name", "id")], field)[0] == "session"
    assert _kind([End("name", "job_id")], inside)[0] == "other"
    assert _kind([End("name", "uuid")], inside)[0] == "session"


def test_the_function_around_it_names_the_kind_last() -> None:
    """After the class."""
    assert _kind([End("name", "x_id")], "def open_thread():\n    m()\n")[0] == "thread"


@pytest.mark.parametrize(
    ("text", "user"),
    [
        ("def f(user_id):\n    m()\n", "user_id"),
        ("def f(current_user_id, user_id):\n    m()\n", "user_id"),
        ("def f(user):\n    m()\n", "user.id"),
        ("def f(user_context, user):\n    m()\n", "user_context.user_id"),
        ("def f(owner_id):\n    def g():\n        m()\n", "owner_id"),
        ("def f():\n    m()\n    user_id = 1\n", ""),
        ("def f():\n    user_id = 1\n    m()\n", "user_id"),
        ("user_id = 1\nm()\n", ""),
        ("def g(user_id): ...\ndef f():\n    m()\n", ""),
        (
            "class C:\n    def __init__(self, u):\n        self.user_id = u\n    def f(self):\n        m()\n",
            "self.user_id",
        ),
        ("class C:\n    def f(self):\n        m()\nclass D:\n    x = 'self.user_id'\n", ""),
    ],
)
def test_the_user_in_scope_is_a_name_given_before_the_mint(text: str, user: str) -> None:
    """A user's ID before an object that holds one; none of another function, none that comes later."""
    source = known(text)
    assert user_in_scope(source.module, node(source, "m()")) == user


def _replaced(text: str, kind: str, target: str) -> tuple[str, str]:
    source = known(text)
    return replacement(source.module, Resolver(source.module), node(source, "m()"), kind, target)


@pytest.mark.parametrize(
    ("kind", "call"),
    [
        ("session", 'generate_session_id(user_id, "log_in")'),
        ("thread", 'generate_user_context_ids(user_id, "log_in")[0]'),
        ("run", 'generate_user_context_ids(user_id, "log_in")[1]'),
        ("request", 'generate_user_context_ids(user_id, "log_in")[2]'),
        ("connection", "generate_websocket_connection_id(user_id)"),
        ("client", "generate_websocket_client_id(user_id)"),
        ("message", 'generate_message_id("log_in", user_id)'),
        ("user", 'generate_base_id("user")'),
    ],
)
def test_each_kind_has_its_generator_call(kind: str, call: str) -> None:
    """With the function's name as the operation."""
    text, _ = _replaced("def _log_in(user_id):\n    m()\n", kind, "x")
    assert text == f"UnifiedIdGenerator.{call}"


@pytest.mark.parametrize(
    ("target", "prefix"), [("job_id", "job"), ("_job_id", "job"), ("JOB_ID", "job_id"), ("delay", "id"), ("", "id")]
)
def test_another_kind_takes_its_prefix_from_the_name(target: str, prefix: str) -> None:
    """And `id` where the name is no ID's."""
    assert _replaced("m()", "other", target)[0] == f'UnifiedIdGenerator.generate_base_id("{prefix}")'


def test_notes_say_what_the_call_still_needs() -> None:
    """A user to pass in, and the one call for a whole context; nothing where nothing is missing."""
    assert "no user is in scope" in _replaced("def f():\n    m()\n", "session", "x")[1]
    assert _replaced("def f(user_id):\n    m()\n", "session", "x")[1] == ""
    assert _replaced("def f(user_id):\n    m()\n", "run", "x")[1].startswith("thread, run and request of one context")
    both = _replaced("def f():\n    m()\n", "run", "x")[1]
    assert "no user is in scope" in both
    assert "; thread, run and request" in both
    assert _replaced("m()", "user", "x")[1] == ""
