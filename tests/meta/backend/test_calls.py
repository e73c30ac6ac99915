"""A call into a backend ends as its result, as a refusal, or as a sentence that says what broke and where."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from id_isolation.backend.optional import awaited, broke, called, place_of
from id_isolation.backend.protocol import BackendBroke, BackendRefused


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
        with pytest.raises(BackendBroke, match=rf"^mint raised {type(error).__name__}: .*test_calls\.py:\d+ in ") as e:
            await attempt()
        assert e.value.__cause__ is error


def test_a_plain_call_that_ends_the_program_is_a_break() -> None:
    """The program goes on."""
    with pytest.raises(BackendBroke, match="mint raised SystemExit: 3"):
        called("mint", _raising(SystemExit(3)))


def test_an_awaited_call_that_ends_the_program_is_a_break() -> None:
    """The event loop goes on, and so does whatever else runs in it."""

    async def others_go_on() -> str:
        with pytest.raises(BackendBroke, match=r"log_in raised SystemExit: 3 \(.*test_calls"):
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
    assert re.search(r"test_calls\.py:\d+ in inner$", place_of(caught.value))
    assert place_of(LookupError()) == "an unknown place"
