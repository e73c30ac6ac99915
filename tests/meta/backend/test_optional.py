"""What a backend may have besides its ports is given where it is there, and is nothing where it is not.

A thread is shared where the backend says so, and with nobody else. One of everything is minted, as plain data with its
kind and user. A call into a backend ends as its result, as a refusal, or as a sentence that says what broke and where.
"""

from __future__ import annotations

import asyncio
import contextvars
import re
from collections import Counter
from collections.abc import Callable
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from id_isolation.backend import optional
from id_isolation.backend.optional import (
    awaited,
    broke,
    called,
    mint_every_kind,
    nobody_shares,
    parts_of,
    place_of,
    policy_of,
)
from id_isolation.backend.protocol import BackendBroke, BackendRefused, ContextIds
from id_isolation.plan.kinds import Kind

from ..bare import Bare

pytestmark = pytest.mark.quick


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
        ("users_to_judge", optional.known_users),
    ],
)
def test_a_further_method_is_found_by_its_name(name: str, look_up: Callable[[Any], Any]) -> None:
    """And by no other; without it there is None."""
    given = object()
    assert look_up(SimpleNamespace(**{name: given})) is given
    assert look_up(Bare()) is None


def test_an_empty_list_of_users_is_a_list_and_not_none() -> None:
    """A backend that lets nobody in is not one that takes whoever comes."""
    assert optional.known_users(SimpleNamespace(users_to_judge=())) == ()


@pytest.mark.parametrize(("said", "remote"), [(True, True), (1, True), (False, False), (None, False)])
def test_a_backend_is_remote_only_where_it_says_so(said: object, remote: bool) -> None:
    """One that says nothing lives in this process."""
    assert optional.is_remote(SimpleNamespace(remote=said)) is remote
    assert optional.is_remote(Bare()) is False


@pytest.mark.parametrize("said", [True, False])
def test_stored_sessions_end_by_age_only_where_the_port_says_so(said: bool) -> None:
    """One that says nothing may keep its sessions for ever."""
    assert optional.ends_by_age(SimpleNamespace(expires=said)) is said
    assert optional.ends_by_age(SimpleNamespace()) is False


def test_a_backend_is_closed_by_its_own_method_once() -> None:
    """One without such a method has nothing to end."""
    calls: list[str] = []
    optional.close(SimpleNamespace(close=lambda: calls.append("closed")))
    optional.close(Bare())
    assert calls == ["closed"]


def test_an_error_on_closing_is_not_swallowed() -> None:
    """Whoever closes decides what to do with it."""

    def fail() -> None:
        raise RuntimeError("still busy")

    with pytest.raises(RuntimeError, match="still busy"):
        optional.close(SimpleNamespace(close=fail))


def test_a_declared_sharing_is_the_policy_and_without_one_nobody_shares() -> None:
    """Not even with oneself: who may take part is for the caller to ask."""
    policy = policy_of(SimpleNamespace(shares=lambda thread, user: (thread, user) == ("t", "bob")))
    assert policy("t", "bob")
    assert not policy("t", "eve")
    assert policy_of(Bare()) is nobody_shares
    assert policy_of(Bare())("t", "bob") is False


class _Minting:
    """Numbers what it mints, and remembers the operations."""

    def __init__(self) -> None:
        self.numbers = count()
        self.operations: list[str] = []

    def kinds(self) -> list[Kind]:
        return [Kind.SESSION, Kind.CONNECTION]

    def mint(self, kind: Kind, user: str) -> str:
        return f"{kind}-{user}-{next(self.numbers)}"

    def mint_context(self, user: str, operation: str) -> ContextIds:
        self.operations.append(operation)
        number = next(self.numbers)
        return ContextIds(user, f"t{number}", f"r{number}", f"q{number}")


def test_a_context_has_three_ids_each_of_its_own_kind() -> None:
    """With the context's user."""
    assert parts_of(ContextIds("alice", "t", "r", "q")) == [
        (Kind.THREAD, "t", "alice"),
        (Kind.RUN, "r", "alice"),
        (Kind.REQUEST, "q", "alice"),
    ]


@pytest.mark.parametrize("times", [0, 1, 3])
def test_so_many_of_every_kind_and_so_many_contexts_are_minted(times: int) -> None:
    """Each of them anew, for the one user."""
    minting = _Minting()
    minted = mint_every_kind(minting, "alice", times, "import")  # type: ignore[arg-type]
    kinds = Counter(kind for kind, _, _ in minted)
    assert set(kinds.values()) <= {times}
    assert len(kinds) == (5 if times else 0)
    assert len({text for _, text, _ in minted}) == len(minted)
    assert {user for _, _, user in minted} <= {"alice"}
    assert minting.operations == ["import"] * times


def _raising(error: BaseException) -> Callable[[], Any]:
    def fail() -> Any:
        raise error

    return fail


async def _later(error: BaseException | None) -> str:
    if error is not None:
        raise error
    return "result"


def test_a_result_is_handed_on() -> None:
    """None too."""
    assert called("mint", lambda: "id") == "id"
    assert called("mint", lambda: None) is None


