"""The values that reach a place's targets are found wherever they are given."""

from __future__ import annotations

import ast

import pytest

from id_isolation.scan.places.targets import context_targets, named_targets

from ..parsed import known

_NAMES = frozenset(["session_id", "run_id"])


def _named(text: str) -> list[tuple[str, str]]:
    source = known(f"def place():\n    {text}\n")
    inside = source.module.functions[0]
    return [(item.name, ast.unparse(item.value)) for item in named_targets(source, inside, _NAMES)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("session_id = f()", "f()"),
        ("session_id: str = f()", "f()"),
        ("session_id += f()", "f()"),
        ("use(session_id := f())", "f()"),
        ("self.session_id = f()", "f()"),
        ("d['session_id'] = f()", "f()"),
        ("d = {'session_id': f()}", "f()"),
        ("make(session_id=f())", "f()"),
        ("d.setdefault('session_id', f())", "f()"),
        ("setattr(d, 'session_id', f())", "f()"),
        ("d.__setitem__('session_id', f())", "f()"),
        ("a, session_id = f()", "f()[1]"),
        ("a, session_id = f(), g()", "g()"),
        ("(a, (session_id, b)) = f()", "f()[1][0]"),
        ("other = session_id = f()", "f()"),
    ],
)
def test_a_target_is_found_in_every_way_of_giving_a_value(text: str, value: str) -> None:
    """Assignments, keys, keywords and stores; of an unpacking, its own item."""
    assert _named(text) == [("session_id", value)]


@pytest.mark.parametrize(
    "text",
    [
        "session_id: str",
        "x = session_id",
        "session = f()",
        "d.get('session_id', f())",
        "setattr('session_id', f(), g())",
        "d.setdefault(session_id, f())",
        "d = {session_id: f()}",
    ],
)
def test_reading_declaring_or_another_name_gives_nothing(text: str) -> None:
    """A key that is itself a variable is not the name."""
    assert _named(text) == []


def test_all_targets_are_found_in_one_place() -> None:
    """In inner functions too; outside it none."""
    source = known("session_id = out()\ndef place():\n    session_id = f()\n    def g():\n        run_id = h()\n")
    found = named_targets(source, source.module.functions[0], _NAMES)
    assert sorted(ast.unparse(item.value) for item in found) == ["f()", "h()"]


def _context(text: str) -> list[tuple[str, str]]:
    source = known(f"from services import UserExecutionContext, Other\ndef place():\n    {text}\n")
    found = context_targets(source, source.module.functions[0])
    return [(item.name, ast.unparse(item.value)) for item in found]


@pytest.mark.parametrize("maker", ["", ".from_request_supervisor", ".create_for_user", ".for_request", ".new"])
def test_the_contexts_own_makers_are_known(maker: str) -> None:
    """The class and its constructors."""
    assert _context(f"UserExecutionContext{maker}(run_id=f())") == [("run_id", "f()")]


@pytest.mark.parametrize("call", ["Other(run_id=f())", "UserExecutionContext.validate(run_id=f())", "make(run_id=f())"])
def test_another_call_makes_no_context(call: str) -> None:
    """Whatever its keywords are called."""
    assert _context(call) == []


def test_the_context_is_known_under_an_alias() -> None:
    """As the import says."""
    source = known("from services import UserExecutionContext as U\ndef place():\n    U(run_id=f())\n")
    assert [item.name for item in context_targets(source, source.module.functions[0])] == ["run_id"]


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        ("u(), t(), r(), q()", [("user_id", "u()"), ("thread_id", "t()"), ("run_id", "r()"), ("request_id", "q()")]),
        ("u(), metadata={}", [("user_id", "u()")]),
        (
            "**d",
            [(name, f"d['{name}']") for name in ("user_id", "thread_id", "run_id", "request_id")],
        ),
        (
            "u(), *rest",
            [("user_id", "u()"), ("thread_id", "rest[0]"), ("run_id", "rest[1]"), ("request_id", "rest[2]")],
        ),
    ],
)
def test_arguments_reach_the_context_by_place_key_or_star(arguments: str, given: list[tuple[str, str]]) -> None:
    """In the order of the class: user, thread, run, request."""
    assert _context(f"UserExecutionContext({arguments})") == given


def test_targets_of_one_call_share_a_site_and_two_calls_have_two() -> None:
    """The line at which they are handed over; a plain name has none."""
    source = known(
        "from services import UserExecutionContext as U\ndef place():\n    U(run_id=a, thread_id=b)\n    U(run_id=c)\n"
    )
    inside = source.module.functions[0]
    assert [item.site for item in context_targets(source, inside)] == [3, 3, 4]
    assert [item.site for item in named_targets(source, inside, _NAMES)] == [0, 0]
