"""A user's socket puts everything that it sends and receives into the history, and waits within a bound."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from itertools import count
from typing import Any

import pytest
import pytest_asyncio

from id_isolation.backend.protocol import BackendBroke
from id_isolation.history import redaction
from id_isolation.history.events import FIVE_EVENTS, Act, Event
from id_isolation.world import delivery
from id_isolation.world.delivery import RUN_EVENTS
from id_isolation.world.socket_client import CANARY, Client, Principal
from id_isolation.world.socket_server import Hosted, hosted
from id_isolation.world.swarm import Swarm

from .backends import SmallBackend


@pytest_asyncio.fixture
async def swarm() -> AsyncIterator[Swarm]:
    """On a server that is right in everything."""
    backend = SmallBackend()
    async with hosted(backend) as site, Swarm(site, backend.tokens.issue) as swarm:
        yield swarm


async def _ana(swarm: Swarm) -> Client:
    return await swarm.open(await swarm.join("ana"))


def _steps(swarm: Swarm, act: Act) -> list[Event]:
    return [event for event in swarm.history if event.act is act]


def _line(swarm: Swarm, client: Client) -> Any:
    """The server's end of the client's connection."""
    assert isinstance(swarm.site, Hosted)
    return swarm.site.application.delivery.lines[client.connection_id]


async def test_a_run_is_in_the_history_from_its_start_to_its_last_event(swarm: Swarm) -> None:
    """With the user's own canary in each event, and the IDs that came on the line."""
    client = await _ana(swarm)
    task = await client.start()
    await client.sync()
    (opened,), (start,) = _steps(swarm, Act.CONNECT), _steps(swarm, Act.START)
    seen = _steps(swarm, Act.RECEIVE)
    assert opened.connection == client.connection_id
    assert (start.owner, start.task) == ("ana", task.number)
    assert [event.message for event in seen] == list(RUN_EVENTS)
    assert {(step.owner, step.task, step.run, step.thread, step.named) for step in seen} == {
        ("ana", task.number, task.run, task.thread, "ana")
    }
    assert task.complete


async def test_no_canary_and_no_token_is_in_the_history(swarm: Swarm) -> None:
    """Only whose they were."""
    client = await _ana(swarm)
    await client.start()
    await client.sync()
    text = repr(swarm.history)
    assert client.principal.secret not in text
    assert client.principal.token not in text


async def test_an_answer_is_given_and_a_line_that_closes_instead_gives_none(swarm: Swarm) -> None:
    """A refusal is an answer."""
    client = await _ana(swarm)
    answer = await client.ask({"type": "read_run", "run_id": "run_unknown"})
    assert answer is not None
    assert answer["code"] == "forbidden"
    await _line(swarm, client).close(1008, "no")
    assert await client.ask({"type": "read_run", "run_id": "run_unknown"}) is None


async def test_a_socket_that_the_server_closes_is_lost_with_its_code(swarm: Swarm) -> None:
    """It was not the client's wish."""
    client = await _ana(swarm)
    await _line(swarm, client).close(4001, "no")
    await client.closed.wait()
    assert client.code == 4001
    assert [step.note for step in _steps(swarm, Act.LOSE)] == ["code 4001"]
    assert _steps(swarm, Act.CLOSE) == []


async def test_a_socket_that_its_user_closes_is_not_lost(swarm: Swarm) -> None:
    """In mid-run, the open runs are cut; otherwise their rest is still expected."""
    for mid_run, cuts in ((True, 1), (False, 0)):
        client = await _ana(swarm)
        await client.start(hold=True)
        await client.sync()
        before = len(_steps(swarm, Act.CUT))
        await client.close(mid_run=mid_run)
        assert len(_steps(swarm, Act.CUT)) - before == cuts
    assert _steps(swarm, Act.LOSE) == []
    assert len(_steps(swarm, Act.CLOSE)) == 2


async def test_a_finished_run_and_one_of_another_socket_are_not_cut(swarm: Swarm) -> None:
    """Only what this socket still had open."""
    principal = await swarm.join("ana")
    first, second = await swarm.open(principal), await swarm.open(principal)
    await first.start()
    held = await first.start(hold=True)
    await second.start(hold=True)
    await first.sync()
    await first.close(mid_run=True)
    assert [step.task for step in _steps(swarm, Act.CUT)] == [held.number]


async def test_leaving_is_told_once(swarm: Swarm) -> None:
    """The first way counts, and one after the end does not."""
    client = await _ana(swarm)
    client.leaving("went")
    client.leaving("went again")
    await client.close()
    assert [step.note for step in _steps(swarm, Act.CLOSE)] == ["went"]


async def test_a_message_on_a_line_that_is_gone_raises_nothing(swarm: Swarm) -> None:
    """The history says that it is gone."""
    client = await _ana(swarm)
    await client.close()
    await client.send({"type": "sync"})
    await client.sync()
    assert client.closed.is_set()


