"""Tests of U1: whether IDs name their user, by a part of the text or by look-up."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from itertools import count

import pytest

from id_isolation.backend.protocol import ContextIds, Session
from id_isolation.checks.context import CheckContext
from id_isolation.checks.parts.identity import UserId, some_part_differs
from id_isolation.checks.u1_user_in_id import ids_name_their_user
from id_isolation.history.finding import Finding
from id_isolation.plan.kinds import Kind, Surface
from id_isolation.world.effort import Effort
from id_isolation.world.world import NotApplicable

from ..bare import context_on, findings_of
from .small import Accounts, Small

FEW = Effort(0.2)
KINDS = (Kind.SESSION, Kind.CONNECTION, Kind.CLIENT)


class _Minting:
    """IDs by what `shape` makes of the user and a number that no two IDs share; the others by what is sound."""

    def __init__(self, shape: Callable[[str, int], str], shaped: tuple[Kind, ...] = KINDS) -> None:
        self.shape = shape
        self.shaped = shaped
        self.numbers = {kind: count() for kind in Kind}

    def kinds(self) -> list[Kind]:
        return [*self.numbers]

    def mint(self, kind: Kind, user: str) -> str:
        number = next(self.numbers[kind])
        return f"{kind}_{self.shape(user, number) if kind in self.shaped else f'{user}_{number}'}"

    def mint_context(self, user: str, operation: str) -> ContextIds:
        return ContextIds(user, "thread", "run", "request")


def _on_generator(minting: _Minting) -> CheckContext:
    backend = Small()
    backend.minting = minting
    return context_on(backend, "U1", Surface.GENERATOR, effort=FEW)


def _found(world: CheckContext) -> list[Finding]:
    findings = findings_of(ids_name_their_user, world)
    assert world.judged_count > 0
    return findings


@pytest.mark.parametrize(
    "shape",
    [
        lambda user, number: f"{user}_{number}",
        lambda user, number: f"{hashlib.sha256(user.encode()).hexdigest()[:12]}_{number}",
        lambda user, number: f"{user[:8]}_{number}",
        lambda user, number: f"{'web_' * (number % 3)}{user}_{number}",
        lambda user, number: f"{number}_{user}",
    ],
    ids=["whole", "digest", "eight characters", "behind one part or more", "at the end"],
)
def test_a_part_that_stays_with_its_user_names_it(shape: Callable[[str, int], str]) -> None:
    """Whatever the part is made of, and wherever it stands."""
    assert _found(_on_generator(_Minting(shape))) == []


@pytest.mark.parametrize(
    "shape",
    [
        lambda user, number: f"{number}",
        lambda user, number: f"user_{number}",
        lambda user, number: f"{number // 3}_{number}",
        lambda user, number: f"{user}{number}",
    ],
    ids=["no part", "one for all", "one for three IDs in a row", "mixed with the number"],
)
def test_ids_without_such_a_part_name_nobody(shape: Callable[[str, int], str]) -> None:
    """A part that a moment gives is no user's, though two users' IDs may differ by it."""
    findings = _found(_on_generator(_Minting(shape, (Kind.CONNECTION,))))
    assert [(finding.symptom, finding.kind) for finding in findings] == [("names-nobody", Kind.CONNECTION)]


@pytest.mark.parametrize("kind", [Kind.MESSAGE, Kind.EXECUTION, Kind.BASE])
def test_a_kind_that_bears_no_user_need_not_name_one(kind: Kind) -> None:
    """Only sessions, connections and clients do."""
    assert _found(_on_generator(_Minting(lambda user, number: f"{number}", (kind,)))) == []


class _Opaque(Accounts):
    """Sessions that show no user; the records say whose each is, by what `whose` makes of the user."""

    def __init__(self, whose: Callable[[str], str] = str) -> None:
        super().__init__()
        self.whose = whose

    async def log_in(self, token: str) -> Session:
        session = Session(self.user_of(token), f"{len(self.sessions):x}")
        self.sessions.append(Session(self.whose(session.user), session.session_id))
        return session


class _OffTheRecord(_Opaque):
    async def records(self) -> list[Session]:
        return []


class _OneForAll(Accounts):
    async def log_in(self, token: str) -> Session:
        return Session(self.user_of(token), "session_of_all")


def _at_log_in(sessions: Accounts, *, opaque: bool = False) -> set[str]:
    backend = Small()
    backend.sessions, backend.opaque_ids = sessions, opaque
    return {finding.symptom for finding in _found(context_on(backend, "U1", Surface.AUTH, effort=FEW))}


@pytest.mark.parametrize(("sessions", "symptoms"), [(Accounts(), set()), (_OneForAll(), {"names-nobody"})])
def test_at_log_in_the_session_id_is_judged(sessions: Accounts, symptoms: set[str]) -> None:
    """Where a second log-in gives the same session, too."""
    assert _at_log_in(sessions) == symptoms


@pytest.mark.parametrize(
    ("sessions", "symptoms"),
    [
        (_Opaque(), set()),
        (_Opaque(lambda user: "somebody"), {"names-nobody"}),
    ],
    ids=["own", "somebody's"],
)
def test_an_opaque_session_names_its_user_by_the_records(sessions: Accounts, symptoms: set[str]) -> None:
    """Its text is not read."""
    assert _at_log_in(sessions, opaque=True) == symptoms
    assert _at_log_in(_Opaque()) == {"names-nobody"}


def test_opaque_sessions_that_are_never_on_record_are_not_judged() -> None:
    """Nothing that could be looked up says whose they are."""
    with pytest.raises(NotApplicable, match="on record"):
        _at_log_in(_OffTheRecord(), opaque=True)


def test_an_opaque_id_that_was_only_minted_is_not_judged() -> None:
    """It is nobody's yet."""
    backend = Small()
    backend.opaque_ids = True
    with pytest.raises(NotApplicable, match="opaque"):
        ids_name_their_user(context_on(backend, "U1", Surface.GENERATOR))


def _shown(*texts: str, user: str = "") -> list[UserId]:
    return [UserId(text, Kind.SESSION, user) for text in texts]


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [
        (["x_ana_1", "x_ana_2"], ["x_ben_3", "x_ben_4"], True),
        (["x_ana_1", "x_y_ana_2"], ["x_ben_3", "x_ben_4"], True),
        (["x_ana_1", "x_ana_2"], ["x_ben_3", "x_eve_4"], False),
        (["x_ana_1", "x_ana_2"], ["x_ana_3", "x_ana_4"], False),
        (["x_1", "x_2"], ["ana_x_3", "ana_x_4"], False),
    ],
    ids=["one part", "counted from the end", "for one alone", "the same", "beyond the shortest"],
)
def test_users_are_told_apart_by_a_part_that_both_have(first: list[str], second: list[str], apart: bool) -> None:
    """The same in all IDs of each, and not the same for both."""
    assert some_part_differs([_shown(*first), _shown(*second)]) is apart
