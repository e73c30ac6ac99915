"""The suite's own delivery gives events to the connection they belong to, and lets go of all that a line held.

A connection's messages start and steer its runs, and what is no message is answered and not obeyed. Any text survives
its way through a header, and an event names what its context names.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosedError

from id_isolation.backend.protocol import BackendBroke, BackendRefused, Connection, ContextIds, Handshake
from id_isolation.world import delivery
from id_isolation.world.delivery import Delivery, Run, Runs, delivery_of, event, from_header, in_header, refusal

from ..bare import Bare
from .backends import SmallBackend
from .lines import line, settled

pytestmark = pytest.mark.quick


@pytest.fixture
def own_delivery() -> Delivery:
    """On a small backend that is right in everything."""
    return Delivery(SmallBackend())


async def test_an_event_goes_to_the_runs_own_connection_and_into_its_log(own_delivery: Delivery) -> None:
    """To no other one, not even of the same user."""
    (first, sent), (second, other) = line("ana", 1), line("ana", 2)
    await own_delivery.open(first)
    await own_delivery.open(second)
    run = await own_delivery.begin(first, None)
    await own_delivery.deliver(run, {"type": "x"})
    assert (sent, other) == ([{"type": "x"}], [])
    assert run.log == [{"type": "x"}]


async def test_an_event_of_a_closed_connection_goes_to_nobody(own_delivery: Delivery) -> None:
    """Nor does it fail."""
    first, sent = line("ana", 1)
    await own_delivery.open(first)
    run = await own_delivery.begin(first, None)
    await own_delivery.close(first, clean=True)
    await own_delivery.deliver(run, {"type": "x"})
    assert sent == []


async def test_only_the_own_live_run_and_thread_may_be_named(own_delivery: Delivery) -> None:
    """Unknown ones, another user's, and ended ones may not; a message that names none may come."""
    (ana, _), (ben, _) = line("ana", 1), line("ben", 2)
    run = await own_delivery.begin(ana, None)
    name, thread = run.context.run, run.context.thread
    assert own_delivery.may_name(ana, name, thread)
    assert own_delivery.may_name(ana, None, None)
    assert not own_delivery.may_name(ben, name, None)
    assert not own_delivery.may_name(ben, None, thread)
    assert not own_delivery.may_name(ana, "run_unknown", None)
    assert not own_delivery.may_name(ana, None, "thread_unknown")
    await own_delivery.end(name, run)
    assert not own_delivery.may_name(ana, name, None)
    assert not own_delivery.may_name(ana, None, thread)


async def test_a_named_thread_is_carried_by_the_run_and_keeps_its_owner(own_delivery: Delivery) -> None:
    """The run's own ID is new."""
    (ana, _), (ben, _) = line("ana", 1), line("ben", 2)
    first = await own_delivery.begin(ana, None)
    again = await own_delivery.begin(ben, first.context.thread)
    assert again.context.thread == first.context.thread
    assert again.context.run != first.context.run
    assert own_delivery.threads[first.context.thread] == "ana"


async def test_a_line_that_closes_takes_its_own_runs_and_resources_and_no_others(own_delivery: Delivery) -> None:
    """The other connection of the same user goes on."""
    (first, _), (second, _) = line("ana", 1), line("ana", 2)
    for each in (first, second):
        await own_delivery.open(each)
    for each in (first, first, second):
        await own_delivery.begin(each, None)
    assert await own_delivery.held() == {"connections": 2, "runs": 3, "resources": 3}
    await own_delivery.close(first, clean=False)
    assert await own_delivery.held() == {"connections": 1, "runs": 1, "resources": 1}
    await own_delivery.close(second, clean=True)
    assert await own_delivery.held() == {"connections": 0, "runs": 0, "resources": 0}
    assert own_delivery.threads == {}


async def test_a_late_close_leaves_the_line_that_came_in_its_place(own_delivery: Delivery) -> None:
    """Two lines with one connection ID: the old one's end is not the new one's."""
    (old, _), (new, sent) = line("ana", 1), line("ana", 1)
    await own_delivery.open(old)
    await own_delivery.open(new)
    run = await own_delivery.begin(new, None)
    await own_delivery.close(old, clean=False)
    await own_delivery.deliver(run, {"type": "x"})
    assert sent == [{"type": "x"}]
    assert (await own_delivery.held())["connections"] == 1