async def test_an_awaited_result_is_handed_on() -> None:
    """As it is."""
    assert await awaited("log_in", _later(None)) == "result"


@pytest.mark.parametrize("error", [BackendRefused("no"), BackendBroke("told already")])
async def test_what_a_driver_has_told_already_passes_through(error: Exception) -> None:
    """The very same exception."""
    with pytest.raises(type(error)) as plain:
        called("mint", _raising(error))
    with pytest.raises(type(error)) as later:
        await awaited("log_in", _later(error))
    assert plain.value is later.value is error


async def test_a_value_error_is_a_refusal_of_a_plain_call_and_a_break_of_an_awaited_one() -> None:
    """The cause is kept either way."""
    error = ValueError("blank user")
    with pytest.raises(BackendRefused, match=r"^blank user$") as plain:
        called("mint", _raising(error))
    with pytest.raises(BackendBroke, match="log_in raised ValueError: blank user") as later:
        await awaited("log_in", _later(error))
    assert plain.value.__cause__ is later.value.__cause__ is error


@pytest.mark.parametrize("error", [KeyError("slot"), RecursionError(), OSError("gone")])
async def test_anything_else_is_a_break_with_its_name_and_place(error: Exception) -> None:
    """The cause is kept."""
    for attempt in (lambda: asyncio.sleep(0, called("mint", _raising(error))), lambda: awaited("mint", _later(error))):
        with pytest.raises(
            BackendBroke, match=rf"^mint raised {type(error).__name__}: .*test_optional\.py:\d+ in "
        ) as e:
            await attempt()
        assert e.value.__cause__ is error


def test_a_plain_call_that_ends_the_program_is_a_break() -> None:
    """The program goes on."""
    with pytest.raises(BackendBroke, match="mint raised SystemExit: 3"):
        called("mint", _raising(SystemExit(3)))


def test_an_awaited_call_that_ends_the_program_is_a_break() -> None:
    """The event loop goes on, and so does whatever else runs in it."""

    async def others_go_on() -> str:
        with pytest.raises(BackendBroke, match=r"log_in raised SystemExit: 3 \(.*test_optional"):
            await awaited("log_in", _later(SystemExit(3)))
        return await awaited("log_in", _later(None))

    assert asyncio.run(others_go_on()) == "result"


def test_source_that_is_no_python_is_placed_where_it_is_wrong(tmp_path: Path) -> None:
    """The file and line of the mistake, not those of whoever imports it."""
    with pytest.raises(SyntaxError) as error:
        compile("a = 1\ndef (:\n", str(tmp_path / "wrong.py"), "exec")
    assert place_of(error.value) == f"{tmp_path / 'wrong.py'}:2"


def test_an_interrupt_is_not_taken_for_the_backends_fault() -> None:
    """It goes through."""
    with pytest.raises(KeyboardInterrupt):
        called("mint", _raising(KeyboardInterrupt()))


async def test_a_call_that_hangs_is_given_up_and_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the time that it had."""
    monkeypatch.setenv("ID_ISOLATION_TIME_UNIT", "0.01")
    ended: list[str] = []

    async def hang() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    with pytest.raises(BackendBroke, match=r"^log_in did not end within 0\.03 s; it hangs$"):
        await awaited("log_in", hang())
    await asyncio.sleep(0)
    assert ended == ["cancelled"]


async def test_a_call_that_cancels_itself_is_a_break() -> None:
    """It would else end the check like a wish of the suite's own."""
    with pytest.raises(BackendBroke, match="log_in was cancelled from inside"):
        await awaited("log_in", _later(asyncio.CancelledError()))


async def test_who_gives_the_call_up_gives_it_up_in_the_backend_too() -> None:
    """As a server does when its client is gone."""
    ended: list[str] = []
    started = asyncio.Event()

    async def work() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    task = asyncio.ensure_future(awaited("log_in", work()))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.sleep(0)
    assert ended == ["cancelled"]


def test_a_sentence_is_one_line_of_bounded_length() -> None:
    """Whatever the message was; an empty one is said to be none."""
    long = broke("mint", ValueError("a\nb\t c " + "x" * 1000))
    assert re.fullmatch(r"mint raised ValueError: a b c x{294} \(an unknown place\)", str(long))
    assert "KeyError: no message" in str(broke("mint", KeyError()))


def test_the_place_is_the_innermost_frame() -> None:
    """File, line and function."""

    def inner() -> None:
        raise LookupError

    with pytest.raises(LookupError) as caught:
        inner()
    assert re.search(r"test_optional\.py:\d+ in inner$", place_of(caught.value))
    assert place_of(LookupError()) == "an unknown place"


def test_what_a_call_leaves_in_a_context_variable_is_there_for_its_caller() -> None:
    """As it would be without a task in between; what a caller sets is seen by the call."""
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="nobody")

    async def call() -> str:
        before = variable.get()
        variable.set("ana")
        return before

    async def twice() -> tuple[str, str]:
        return await awaited("a call", call()), await awaited("a call", call())

    assert asyncio.run(twice()) == ("nobody", "ana")