async def test_a_held_run_goes_on_when_it_is_resumed_and_one_without_a_name_stays(swarm: Swarm) -> None:
    """A run whose first event never came cannot be named."""
    client = await _ana(swarm)
    task = await client.start(hold=True)
    await client.sync()
    assert task.events == 2
    await client.resume(task)
    await client.sync()
    assert task.complete
    unknown = client.principal.new_task(client.number, FIVE_EVENTS)
    await client.resume(unknown)
    await client.sync()
    assert client.answers == []


async def test_a_foreign_canary_is_noted_with_its_owner_and_does_not_count_as_the_own_run(swarm: Swarm) -> None:
    """Even where a message holds the own one too."""
    ana, ben = await _ana(swarm), await swarm.open(await swarm.join("ben"))
    own, other = ana.principal.new_task(ana.number, FIVE_EVENTS), ben.principal.new_task(ben.number, FIVE_EVENTS)
    crossed = {"type": RUN_EVENTS[0], "run_id": "r", "payload": [own.canary, other.canary]}
    await _line(swarm, ana).send(crossed)
    await ana.sync()
    (step,) = [step for step in _steps(swarm, Act.RECEIVE) if step.run == "r"]
    assert (step.user, step.owner, step.task) == ("ana", "ben", other.number)
    assert (own.events, other.events) == (0, 0)


@pytest.mark.parametrize("text", ["no JSON", "{}", '{"type": null}', "[1]", "7"])
async def test_a_message_that_is_no_event_is_in_the_history_all_the_same(swarm: Swarm, text: str) -> None:
    """Without a type or an ID."""
    client = await _ana(swarm)
    # The line's own `close` is the server's socket's; its `send` would make JSON of the text.
    await _line(swarm, client).close.__self__.send(text)
    await client.sync()
    (step,) = _steps(swarm, Act.RECEIVE)
    assert (step.run, step.owner, step.task) == ("", "", 0)


async def test_a_fence_without_its_number_is_not_reached(swarm: Swarm) -> None:
    """Nor does it end the reader."""
    client = await _ana(swarm)
    await _line(swarm, client).close.__self__.send('{"type": "synced", "number": "soon"}')
    await client.sync()
    assert not client.closed.is_set()


async def test_a_server_that_does_not_answer_in_time_is_broken(swarm: Swarm, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence names the user and what did not come."""
    client = await _ana(swarm)
    monkeypatch.setenv("ID_ISOLATION_TIME_UNIT", "0.005")
    with pytest.raises(BackendBroke, match=r"did not answer ana within 0\.05 s: no miracle"):
        await client.until(lambda: False, "miracle")
    monkeypatch.delenv("ID_ISOLATION_TIME_UNIT")
    await client.until(lambda: True, "nothing")


async def test_another_way_to_send_gets_the_same_message(swarm: Swarm) -> None:
    """With the canary, the thread and the wish to be held."""
    client = await _ana(swarm)
    sent: list[str] = []

    async def way(through: Client, text: str) -> None:
        assert through is client
        sent.append(text)

    task = await client.start(hold=True, thread="t", send=way)
    assert json.loads(sent[0]) == {
        "type": "start_run",
        "payload": {"canary": task.canary, "prompt": "summarise"},
        "hold": True,
        "thread_id": "t",
    }
    client.leaving("done")
    await asyncio.sleep(0)


def _user(name: str = "ana", numbers: count[int] | None = None) -> Principal:
    return Principal(name, "token", numbers or count(1))


def test_every_user_has_a_secret_of_its_own_and_every_run_its_canary() -> None:
    """The canary leads back to both."""
    numbers = count(1)
    ana, ben = _user("ana", numbers), _user("ben", numbers)
    tasks = [ana.new_task(1, FIVE_EVENTS), ben.new_task(2, FIVE_EVENTS), ana.new_task(1, FIVE_EVENTS)]
    assert ana.secret != ben.secret
    found = [CANARY.fullmatch(task.canary) for task in tasks]
    assert [match.groups() for match in found if match] == [(ana.secret, "1"), (ben.secret, "2"), (ana.secret, "3")]


def test_a_secret_is_redacted_under_its_users_name() -> None:
    """From the moment it exists; and it is not shown where a user is printed."""
    ana = _user("ana")
    assert ana.secret not in redaction.scrub_text(f"saw {ana.secret} here")
    assert ana.secret not in repr(ana)
    assert "token" not in repr(ana)


def test_a_run_is_complete_with_its_last_event_and_keeps_its_first_names() -> None:
    """Other messages do not count, and later events with other IDs are for the rules to judge."""
    task = _user().new_task(1, FIVE_EVENTS)
    task.seen("note", "r", "t")
    assert (task.events, task.run, task.complete) == (0, "", False)
    for type_ in RUN_EVENTS[:-1]:
        task.seen(type_, "r", "t")
    assert (task.events, task.complete) == (4, False)
    task.seen(RUN_EVENTS[-1], "r2", "t2")
    assert (task.events, task.complete, task.run, task.thread) == (5, True, "r", "t")


async def test_a_server_that_never_announced_it_is_not_asked_to_sync(
    swarm: Swarm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is anything sent to it."""
    monkeypatch.setattr(delivery, "FEATURES", ())
    client = await _ana(swarm)
    with pytest.raises(BackendBroke, match="does not say that it takes `sync`"):
        await client.sync()