async def test_a_token_is_valid_while_it_stands_for_the_same_user() -> None:
    """Withdrawn or given to another user, it is not."""
    backend = SmallBackend()
    delivery = Delivery(backend)
    for change, valid in ((None, True), ("withdraw", False), ("reassign", False)):
        token = await backend.tokens.issue("ana")
        ana, _ = line("ana", 1, token)
        if change == "withdraw":
            await backend.tokens.withdraw(token)
        elif change == "reassign":
            await backend.tokens.reassign(token, "ben")
        assert await delivery.still_valid(ana) is valid


async def test_a_refused_handshake_is_not_admitted(own_delivery: Delivery) -> None:
    """The refusal goes through."""
    with pytest.raises(BackendRefused):
        await own_delivery.admit(Handshake.bearing("of nobody"))


class _Contexts:
    async def open_anonymous(self) -> ContextIds:
        return ContextIds("nobody", "t_dispatcher", "r", "q")


async def test_a_run_takes_its_context_from_generator_then_connection_then_dispatcher() -> None:
    """In the user's name; a backend without any of them cannot be judged here."""
    ana, _ = line("ana", 1)
    own = ContextIds("ana", "t_connection", "r", "q")
    ana_with = line("ana", 2)[0]
    ana_with.connection = Connection("ws_2", "ana", own)
    minted = Delivery(SmallBackend())
    bare = Delivery(Bare(sockets=object(), contexts=_Contexts()))
    assert (await minted.context(ana_with)).thread not in ("t_connection", "t_dispatcher")
    assert await bare.context(ana_with) == own
    assert await bare.context(ana) == ContextIds("ana", "t_dispatcher", "r", "q")
    with pytest.raises(BackendBroke, match="minting, sockets or contexts"):
        await Delivery(Bare(sockets=object())).context(ana)


async def test_a_backend_without_clean_up_holds_no_resources() -> None:
    """Its runs come and go all the same."""
    delivery = Delivery(Bare(sockets=object(), contexts=_Contexts()))
    ana, _ = line("ana", 1)
    await delivery.begin(ana, None)
    assert await delivery.held() == {"connections": 0, "runs": 1, "resources": 0}
    await delivery.close(ana, clean=True)
    assert await delivery.held() == {"connections": 0, "runs": 0, "resources": 0}


def test_a_client_without_a_name_is_known_by_its_connection() -> None:
    """So two of them are not one."""
    assert line("", 1)[0].user == "ws_1"
    assert line("ana", 1)[0].user == "ana"


def test_a_backend_without_sockets_cannot_deliver_and_one_may_name_its_own_way() -> None:
    """The sentence names the port."""

    class Own(Delivery):
        pass

    with pytest.raises(BackendBroke, match="no port `sockets`"):
        Delivery(Bare())
    assert delivery_of(SmallBackend(Own)) is Own
    assert delivery_of(SmallBackend()) is Delivery


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


@pytest.mark.parametrize(
    "text", ["", "ana.silva", "a b\r\nx: y", "a,b;c=d/%41", "äö€\u202e", "\ud800", "\0", "x" * 500]
)
def test_a_text_comes_out_of_a_header_as_it_went_in(text: str) -> None:
    """And what is in the header is plain ASCII that ends no line and splits no list."""
    header = in_header(text)
    assert from_header(header) == text
    assert header.isascii()
    assert not set(header) & set("\r\n,; /\0")


def test_an_event_carries_its_contexts_names() -> None:
    """User, thread and run, each in its own field."""
    made = event("agent_started", ContextIds("ana", "t", "r", "q"), {"step": 0})
    assert {name: made[name] for name in made if name != "timestamp"} == {
        "type": "agent_started",
        "user_id": "ana",
        "thread_id": "t",
        "run_id": "r",
        "payload": {"step": 0},
    }
    assert isinstance(made["timestamp"], float)


def test_the_words_on_the_line_are_the_protocols() -> None:
    """Adapters of other systems speak them; the plan names the events and the close code."""
    events = "agent_started agent_thinking tool_executing tool_completed agent_completed"
    assert list(delivery.RUN_EVENTS) == events.split()
    assert (delivery.ESTABLISHED, delivery.REFUSED) == ("connection_established", 1008)
    asked = (delivery.START, delivery.RESUME, delivery.CANCEL, delivery.READ, delivery.SYNC)
    assert asked == ("start_run", "resume_run", "cancel_run", "read_run", "sync")
    assert (delivery.SYNCED, delivery.RUN_LOG, delivery.ERROR) == ("synced", "run_log", "error")
    assert delivery.FEATURES == ("hold", "sync", "commands", "threads")


def test_a_refusal_is_an_error_with_its_code() -> None:
    """And a sentence for the reader."""
    assert refusal("forbidden", "not yours") == {"type": "error", "code": "forbidden", "detail": "not yours"}
