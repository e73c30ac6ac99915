"""What each port takes two names for: folding is a policy where every port does it, and a fault where one does not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from id_isolation.checks.context import CheckContext, Violation
from id_isolation.checks.parts.identity import (
    Taken,
    UserId,
    affordable_pairs,
    answers,
    at_log_in,
    at_socket,
    folds_everywhere,
    in_storage,
    over_pairs,
    owner_of,
)
from id_isolation.plan.kinds import Kind
from id_isolation.world.effort import Effort
from id_isolation.world.users import Pair, known_pairs

from ..bare import Bare, context_on
from .small import Small

PAIR = Pair("Ana", "ana", "letter case", foldable=True)
ONE, TWO = {"log-in": Taken.ONE, "the WebSocket": Taken.ONE}, {"log-in": Taken.TWO, "the WebSocket": Taken.TWO}


def _answers(backend: Small) -> dict[str, Taken]:
    world = context_on(backend, "U2")
    try:
        return world.run(answers(world, PAIR))
    finally:
        world.close()


def test_two_users_are_two_to_every_port_of_a_backend_that_folds_nothing() -> None:
    """And one to every port of a backend that folds letter case."""
    assert _answers(Small()) == {**TWO, "the stored sessions": Taken.TWO}
    assert _answers(Small(str.lower)) == {**ONE, "the stored sessions": Taken.ONE}


def test_a_port_that_refuses_one_name_or_is_not_there_says_nothing() -> None:
    """The others still do."""
    assert _answers(Small(refused=frozenset(["ana"]))) == {"the stored sessions": Taken.TWO}
    backend = Small()
    backend.stored = backend.sockets = None
    assert _answers(backend) == {"log-in": Taken.TWO}


@pytest.mark.parametrize("gone", ["tokens", "sessions", "sockets", "stored"])
def test_without_its_port_each_answer_is_untold(gone: str) -> None:
    """Log-in and socket need tokens besides."""
    backend = Small()
    setattr(backend, gone, None)
    world = context_on(backend, "U2")
    told = {
        "sessions": world.run(at_log_in(world, PAIR)),
        "sockets": world.run(at_socket(world, PAIR)),
        "stored": world.run(in_storage(world, PAIR)),
    }
    world.close()
    untold = {"sessions", "sockets"} if gone == "tokens" else {gone}
    assert {name for name, taken in told.items() if taken is Taken.UNTOLD} == untold


def test_what_was_stored_for_the_question_is_ended_again() -> None:
    """For both names."""
    backend = Small()
    _answers(backend)
    assert backend.stored.ended == ["Ana", "ana"]


@pytest.mark.parametrize(
    ("backend", "pair", "folds"),
    [
        (Small(str.lower), PAIR, True),
        (Small(str.lower), Pair("Ana", "ana", "letter case"), False),
        (Small(str.lower, stored_fold=str), PAIR, False),
        (Small(stored_fold=str.lower), PAIR, False),
        (Small(), PAIR, False),
    ],
    ids=["everywhere", "not foldable", "not in storage", "only in storage", "nowhere"],
)
def test_names_fold_only_where_every_port_that_answers_takes_them_for_one(
    backend: Small, pair: Pair, folds: bool
) -> None:
    """And where they are spellings of one name at all."""
    world = context_on(backend, "U2")
    assert world.run(folds_everywhere(world, pair)) is folds
    world.close()


def test_a_live_session_leads_to_its_owner_and_an_unknown_one_to_nobody() -> None:
    """By the records; other kinds by the backend's own look-up, where it has one."""
    backend = Small()
    world = context_on(backend, "U3")

    async def ask(kind: Kind, text: str) -> str | None:
        await backend.sessions.log_in("token of ana")
        return await owner_of(world, UserId(text, kind))

    assert world.run(ask(Kind.SESSION, "session_of_ana")) == "ana"
    assert world.run(ask(Kind.SESSION, "session_of_ben")) is None
    assert world.run(ask(Kind.CONNECTION, "ws_ana")) is None

    async def look_up(kind: Kind, text: str) -> str:
        return f"{kind}: {text}"

    backend.owner_of = look_up  # type: ignore[attr-defined]
    assert world.run(ask(Kind.CONNECTION, "ws_ana")) == "connection: ws_ana"
    world.close()


def test_in_this_process_every_known_pair_is_tried() -> None:
    """Whatever the effort."""
    assert affordable_pairs(context_on(effort=Effort(0.1))) == known_pairs()


def test_far_away_some_pairs_of_every_family_are_tried_and_its_last() -> None:
    """More with more effort, none twice, in their order."""
    backend = Bare()
    backend.remote = True  # type: ignore[attr-defined]
    every = known_pairs()
    few, many = (affordable_pairs(context_on(backend, effort=Effort(scale))) for scale in (0.25, 1.0))
    assert {pair.family for pair in few} == {pair.family for pair in every}
    assert len(few) < len(many) < len(every)
    assert many == [pair for pair in every if pair in many]
    last = {pair.family: pair for pair in every}
    assert all(pair in few for pair in last.values())
    assert affordable_pairs(context_on(backend, effort=Effort(100.0))) == every


def _body(world: CheckContext, wrong: str, tried: list[Pair]) -> object:
    def body(pair: Pair) -> None:
        tried.append(pair)
        if wrong in pair.family:
            raise Violation(world.finding("repeated-id", f"{pair.first} and {pair.second}", ["said"]))

    return body


def test_the_first_failing_pair_is_the_finding_and_counts_the_others() -> None:
    """By family; nothing is searched where known pairs fail already."""
    pairs = [
        Pair("a", "b", "sound"),
        Pair("c", "d", "wrong one"),
        Pair("e", "f", "wrong two"),
        Pair("g", "h", "wrong one"),
    ]
    tried: list[Pair] = []
    world = context_on()
    over_pairs(world, _body(world, "wrong", tried), pairs)  # type: ignore[arg-type]
    (finding,) = world.findings
    assert finding.problem == "c and d"
    assert finding.evidence == (
        "said",
        "3 of 4 pairs of names that were tried fail in this way: wrong one (2), wrong two (1).",
    )
    assert tried == pairs


def test_where_no_known_pair_fails_others_are_drawn() -> None:
    """So that a backend that knows the list is found out."""
    pairs = [Pair("a", "b", "sound")]
    tried: list[Pair] = []
    world = context_on()
    over_pairs(world, _body(world, "no such family", tried), pairs, examples=10)  # type: ignore[arg-type]
    assert tried[0] == pairs[0]
    assert len(tried) > 5
    assert world.findings == []


def test_where_a_log_in_takes_long_few_pairs_are_tried_together() -> None:
    """How many is told, and what they show is a finding."""
    backend = Bare()
    backend.slowest = 5.0  # type: ignore[attr-defined]
    world = context_on(backend)
    tried: list[Pair] = []

    def together(pairs: Sequence[Pair]) -> None:
        tried.extend(pairs)
        raise world.violation("repeated-id", "It is wrong.", ["So it is."])

    over_pairs(world, lambda pair: pytest.fail("one pair by itself"), at_once=together)
    assert len(tried) == world.few < len(known_pairs())
    assert [one.problem for one in world.findings] == ["It is wrong."]
    assert f"{world.few} of {len(known_pairs())} pairs" in world.notes[0]
