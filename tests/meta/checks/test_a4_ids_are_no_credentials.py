"""Tests of A4: IDs that are presented as tokens at log-in and in handshakes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from id_isolation.backend.protocol import BackendBroke, BackendRefused, Connection, Handshake, Session
from id_isolation.checks.a4_ids_are_no_credentials import an_id_connects_nobody, an_id_logs_nobody_in
from id_isolation.plan.kinds import Surface

from .token_service import VICTIM, Opens, Service, judged

CARRIERS = {Surface.AUTH: an_id_logs_nobody_in, Surface.WEBSOCKET: an_id_connects_nobody}
OPENED = {Surface.AUTH: "session", Surface.WEBSOCKET: "connection"}


def _whose(fits: Callable[[str, Session], bool]) -> Opens:
    """The user of the session that a text fits."""
    return lambda service, text: next((one.user for one in service.kept.values() if fits(text, one)), None)


class _Once(Service):
    """A token lets its user in once, here or there."""

    async def connect(self, handshake: Handshake) -> Connection:
        if handshake.token in self.kept:
            raise BackendRefused("used up")
        return await super().connect(handshake)


class _Crashes(Service):
    """Splits what it is given, and refuses nothing on purpose."""

    cause: Exception | None = ValueError("not enough values to unpack")

    def user_of(self, token: str) -> str:
        if token not in self.users:
            raise BackendBroke("log_in gave no session") from self.cause
        return super().user_of(token)


class _AnswersOddly(_Crashes):
    """Nothing crashes, and what is answered is neither a session nor a refusal."""

    cause = None


class _RecordsFirst(Service):
    """Puts a session on record before it asks whose the token is."""

    async def log_in(self, token: str) -> Session:
        self.kept.setdefault(token, Session("nobody", f"session_auth_nobody_{self.tail()}"))
        return await super().log_in(token)


class _LogsOut(Service):
    """Takes whoever presents a session ID for somebody who logs out."""

    async def log_in(self, token: str) -> Session:
        self.kept = {own: session for own, session in self.kept.items() if session.session_id != token}
        return await super().log_in(token)


@pytest.mark.parametrize("surface", CARRIERS)
@pytest.mark.parametrize("make", [Service, _Once, _Crashes])
def test_a_service_that_asks_whose_a_token_is_opens_nothing(make: type[Service], surface: Surface) -> None:
    """A crash opens nothing either; and every form of every ID was presented."""
    service = make()
    world, found = judged(CARRIERS[surface], service, surface)
    assert found == {}
    assert world.judged_count > 80
    assert service.kept == {}


def test_an_answer_that_is_neither_a_session_nor_a_refusal_is_no_pass() -> None:
    """Nobody can tell what it opened."""
    with pytest.raises(BackendBroke, match="gave no session"):
        judged(CARRIERS[Surface.AUTH], _AnswersOddly(), Surface.AUTH)


@pytest.mark.parametrize("surface", CARRIERS)
@pytest.mark.parametrize(
    ("opens", "what"),
    [
        (_whose(lambda text, one: text == one.session_id), "The session ID, whole,"),
        (_whose(lambda text, one: text == f"{one.user}:{one.session_id}"), "The session ID behind the name"),
        (_whose(lambda text, one: text == one.user), "The name"),
        (_whose(lambda text, one: text == one.key), "The key of its session record"),
        (_whose(lambda text, one: text == one.session_id[:-1]), "The session ID, cut,"),
        (lambda service, text: service.runs.get(text), "The run ID, whole,"),
    ],
    ids=["session", "behind the name", "name", "key", "cut", "run"],
)
def test_what_is_no_token_and_opens_something_is_found(opens: Opens, what: str, surface: Surface) -> None:
    """Each form of an ID, whatever else is refused."""
    found = judged(CARRIERS[surface], Service(opens), surface)[1]
    assert set(found) == {"id-opens"}
    told = found["id-opens"]
    assert f"{what} of {VICTIM}".lower() in told.lower()
    assert OPENED[surface] in told


@pytest.mark.parametrize(
    ("service", "symptom", "told"),
    [
        (_RecordsFirst(), "id-opens", "on record"),
        (_LogsOut(), "victim-hurt", "gone"),
    ],
    ids=["records it first", "logs its user out"],
)
def test_what_a_log_in_leaves_behind_is_found(service: Service, symptom: str, told: str) -> None:
    """On record, and to the victim."""
    found = judged(CARRIERS[Surface.AUTH], service, Surface.AUTH)[1]
    assert set(found) == {symptom}
    assert told in found[symptom]
