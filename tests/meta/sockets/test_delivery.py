"""The suite's own delivery gives events to the connection they belong to, and lets go of all that a line held."""

from __future__ import annotations

import pytest

from id_isolation.backend.protocol import BackendBroke, BackendRefused, Connection, ContextIds, Handshake
from id_isolation.world.delivery import Delivery, delivery_of

from ..bare import Bare
from .backends import SmallBackend
from .lines import line


@pytest.fixture
def delivery() -> Delivery:
    """On a small backend that is right in everything."""
    return Delivery(SmallBackend())


async def test_an_event_goes_to_the_runs_own_connection_and_into_its_log(delivery: Delivery) -> None:
    """To no other one, not even of the same user."""
    (first, sent), (second, other) = line("ana", 1), line("ana", 2)
    await delivery.open(first)
    await delivery.open(second)
    run = await delivery.begin(first, None)
    await delivery.deliver(run, {"type": "x"})
    assert (sent, other) == ([{"type": "x"}], [])
    assert run.log == [{"type": "x"}]


async def test_an_event_of_a_closed_connection_goes_to_nobody(delivery: Delivery) -> None:
    """Nor does it fail."""
    first, sent = line("ana", 1)
    await delivery.open(first)
    run = await delivery.begin(first, None)
    await delivery.close(first, clean=True)
    await delivery.deliver(run, {"type": "x"})
    assert sent == []


async def test_only_the_own_live_run_and_thread_may_be_named(delivery: Delivery) -> None:
    """Unknown ones, another user's, and ended ones may not; a message that names none may come."""
    (ana, _), (ben, _) = line("ana", 1), line("ben", 2)
    run = await delivery.begin(ana, None)
    name, thread = run.context.run, run.context.thread
    assert delivery.may_name(ana, name, thread)
    assert delivery.may_name(ana, None, None)
    assert not delivery.may_name(ben, name, None)
    assert not delivery.may_name(ben, None, thread)
    assert not delivery.may_name(ana, "run_unknown", None)
    assert not delivery.may_name(ana, None, "thread_unknown")
    await delivery.end(name, run)
    assert not delivery.may_name(ana, name, None)
    assert not delivery.may_name(ana, None, thread)


async def test_a_named_thread_is_carried_by_the_run_and_keeps_its_owner(delivery: Delivery) -> None:
    """The run's own ID is new."""
    (ana, _), (ben, _) = line("ana", 1), line("ben", 2)
    first = await delivery.begin(ana, None)
    again = await delivery.begin(ben, first.context.thread)
    assert again.context.thread == first.context.thread
    assert again.context.run != first.context.run
    assert delivery.threads[first.context.thread] == "ana"


async def test_a_line_that_closes_takes_its_own_runs_and_resources_and_no_others(delivery: Delivery) -> None:
    """The other connection of the same user goes on."""
    (first, _), (second, _) = line("ana", 1), line("ana", 2)
    for each in (first, second):
        await delivery.open(each)
    for each in (first, first, second):
        await delivery.begin(each, None)
    assert await delivery.held() == {"connections": 2, "runs": 3, "resources": 3}
    await delivery.close(first, clean=False)
    assert await delivery.held() == {"connections": 1, "runs": 1, "resources": 1}
    await delivery.close(second, clean=True)
    assert await delivery.held() == {"connections": 0, "runs": 0, "resources": 0}
    assert delivery.threads == {}


async def test_a_late_close_leaves_the_line_that_came_in_its_place(delivery: Delivery) -> None:
    """Two lines with one connection ID: the old one's end is not the new one's."""
    (old, _), (new, sent) = line("ana", 1), line("ana", 1)
    await delivery.open(old)
    await delivery.open(new)
    run = await delivery.begin(new, None)
    await delivery.close(old, clean=False)
    await delivery.deliver(run, {"type": "x"})
    assert sent == [{"type": "x"}]
    assert (await delivery.held())["connections"] == 1


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


async def test_a_refused_handshake_is_not_admitted(delivery: Delivery) -> None:
    """The refusal goes through."""
    with pytest.raises(BackendRefused):
        await delivery.admit(Handshake.bearing("of nobody"))


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
