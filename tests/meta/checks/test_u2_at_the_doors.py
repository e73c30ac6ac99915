"""Tests of U2 at log-in and the WebSocket: names are kept apart, refused, or folded into one everywhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote, unquote

import pytest

from id_isolation.backend.protocol import BackendRefused, Connection, Handshake, Session
from id_isolation.checks.u2_users_told_apart import connection_ids_tell_users_apart, session_ids_tell_users_apart
from id_isolation.history.finding import Finding
from id_isolation.plan.kinds import Kind, Level, Surface
from id_isolation.world.effort import Effort

from ..bare import context_on, findings_of
from .small import Accounts, Small, Tokens

Fold = Callable[[str], str]

CARRIERS = {Surface.AUTH: session_ids_tell_users_apart, Surface.WEBSOCKET: connection_ids_tell_users_apart}


class _Tokens(Tokens):
    """Tokens that no header trims."""

    async def issue(self, user: str) -> str:
        return await super().issue(quote(user))


class _Doors(Accounts):
    def user_of(self, token: str) -> str:
        return super().user_of(unquote(token))


def _folding(log_in: Fold, socket: Fold, stored: Fold) -> Small:
    """Each port folds names in its own way."""
    backend = Small(stored_fold=stored)
    backend.tokens, backend.sessions, backend.sockets = _Tokens(), _Doors(log_in), _Doors(socket)
    return backend


def _everywhere(fold: Fold) -> Small:
    return _folding(fold, fold, fold)


def _found(backend: Small, surface: Surface) -> list[Finding]:
    world = context_on(backend, "U2", surface, Level.STRICT, effort=Effort(0.2))
    findings = findings_of(CARRIERS[surface], world)
    assert world.judged_count > 0
    return findings


def _symptoms(backend: Small, surface: Surface) -> list[str]:
    return [finding.symptom for finding in _found(backend, surface)]


def _plain(user: str) -> str:
    if not re.fullmatch("[a-z.]{1,20}", user):
        raise BackendRefused("a user has letters and dots only")
    return user


def _without_one_blank(user: str) -> str:
    return user[:-1] if user[-1:].isspace() else user


@pytest.mark.parametrize("surface", [*CARRIERS])
@pytest.mark.parametrize(
    "fold", [str, str.lower, str.strip, _plain], ids=["as they are", "one case", "trimmed", "refused"]
)
def test_names_that_are_kept_folded_or_refused_in_every_port_pass(fold: Fold, surface: Surface) -> None:
    """Each of them is a policy."""
    assert _symptoms(_everywhere(fold), surface) == []


def _before_the_at(user: str) -> str:
    return user.split("@")[0]


@pytest.mark.parametrize("surface", [*CARRIERS])
@pytest.mark.parametrize(
    ("folds", "symptom"),
    [
        ([_before_the_at] * 3, "merged-users"),
        ([str.lower, str.lower, str], "merged-users"),
        ([str.lower, str, str], "folded-in-one-place"),
        ([str, str.lower, str], "folded-in-one-place"),
    ],
    ids=["before the @", "not in storage", "at log-in only", "at the socket only"],
)
def test_names_that_are_merged_or_folded_in_one_place_are_found(
    folds: list[Fold], symptom: str, surface: Surface
) -> None:
    """On the surface that does it and on the other."""
    assert _symptoms(_folding(*folds), surface) == [symptom]


class _NamesTheWhole(_Doors):
    """IDs show all of a name, of which the user is a part."""

    async def log_in(self, token: str) -> Session:
        return Session((await super().log_in(token)).user, f"session_of_{unquote(token)}")

    async def connect(self, handshake: Handshake) -> Connection:
        return Connection(f"ws_{unquote(handshake.token)}", self.user_of(handshake.token))


@pytest.mark.parametrize("surface", [*CARRIERS])
def test_two_names_that_are_one_user_are_merged_whatever_their_ids_show(surface: Surface) -> None:
    """The user of the session or connection is what counts."""
    backend = _everywhere(str)
    backend.sessions = backend.sockets = _NamesTheWhole(_before_the_at)
    assert _symptoms(backend, surface) == ["merged-users"]


def test_names_that_only_the_other_door_merges_are_found_there() -> None:
    """Where they are no spellings of one name, nothing has to agree with it."""
    backend = _folding(_before_the_at, str, str)
    assert _symptoms(backend, Surface.AUTH) == ["merged-users"]
    assert _symptoms(backend, Surface.WEBSOCKET) == []


@pytest.mark.parametrize("surface", [*CARRIERS])
def test_what_the_stored_sessions_alone_fold_is_left_to_others(surface: Surface) -> None:
    """Neither log-in nor the socket is wrong then."""
    assert _symptoms(_folding(str, str, str.lower), surface) == []


def test_a_folded_name_that_folds_again_is_found_at_log_in() -> None:
    """As where of two blanks each time one goes."""
    (finding,) = _found(_everywhere(_without_one_blank), Surface.AUTH)
    assert finding.symptom == "folding-changes-again"
    assert r"The backend calls a user 'ana\r'; who logs in under that name is called ana." in finding.evidence[0]


class _Opaque(_Doors):
    """Numbers for sessions and connections; `whose` is whom an ID leads to."""

    def __init__(self, whose: Fold) -> None:
        super().__init__()
        self.whose = whose
        self.owners: dict[str, str] = {}

    async def log_in(self, token: str) -> Session:
        session = Session(self.user_of(token), f"{len(self.sessions):x}")
        self.sessions.append(Session(self.whose(session.user), session.session_id))
        return session

    async def connect(self, handshake: Handshake) -> Connection:
        user, text = self.user_of(handshake.token), f"{len(self.owners):x}"
        self.owners[text] = self.whose(user)
        return Connection(text, user)

    async def owner_of(self, kind: Kind, text: str) -> str | None:
        return self.owners.get(text)


@pytest.mark.parametrize("surface", [*CARRIERS])
@pytest.mark.parametrize(
    ("whose", "symptoms"),
    [pytest.param(str, [], marks=pytest.mark.slow), (lambda user: user[:3], ["merged-users"])],
)
def test_opaque_ids_are_told_apart_by_whom_they_lead_to(whose: Fold, symptoms: list[str], surface: Surface) -> None:
    """By the records and the look-up; without a look-up a connection says nothing."""
    backend, doors = _everywhere(str), _Opaque(whose)
    backend.opaque_ids, backend.sessions, backend.sockets = True, doors, doors
    blind = _symptoms(backend, surface)
    assert blind == (symptoms if surface is Surface.AUTH else [])
    backend.owner_of = doors.owner_of  # type: ignore[attr-defined]
    assert _symptoms(backend, surface) == symptoms
