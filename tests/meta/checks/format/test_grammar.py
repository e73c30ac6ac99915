"""Tests of F1 and F2: the grammar of IDs, and their way back through the backend's own parser."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from id_isolation.backend.protocol import ContextIds, ParsedId, Session
from id_isolation.checks.context import CheckContext
from id_isolation.checks.f1_grammar import ids_have_their_grammar
from id_isolation.checks.f2_parsing_back import minted_ids_parse_back
from id_isolation.plan.kinds import Kind, Level, Surface
from id_isolation.world.effort import Effort
from id_isolation.world.world import NotApplicable

from ...bare import Bare, context_on, findings_of
from ..small import Accounts, Contexts, Tokens

FEW = Effort(0.2)
MOMENT = 1726234567890
SESSION = "session_auth_{user}_{moment}_{number}_0badcafe"
CONTEXT = "{kind}_{operation}_{moment}_{number}_0badcafe"
UNTIMED = "{kind}_{operation}_{number}_0badcafe"
CONTEXTS = {"thread", "run", "request"}
EVERY = {"session", *CONTEXTS}
_SHAPE = re.compile(r"(\S*[^_\s])_(\d{13})_(\d+)(?:_([0-9a-f]{8,}))?")


class _Minting:
    """IDs of the shapes that a test gives."""

    def __init__(self, session: str = SESSION, context: str = CONTEXT) -> None:
        self.session = session
        self.context = context
        self.numbers = count(1)

    def kinds(self) -> list[Kind]:
        return [Kind.SESSION]

    def mint(self, kind: Kind, user: str) -> str:
        return self.session.format(user=user, moment=MOMENT, number=next(self.numbers))

    def mint_context(self, user: str, operation: str) -> ContextIds:
        parts = {"operation": operation, "moment": MOMENT, "number": next(self.numbers)}
        return ContextIds(user, *(self.context.format(kind=kind, **parts) for kind in ("thread", "run", "req")))

    def mint_bare(self, prefix: str, with_random: bool) -> str:
        return f"{prefix}_{MOMENT}_{next(self.numbers)}{'_0badcafe' if with_random else ''}"


class _Batches(_Minting):
    """Batches that something is done to before they are handed out."""

    def __init__(self, change: Callable[[list[str]], Sequence[str] | None] = list) -> None:
        super().__init__()
        self.change = change

    def mint_batch(self, prefix: str, number: int, with_random: bool) -> Sequence[str] | None:
        return self.change([self.mint_bare(prefix, with_random) for _ in range(number)])


class _LogIn(Accounts):
    """Session IDs from a generator."""

    minting: _Minting

    async def log_in(self, token: str) -> Session:
        return Session(self.user_of(token), self.minting.mint(Kind.SESSION, self.user_of(token)))


class _Reading:
    """Reads what ends with timestamp, counter and perhaps a random part; `change` is done to what was read."""

    def __init__(self, change: Callable[[ParsedId], ParsedId | None] = replace, *, valid: bool = True) -> None:
        self.change = change
        self.valid = valid

    def parse(self, text: str) -> ParsedId | None:
        found = _SHAPE.fullmatch(text)
        if found is None:
            return None
        prefix, timestamp, number, random = found.groups()
        return self.change(ParsedId(prefix, int(timestamp), int(number), random or "", text))

    def is_valid(self, text: str) -> bool:
        return self.valid and _SHAPE.fullmatch(text) is not None


class _ReadsUntimed(_Reading):
    """Also reads what has a counter and a random part alone; `lost` leaves the time of all others out."""

    def __init__(self, *, lost: bool = False) -> None:
        super().__init__(lambda parsed: replace(parsed, timestamp=None) if lost else parsed)

    def parse(self, text: str) -> ParsedId | None:
        prefix, number, random = text.rsplit("_", 2)
        return super().parse(text) or ParsedId(prefix, None, int(number), random, text)

    def is_valid(self, text: str) -> bool:
        return True


def _found(
    carry_out: Callable[[CheckContext], None],
    check: str,
    minting: _Minting,
    level: Level = Level.PLAN,
    surface: Surface = Surface.GENERATOR,
    reading: _Reading | None = None,
) -> set[tuple[str, str]]:
    """The symptoms that are found, each with the kind of ID."""
    log_in = _LogIn()
    log_in.minting = minting
    dispatcher: Any = Contexts(minting)  # type: ignore[arg-type]
    backend = Bare(minting=minting, reading=reading, tokens=Tokens(), sessions=log_in, contexts=dispatcher)
    world = context_on(backend, check, surface, level, effort=FEW)
    found = {(finding.symptom, str(finding.kind)) for finding in findings_of(carry_out, world)}
    assert world.judged_count > 0
    return found


@pytest.mark.parametrize("surface", [Surface.GENERATOR, Surface.AUTH, Surface.DISPATCHER])
@pytest.mark.parametrize(
    ("minting", "bad"),
    [
        (_Minting(), set()),
        (_Minting(context=UNTIMED), set()),
        (_Minting(session=f"{SESSION}0badcafe"), set()),
        (_Minting(session=SESSION.replace("badcafe", "BADCAFE")), {"session"}),
        (_Minting(session=SESSION.replace("{user}_", "")), {"session"}),
        (_Minting(session="session_auth_{user}"), {"session"}),
        (_Minting(context=CONTEXT.replace("0badcafe", "0bad")), CONTEXTS),
    ],
    ids=["the plan's", "no time", "a longer end", "capitals", "no user", "the user alone", "a short end"],
)
def test_an_id_has_the_grammar_of_its_kind(minting: _Minting, bad: set[str], surface: Surface) -> None:
    """On every surface that mints it, and no more than that is judged there."""
    minted = {Surface.GENERATOR: EVERY, Surface.AUTH: {"session"}, Surface.DISPATCHER: CONTEXTS}
    expected = {("no-grammar", kind) for kind in bad & minted[surface]}
    assert _found(ids_have_their_grammar, "F1", minting, surface=surface) == expected


@pytest.mark.parametrize(
    ("change", "right"),
    [
        (list, True),
        (lambda ids: None, True),
        (lambda ids: ids[:-1], False),
        (lambda ids: [*ids[:-1], ids[0]], False),
        (lambda ids: [f"un{text}" for text in ids], False),
        (lambda ids: [f"item_{MOMENT}_{number}" for number in range(len(ids))], False),
        (lambda ids: [f"item_{MOMENT}_{number}_0badcafe" for number in range(len(ids))], False),
    ],
    ids=["as asked", "none to be had", "one too few", "one twice", "another prefix", "never random", "always random"],
)
def test_a_batch_is_as_it_was_asked_for(change: Callable[[list[str]], Sequence[str] | None], right: bool) -> None:
    """At strict level and of the generator alone: as many different IDs, with and without a random part."""
    minting, strict = _Batches(change), Level.STRICT
    expected = set() if right else {("wrong-batch", "batch")}
    assert _found(ids_have_their_grammar, "F1", minting, strict) == expected
    assert _found(ids_have_their_grammar, "F1", minting) == set()
    assert _found(ids_have_their_grammar, "F1", minting, strict, Surface.AUTH) == set()


@pytest.mark.parametrize(
    ("change", "right"),
    [
        (replace, True),
        (lambda parsed: None, False),
        (lambda parsed: replace(parsed, full_id=parsed.full_id[1:]), False),
        (lambda parsed: replace(parsed, prefix=parsed.prefix.partition("_")[0]), False),
        (lambda parsed: replace(parsed, prefix=""), False),
        (lambda parsed: replace(parsed, timestamp=MOMENT // 1000), False),
        (lambda parsed: replace(parsed, counter=parsed.counter + 1), False),
        (lambda parsed: replace(parsed, random="") if parsed.random else parsed, False),
    ],
    ids=["right", "nothing", "whole", "short prefix", "no prefix", "timestamp", "counter", "random part"],
)
def test_what_was_minted_parses_back(change: Callable[[ParsedId], ParsedId | None], right: bool) -> None:
    """Each part of it as it stands in the text."""
    found = _found(minted_ids_parse_back, "F2", _Minting(), reading=_Reading(change))
    assert found == (set() if right else {("does-not-parse", kind) for kind in EVERY})


@pytest.mark.parametrize(
    ("minting", "reading", "plan", "strict"),
    [
        (_Minting(), _Reading(), set(), set()),
        (_Minting(context=UNTIMED), _Reading(), set(), {("does-not-parse", kind) for kind in CONTEXTS}),
        (_Minting(context=UNTIMED), _ReadsUntimed(), set(), set()),
        (
            _Minting(),
            _ReadsUntimed(lost=True),
            {("does-not-parse", kind) for kind in EVERY},
            {*(("does-not-parse", kind) for kind in EVERY), ("bare-does-not-parse", "base")},
        ),
        (_Minting(), _Reading(valid=False), set(), {("own-id-not-valid", kind) for kind in (*EVERY, "base")}),
        (
            _Minting(),
            _Reading(lambda parsed: parsed if parsed.random else None),
            set(),
            {("bare-does-not-parse", "base")},
        ),
    ],
    ids=[
        "all of it",
        "not what has no time",
        "what has no time too",
        "times unread",
        "valid to nobody",
        "not what has no random part",
    ],
)
def test_at_strict_level_everything_parses_back_and_is_valid(
    minting: _Minting, reading: _Reading, plan: set[tuple[str, str]], strict: set[tuple[str, str]]
) -> None:
    """The plan says so of what carries a timestamp alone."""
    for level, expected in ((Level.PLAN, plan), (Level.STRICT, strict)):
        assert _found(minted_ids_parse_back, "F2", minting, level, reading=reading) == expected


@pytest.mark.parametrize(("check", "carry_out"), [("F1", ids_have_their_grammar), ("F2", minted_ids_parse_back)])
def test_opaque_ids_have_no_shape(check: str, carry_out: Callable[[CheckContext], None]) -> None:
    """They are not judged by it."""
    with pytest.raises(NotApplicable, match="opaque"):
        carry_out(context_on(Bare(minting=_Minting(), opaque_ids=True), check))
