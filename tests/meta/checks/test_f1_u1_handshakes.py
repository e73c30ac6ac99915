"""Tests of F1 and U1 on the connection IDs that real WebSocket handshakes get."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest

from id_isolation.backend.protocol import Connection, ContextIds, Handshake
from id_isolation.checks.f1_grammar import connection_ids_have_their_grammar
from id_isolation.checks.u1_user_in_id import connection_ids_name_their_user
from id_isolation.plan.kinds import Kind, Level
from id_isolation.world.delivery import Delivery, Line
from id_isolation.world.simulated_auth import SimulatedAuthService
from id_isolation.world.world import NotApplicable

from ..bare import findings_of
from .served import Outside, probe_of, served_as, symptoms

Naming = Callable[[str, Handshake], str]

_numbers = count()


def _right(user: str, handshake: Handshake | None = None) -> str:
    """An ID of the plan's shape."""
    return f"ws_conn_{user[:8]}_1700000000000_{next(_numbers):03d}_{secrets.token_hex(4)}"


def _unless(fault: Callable[[Handshake], Any]) -> Naming:
    """Such an ID, or none of any shape where the handshake has something about it."""
    return lambda user, handshake: "c0ffee" if fault(handshake) else _right(user)


def _of_nobody(*_: object) -> str:
    return _right("anybody")


def _opaque(*_: object) -> str:
    return secrets.token_hex(8)


class _Sockets:
    """Names connections by what a test says, and keeps whose each is; a context comes along where one is given."""

    def __init__(self, named: Naming, context: ContextIds | None = None) -> None:
        self.tokens = SimulatedAuthService()
        self.named = named
        self.context = context
        self.handshakes: list[Handshake] = []
        self.owners: dict[str, str] = {}

    async def connect(self, handshake: Handshake) -> Connection:
        self.handshakes.append(handshake)
        user = self.tokens.user_of(handshake.token) or ""
        given = self.named(user, handshake)
        self.owners[given] = user
        return Connection(given, user, self.context)

    def parts(self, **more: Any) -> dict[str, Any]:
        return {"sockets": self, "tokens": self.tokens, **more}


@pytest.mark.parametrize(
    ("named", "found"),
    [
        (_right, set()),
        (lambda user, handshake: handshake.preliminary_id or _right(user), set()),
        (_of_nobody, set()),
        (_opaque, {"no-grammar"}),
        (_unless(lambda handshake: handshake.user is None), {"no-grammar"}),
        (_unless(lambda handshake: "sec-websocket-protocol" in handshake.headers), {"no-grammar"}),
        (_unless(lambda handshake: handshake.preliminary_id), {"no-grammar"}),
    ],
    ids=["right", "a-preliminary-one-again", "nobodys", "opaque", "nameless", "subprotocol", "preliminary"],
)
def test_a_connection_id_has_its_grammar_however_the_client_came(named: Naming, found: set[str]) -> None:
    """By header, by subprotocol, with or without a name and a preliminary ID; whom it names is for U1."""
    world = probe_of("F1", level=Level.PLAN, **_Sockets(named).parts())
    assert symptoms(connection_ids_have_their_grammar, world) == found
    assert world.judged_count == 4 * 4


def test_a_generator_of_other_kinds_hands_out_no_preliminary_id() -> None:
    """One handshake fewer for each user."""
    sockets = _Sockets(_right)
    other = SimpleNamespace(kinds=lambda: [Kind.SESSION])
    world = probe_of("F1", level=Level.PLAN, **sockets.parts(minting=other))
    assert symptoms(connection_ids_have_their_grammar, world) == set()
    assert world.judged_count == 4 * 3
    assert {handshake.preliminary_id for handshake in sockets.handshakes} == {None}


def test_from_outside_nothing_is_said_that_only_a_middleware_knows() -> None:
    """Two handshakes for each user are left, and a wrong ID shows in them."""
    carry_out = served_as(Outside, connection_ids_have_their_grammar)
    world = probe_of("F1", level=Level.PLAN, **_Sockets(_right).parts())
    assert symptoms(carry_out, world) == set()
    assert world.judged_count == 4 * 2
    assert symptoms(carry_out, probe_of("F1", level=Level.PLAN, **_Sockets(_opaque).parts())) == {"no-grammar"}


RIGHT_CONTEXT = ContextIds("ana", "thread_chat_7_0badcafe", "run_chat_7_0badcafe", "req_chat_8_0badcafe")
WRONG_CONTEXT = ContextIds("ana", "thread_chat_7_0badcafe", "c0ffee", "req_chat_8_0badcafe")


