"""A generator whose IDs have the shapes that a test gives, and readers that get them right or wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from id_isolation.backend.protocol import ContextIds, ParsedId, Session
from id_isolation.checks.check import check_of
from id_isolation.plan.kinds import Kind, Level, Surface
from id_isolation.world.effort import Effort

from ..bare import Bare, context_on, findings_of
from .small import Accounts, Contexts, Tokens

MOMENT = 1726234567890
SESSION = "session_auth_{user}_{moment}_{number}_0badcafe"
CONTEXT = "{kind}_{operation}_{moment}_{number}_0badcafe"
UNTIMED = "{kind}_{operation}_{number}_0badcafe"
CONTEXTS = {"thread", "run", "request"}
EVERY = {"session", *CONTEXTS}
_SHAPE = re.compile(r"(\S*[^_\s])_(\d{13})_(\d+)(?:_([0-9a-f]{8,}))?")


class Patterned:
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


class Batches(Patterned):
    """Batches that something is done to before they are handed out."""

    def __init__(self, change: Callable[[list[str]], Sequence[str] | None] = list) -> None:
        super().__init__()
        self.change = change

    def mint_batch(self, prefix: str, number: int, with_random: bool) -> Sequence[str] | None:
        return self.change([self.mint_bare(prefix, with_random) for _ in range(number)])


class LogIn(Accounts):
    """Session IDs from a generator."""

    minting: Patterned

    async def log_in(self, token: str) -> Session:
        return Session(self.user_of(token), self.minting.mint(Kind.SESSION, self.user_of(token)))


class Reading:
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


class ReadsUntimed(Reading):
    """Also reads what has a counter and a random part alone; `lost` leaves the time of all others out."""

    def __init__(self, *, lost: bool = False) -> None:
        super().__init__(lambda parsed: replace(parsed, timestamp=None) if lost else parsed)

    def parse(self, text: str) -> ParsedId | None:
        prefix, number, random = text.rsplit("_", 2)
        return super().parse(text) or ParsedId(prefix, None, int(number), random, text)

    def is_valid(self, text: str) -> bool:
        return True


def found_by(
    check: str,
    minting: Patterned,
    level: Level = Level.PLAN,
    surface: Surface = Surface.GENERATOR,
    reading: Reading | None = None,
) -> set[tuple[str, str]]:
    """The symptoms that a check finds, each with the kind of ID."""
    log_in = LogIn()
    log_in.minting = minting
    dispatcher: Any = Contexts(minting)  # type: ignore[arg-type]
    backend = Bare(minting=minting, reading=reading, tokens=Tokens(), sessions=log_in, contexts=dispatcher)
    world = context_on(backend, check, surface, level, effort=Effort(0.2))
    found = {(one.symptom, str(one.kind)) for one in findings_of(check_of(check).workload(surface), world)}
    assert world.judged_count > 0
    return found
