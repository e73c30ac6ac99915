"""A connection's messages start and steer its runs, and what is no message is answered and not obeyed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosedError

from id_isolation.world import delivery
from id_isolation.world.delivery import Delivery, Run, Runs

from .backends import SmallBackend
from .lines import line, settled


class _Bench:
    """One connection's runs, what was sent to it, and what broke."""

    def __init__(self, delivery: Delivery | None = None, user: str = "ana", number: int = 1) -> None:
        self.delivery = delivery or Delivery(SmallBackend())
        self.line, self.sent = line(user, number)
        self.broken: list[BaseException] = []
        self.runs = Runs(self.delivery, self.line, self.broken.append)

    async def say(self, message: object) -> None:
        await self.runs.take(message if isinstance(message, (str, bytes)) else json.dumps(message))
        await settled()

    def types(self) -> list[str]:
        return [str(message["type"]) for message in self.sent]


@pytest.fixture
async def bench() -> _Bench:
    """A connection that is open."""
    made = _Bench()
    await made.delivery.open(made.line)
    return made


async def test_a_run_sends_its_five_events_in_order_with_what_it_was_given(bench: _Bench) -> None:
    """Each names the same user, thread and run."""
    await bench.say({"type": "start_run", "payload": {"a": 1}})
    assert bench.types() == list(delivery.RUN_EVENTS)
    assert [event["payload"] for event in bench.sent] == [{"step": n, "input": {"a": 1}} for n in range(5)]
    assert len({(event["user_id"], event["thread_id"], event["run_id"]) for event in bench.sent}) == 1


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '"start_run"', "null", "{}", '{"type": 1}', '{"type": ["sync"]}', '{"type": "other"}', b"\xff"],
)
async def test_what_is_no_known_message_is_answered_and_starts_nothing(bench: _Bench, text: str | bytes) -> None:
    """With the code of a bad message; the connection goes on."""
    await bench.say(text)
    assert [(message["type"], message["code"]) for message in bench.sent] == [("error", "bad_message")]
    assert bench.delivery.runs == {}
    assert bench.broken == []


@pytest.mark.parametrize("kind", ["start_run", "resume_run", "cancel_run", "read_run", "sync"])
async def test_a_message_that_names_somebody_elses_run_or_thread_is_forbidden(bench: _Bench, kind: str) -> None:
    """And has no effect on it."""
    other = _Bench(bench.delivery, "ben", 2)
    await bench.delivery.open(other.line)
    await other.say({"type": "start_run", "hold": True})
    (run,) = bench.delivery.runs.values()
    for named in ({"run_id": run.context.run}, {"thread_id": run.context.thread}):
        await bench.say({"type": kind, **named})
    assert [message.get("code") for message in bench.sent] == ["forbidden"] * 2
    assert run.waiting
    assert list(bench.delivery.runs.values()) == [run]


async def test_a_held_run_stops_before_its_third_event_until_it_is_resumed(bench: _Bench) -> None:
    """Then the rest comes."""
    await bench.say({"type": "start_run", "hold": True})
    assert bench.types() == list(delivery.RUN_EVENTS[:2])
    await bench.say({"type": "resume_run", "run_id": bench.sent[0]["run_id"]})
    assert bench.types() == list(delivery.RUN_EVENTS)


async def test_a_cancelled_run_sends_nothing_more_and_breaks_nothing(bench: _Bench) -> None:
    """Another one of the connection goes on."""
    await bench.say({"type": "start_run", "hold": True})
    await bench.say({"type": "start_run", "hold": True})
    first, second = bench.sent[0]["run_id"], bench.sent[2]["run_id"]
    await bench.say({"type": "cancel_run", "run_id": first})
    for run in (first, second):
        await bench.say({"type": "resume_run", "run_id": run})
    assert [message["run_id"] for message in bench.sent[4:]] == [second] * 3
    assert bench.broken == []


async def test_a_run_may_be_read_with_all_its_events(bench: _Bench) -> None:
    """As they were sent."""
    await bench.say({"type": "start_run", "hold": True})
    run = bench.sent[0]["run_id"]
    await bench.say({"type": "read_run", "run_id": run})
    assert bench.sent[2] == {"type": "run_log", "run_id": run, "events": bench.sent[:2]}


async def test_a_sync_is_answered_when_no_run_is_at_work_any_more(bench: _Bench) -> None:
    """After the last event of one that works; at once beside one that is held; each by its number."""
    await bench.runs.take(json.dumps({"type": "start_run"}))
    await bench.say({"type": "sync", "number": 7})
    assert bench.types() == [*delivery.RUN_EVENTS, "synced"]
    await bench.say({"type": "start_run", "hold": True})
    await bench.say({"type": "sync", "number": 8})
    assert bench.sent[-1] == {"type": "synced", "number": 8}
    assert bench.types().count("synced") == 2


async def test_a_sync_waits_for_every_run_that_is_at_work(bench: _Bench) -> None:
    """One held run does not answer for another."""
    await bench.runs.take(json.dumps({"type": "start_run", "hold": True}))
    await bench.runs.take(json.dumps({"type": "start_run"}))
    await bench.say({"type": "sync", "number": 1})
    assert bench.types().index("synced") > bench.types().index("agent_completed")


async def test_a_run_that_was_resumed_is_at_work_again(bench: _Bench) -> None:
    """A sync behind it waits for its end."""
    await bench.say({"type": "start_run", "hold": True})
    await bench.runs.take(json.dumps({"type": "resume_run", "run_id": bench.sent[0]["run_id"]}))
    await bench.say({"type": "sync", "number": 1})
    assert bench.types() == [*delivery.RUN_EVENTS, "synced"]


class _Fails(Delivery):
    error: BaseException = RuntimeError("lost the table")

    async def deliver(self, run: Run, event: Mapping[str, Any]) -> None:
        raise self.error


async def test_a_run_that_ends_badly_is_told_and_a_line_that_is_gone_is_not_bad() -> None:
    """The first thing is the backend's fault, the second the client's wish."""
    for error, told in ((RuntimeError("lost the table"), True), (ConnectionClosedError(None, None), False)):
        delivery = _Fails(SmallBackend())
        delivery.error = error
        bench = _Bench(delivery)
        await bench.say({"type": "start_run"})
        assert bench.broken == ([error] if told else [])


async def test_stopping_ends_every_run_where_it_stands(bench: _Bench) -> None:
    """Nothing is sent after it."""
    await bench.say({"type": "start_run", "hold": True})
    run = next(iter(bench.delivery.runs.values()))
    bench.runs.stop()
    run.resumed.set()
    await settled()
    assert bench.types() == list(delivery.RUN_EVENTS[:2])
    assert run.task is not None
    assert run.task.cancelled()
    assert bench.broken == []
