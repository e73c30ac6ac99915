"""What a loop knows of the threads that work for it."""

from __future__ import annotations

import asyncio
import contextlib
import threading

from id_isolation.schedules.tasks import ListeningLoop
from id_isolation.timing import units


@contextlib.contextmanager
def _loop():
    with contextlib.closing(ListeningLoop()) as loop:
        yield loop
        loop.run_until_complete(loop.shutdown_default_executor())


def test_a_thread_is_at_work_until_its_answer_is_heard():
    """Asked for, under way, and over."""
    with _loop() as loop:
        free = threading.Event()

        async def ask() -> list[bool]:
            before = loop.outside()
            asked = asyncio.ensure_future(asyncio.to_thread(free.wait))
            await asyncio.sleep(0)
            meanwhile = loop.outside()
            free.set()
            await asked
            return [before, meanwhile, loop.outside()]

        assert loop.run_until_complete(ask()) == [False, True, False]


def test_an_answer_that_nobody_waits_for_any_more_is_none():
    """A cancelled wait leaves nobody at work, and neither does the end of a run."""
    with _loop() as loop:
        free = threading.Event()

        async def ask() -> list[bool]:
            asked = loop.run_in_executor(None, free.wait)
            asked.cancel()
            cancelled = loop.at_work()
            again = loop.run_in_executor(None, free.wait)
            loop.forget_answers()
            left = loop.at_work()
            free.set()
            await again
            return [cancelled, left]

        assert loop.run_until_complete(ask()) == [False, False]


def test_a_poll_ends_when_an_answer_comes_or_the_time_is_over():
    """It tells which of the two it was."""
    with _loop() as loop:
        assert not loop.poll(0)
        threading.Timer(units(0.01), lambda: loop.call_soon_threadsafe(str)).start()
        assert loop.poll(units(20))
