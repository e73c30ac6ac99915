"""Tests of F6: what a backend's parser and its validity test take for an ID."""

from __future__ import annotations

import re
from itertools import count
from typing import Any

import pytest

from id_isolation.backend.protocol import BackendBroke, BackendRefused, ParsedId
from id_isolation.checks.context import CheckContext
from id_isolation.checks.f6_junk_is_no_id import junk_is_not_taken_for_an_id
from id_isolation.plan.kinds import Kind, Level
from id_isolation.world.effort import Effort
from id_isolation.world.world import NotApplicable

from ..bare import Bare, context_on, findings_of

_WHOLE = re.compile(r"(?P<prefix>[a-z]\S*)_(?P<timestamp>\d{13})_(?P<counter>\d+)_(?P<random>[0-9a-f]{8,})")


class _Minting:
    def __init__(self) -> None:
        self.numbers = count(1)

    def kinds(self) -> list[Kind]:
        return [Kind.SESSION, Kind.MESSAGE]

    def mint(self, kind: Kind, user: str) -> str:
        return f"{kind}_auth_{user}_1726234567890_{next(self.numbers)}_0badcafe"


class _Reading:
    """Matches the whole text."""

    shape = _WHOLE

    def parse(self, text: str | None) -> ParsedId | None:
        found = self.shape.fullmatch(text or "")
        if found is None:
            return None
        return ParsedId(found["prefix"], int(found["timestamp"]), int(found["counter"]), found["random"], found[0])

    def is_valid(self, text: str | None) -> bool:
        return self.parse(text) is not None


class _WithPrefixes(_Reading):
    """Says whether an ID has a prefix; `told` is what it says instead."""

    def __init__(self, told: Any = ...) -> None:
        self.told = told

    def is_valid_for(self, text: str, prefix: str) -> bool | None:
        told: bool | None = text.startswith(f"{prefix}_1") if self.told is ... else self.told
        return told


class _Refuses(_Reading):
    """Refuses what is no ID."""

    def parse(self, text: str | None) -> ParsedId | None:
        parsed = super().parse(text)
        if parsed is None:
            raise BackendRefused("not an ID")
        return parsed

    def is_valid(self, text: str | None) -> bool:
        return bool(text) and super().is_valid(text)


class _Crashes(_Reading):
    def parse(self, text: str | None) -> ParsedId | None:
        if text is None:
            raise BackendBroke("AttributeError: 'NoneType' object has no attribute 'split'")
        return super().parse(text)


class _ValidUnlessEmpty(_Reading):
    def is_valid(self, text: str | None) -> bool:
        return bool(text and text.strip())


class _WithoutTheEnd(_Reading):
    """Looks whether a text begins like an ID."""

    def parse(self, text: str | None) -> ParsedId | None:
        found = self.shape.match(text or "")
        return super().parse(found[0]) if found else None


class _OfAnyTimestamp(_Reading):
    shape = re.compile(_WHOLE.pattern.replace("{13}", "+"))


class _UuidsToo(_Reading):
    def parse(self, text: str | None) -> ParsedId | None:
        if text and re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text):
            return ParsedId("", None, None, "", text)
        return super().parse(text)


def _judged(reading: _Reading, level: Level) -> tuple[CheckContext, set[str]]:
    world = context_on(Bare(minting=_Minting(), reading=reading), "F6", level=level, effort=Effort(0.2))
    symptoms = {finding.symptom for finding in findings_of(junk_is_not_taken_for_an_id, world)}
    assert world.judged_count > 0
    return world, symptoms


@pytest.mark.parametrize(
    ("reading", "plan", "strict"),
    [
        (_Reading(), set(), set()),
        (_Refuses(), set(), set()),
        (_WithPrefixes(), set(), set()),
        (_WithPrefixes(told=None), set(), set()),
        (_UuidsToo(), {"junk-accepted"}, set()),
        (_ValidUnlessEmpty(), {"junk-accepted"}, {"near-miss-accepted"}),
        (_WithoutTheEnd(), set(), {"near-miss-accepted"}),
        (_OfAnyTimestamp(), set(), {"near-miss-accepted"}),
        (_Crashes(), set(), {"reader-crashes"}),
        (_WithPrefixes(told=True), set(), {"wrong-prefix-answer"}),
        (_WithPrefixes(told=False), set(), {"wrong-prefix-answer"}),
    ],
    ids=[
        "the whole text",
        "refuses the rest",
        "with its prefix",
        "cannot tell of a prefix",
        "bare UUIDs too",
        "whatever is not blank",
        "begins like an ID",
        "any timestamp",
        "crashes on None",
        "with any prefix",
        "with no prefix",
    ],
)
def test_only_what_is_an_id_is_taken_for_one(reading: _Reading, plan: set[str], strict: set[str]) -> None:
    """The plan speaks of junk; near-misses, prefixes and crashes are judged at strict level besides."""
    assert _judged(reading, Level.PLAN)[1] == plan
    assert _judged(reading, Level.STRICT)[1] == plan | strict


def test_the_finding_names_the_text_and_who_took_it() -> None:
    """The parser and the validity test may differ."""
    taken = [_judged(reading, Level.PLAN)[0].findings[0].evidence[0] for reading in (_UuidsToo(), _ValidUnlessEmpty())]
    assert [sentence.partition(" is accepted by ")[2] for sentence in taken] == [
        "parse_id and by is_valid_id.",
        "is_valid_id.",
    ]


def test_opaque_ids_are_not_judged_by_their_shape() -> None:
    """Any text may be one of them."""
    backend = Bare(minting=_Minting(), reading=_Reading(), opaque_ids=True)
    with pytest.raises(NotApplicable, match="opaque"):
        junk_is_not_taken_for_an_id(context_on(backend, "F6"))