@pytest.mark.parametrize(
    ("context", "level", "kinds"),
    [
        (RIGHT_CONTEXT, Level.STRICT, []),
        (None, Level.STRICT, []),
        (WRONG_CONTEXT, Level.PLAN, []),
        (WRONG_CONTEXT, Level.STRICT, [Kind.RUN]),
    ],
    ids=["right", "none", "wrong-at-plan-level", "wrong"],
)
def test_at_strict_level_a_connections_context_has_ids_of_their_kinds(
    context: ContextIds | None, level: Level, kinds: list[Kind]
) -> None:
    """The plan says nothing of them, so a finding is one of strict level."""
    world = probe_of("F1", level=level, **_Sockets(_right, context).parts())
    found = findings_of(connection_ids_have_their_grammar, world)
    assert [(finding.kind, finding.level, finding.symptom) for finding in found] == [
        (kind, Level.STRICT, "no-grammar") for kind in kinds
    ]
    assert world.judged_count > 0


def test_opaque_connection_ids_have_no_grammar() -> None:
    """They are not judged by it."""
    with pytest.raises(NotApplicable, match="opaque"):
        connection_ids_have_their_grammar(probe_of("F1", **_Sockets(_opaque).parts(opaque_ids=True)))


@pytest.mark.parametrize(
    ("named", "found"),
    [
        (_right, set()),
        (lambda user, handshake: f"{secrets.token_hex(4)}-{sum(map(ord, user))}_{user[::-1]}", set()),
        (_of_nobody, {"names-nobody"}),
        (_opaque, {"names-nobody"}),
        (lambda user, handshake: f"ws_{user}{next(_numbers)}_x", {"names-nobody"}),
        (lambda user, handshake: f"ws_{handshake.peer}_{next(_numbers)}", {"names-nobody"}),
    ],
    ids=["by-its-beginning", "in-another-shape", "a-constant", "by-chance", "run-together", "by-the-address"],
)
def test_a_connection_id_has_a_part_that_is_its_users_alone(named: Naming, found: set[str]) -> None:
    """The same each time, and not the same for both users; in whatever shape."""
    world = probe_of("U1", **_Sockets(named).parts())
    assert symptoms(connection_ids_name_their_user, world) == found
    assert world.judged_count == 6


def test_the_finding_shows_an_id_of_each_user() -> None:
    """With the kind that both are of."""
    (finding,) = findings_of(connection_ids_name_their_user, probe_of("U1", **_Sockets(_of_nobody).parts()))
    assert len({shown.user for shown in finding.ids}) == 2
    assert {finding.kind, *(shown.kind for shown in finding.ids)} == {Kind.CONNECTION}
    assert all(text in finding.evidence[0] for shown in finding.ids for text in (shown.text, shown.user))


class _Forgets(Delivery):
    """Knows whose a connection is as long as it is there."""

    async def close(self, line: Line, clean: bool) -> None:
        await super().close(line, clean)
        self.sockets.owners.pop(line.connection_id)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("delivery", "told", "found"),
    [
        (None, lambda turn, owner: owner, set()),
        (_Forgets, lambda turn, owner: owner, set()),
        (None, lambda turn, owner: "somebody", {"names-nobody"}),
        (None, lambda turn, owner: owner if turn else None, {"names-nobody"}),
    ],
    ids=["for-ever", "while-it-is-there", "to-somebody-else", "once-to-nobody"],
)
def test_an_opaque_connection_id_leads_to_its_user_by_look_up(
    delivery: type[Delivery] | None, told: Callable[[int, str | None], str | None], found: set[str]
) -> None:
    """It may be forgotten when the connection is gone."""
    sockets, turns = _Sockets(_opaque), count()

    async def owner_of(kind: Kind, text: str) -> str | None:
        return told(next(turns), sockets.owners.get(text))

    world = probe_of("U1", delivery, **sockets.parts(opaque_ids=True, owner_of=owner_of))
    assert symptoms(connection_ids_name_their_user, world) == found


def test_opaque_ids_without_a_look_up_cannot_be_judged() -> None:
    """Nothing says whose they are."""
    world = probe_of("U1", **_Sockets(_opaque).parts(opaque_ids=True))
    with pytest.raises(NotApplicable, match="has no owner_of"):
        connection_ids_name_their_user(world)
    world.close()
