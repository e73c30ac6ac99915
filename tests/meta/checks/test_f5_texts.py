"""Tests of what may come of a hostile user name: a safe ID of bounded length, or a clear error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from id_isolation.backend.protocol import BackendBroke, BackendRefused, ContextIds, ParsedId
from id_isolation.checks.context import CheckContext, Violation
from id_isolation.checks.f5_hostile_names import LONGEST, head_of, judge_context, judge_error, judge_text, over_names
from id_isolation.history.finding import Finding
from id_isolation.plan.kinds import Kind, Surface
from id_isolation.world.effort import Effort
from id_isolation.world.hostile import HOSTILE_NAMES

from ..bare import Bare, context_on

TAIL = "1726234567890_001_a1b2c3d4"
HEAD = "session_auth_"


def _world(**backend: Any) -> CheckContext:
    return context_on(Bare(**backend), "F5", Surface.GENERATOR, effort=Effort(0.2))


def _flaw(text: str, head: str | None = HEAD, **backend: Any) -> tuple[str, str]:
    """Symptom and evidence; empty where the text is as it should be."""
    try:
        judge_text(_world(**backend), "ana", text, Kind.SESSION, head)
    except Violation as violation:
        return violation.finding.symptom, violation.finding.evidence[0]
    return "", ""


def test_the_head_of_a_kind_ends_where_two_ordinary_users_differ() -> None:
    """After an underscore; a kind that has another shape has none."""
    assert head_of(Kind.SESSION, f"session_auth_ana_{TAIL}", f"session_auth_ben_{TAIL}") == HEAD
    assert head_of(Kind.SESSION, f"session_web_app_ana_{TAIL}", f"session_web_app_ani_{TAIL}") == "session_web_app_"
    assert head_of(Kind.CONNECTION, f"ws_conn_ana_{TAIL}", f"ws_conn_ben_{TAIL}") == "ws_conn_"
    assert head_of(Kind.SESSION, "session_of_ana", "session_of_ben") is None
    assert head_of(Kind.SESSION, f"session_auth_ana_{TAIL}", "session_of_ben") is None


@pytest.mark.parametrize("user", ["ana", "an%20a", "ana@mail.invalid", "a_b", "_", "1726234567890", "a" * 200])
def test_an_escaped_name_in_the_shape_of_its_kind_is_no_flaw(user: str) -> None:
    """Whatever it holds of underscores and digits."""
    assert _flaw(f"{HEAD}{user}_{TAIL}") == ("", "")


@pytest.mark.parametrize("letter", [*" \t\n\0'\"`$&;|<>(){}[]*?!#\\/^", "\u00e9", "\u202e", "\ud800", "\U0001f680"])
def test_a_character_that_means_something_elsewhere_is_unsafe(letter: str) -> None:
    """To a shell, a path, a query or a line of a log; it is told by its code point."""
    symptom, said = _flaw(f"{HEAD}an{letter}a_{TAIL}")
    assert symptom == "unsafe-text"
    assert said.endswith(f"holds U+{ord(letter):04X}.")


def test_no_text_at_all_is_unsafe() -> None:
    """Nothing can be looked up by it."""
    assert _flaw("") == ("unsafe-text", "For the user 'ana', '' is empty.")


@pytest.mark.parametrize(("length", "symptom"), [(LONGEST, ""), (LONGEST + 1, "too-long")])
def test_an_id_is_as_long_as_fits_everywhere(length: int, symptom: str) -> None:
    """Opaque ones, too."""
    user = "a" * (length - len(f"{HEAD}_{TAIL}"))
    assert _flaw(f"{HEAD}{user}_{TAIL}")[0] == symptom
    assert _flaw("a" * length, opaque_ids=True)[0] == symptom


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"session_ana_{TAIL}", "does not look like session_TYPE_USER_"),
        (f"{HEAD}ana_001_a1b2c3d4", "does not look like session_TYPE_USER_"),
        (f"{HEAD}ana_1726234567890_001", "does not look like session_TYPE_USER_"),
        (f"{HEAD}{TAIL}", "an empty part"),
        (f"{HEAD}_{TAIL}", "an empty part"),
    ],
    ids=["another head", "no timestamp", "cut", "no user", "an empty user"],
)
def test_an_id_that_lost_its_shape_is_a_flaw(text: str, said: str) -> None:
    """Unless ordinary users' IDs have no such shape either, or IDs are opaque."""
    symptom, evidence = _flaw(text)
    assert symptom == "no-grammar"
    assert said in evidence
    assert _flaw(text, None) == _flaw(text, opaque_ids=True) == ("", "")


class _Reading:
    """Takes everything before the timestamp, found from one end or the other, for the prefix."""

    def __init__(self, parts: Callable[[str], list[str]]) -> None:
        self.parts = parts

    def parse(self, text: str) -> ParsedId | None:
        prefix, timestamp, counter, random = self.parts(text)
        return ParsedId(prefix, int(timestamp), int(counter), random, text)


class _ReadsNothing:
    def parse(self, text: str) -> ParsedId | None:
        return None


def _from_the_front(text: str) -> list[str]:
    parts = text.split("_")
    place = next(number for number, part in enumerate(parts) if part.isdigit())
    return ["_".join(parts[:place]), *parts[place : place + 3]]


def _with_the_first_timestamp(text: str) -> list[str]:
    prefix, _, *rest = text.rsplit("_", 3)
    return [prefix, next(part for part in text.split("_") if len(part) == 13 and part.isdigit()), *rest]


@pytest.mark.parametrize(
    ("reading", "symptom"),
    [
        (_Reading(lambda text: text.rsplit("_", 3)), ""),
        (_ReadsNothing(), ""),
        (_Reading(_from_the_front), "misread"),
        (_Reading(_with_the_first_timestamp), "misread"),
    ],
    ids=["from the end", "not at all", "from the front", "the first timestamp"],
)
def test_a_parser_that_takes_a_name_for_a_timestamp_misreads(reading: Any, symptom: str) -> None:
    """An ordinary user's ID it may read well."""
    assert _flaw(f"{HEAD}1700000000000_1_x_{TAIL}", reading=reading)[0] == symptom
    assert _flaw(f"{HEAD}ana_{TAIL}", reading=reading) == ("", "")


@pytest.mark.parametrize(
    "text",
    ["thread_chat_528_584ef8a5", f"{HEAD}ana_1726234567890_p4242-001_a1b2c3d4", "3f2a"],
    ids=["no timestamp", "a process before the counter", "no parts"],
)
def test_an_id_of_another_form_is_not_misread(text: str) -> None:
    """A context's IDs may show no time, and a counter may begin with its process."""

    class _ReadsItsOwn:
        def parse(self, text: str) -> ParsedId | None:
            prefix, *counted = text.rsplit("_", 2)
            counter, random = counted or ("0", "")
            return ParsedId(prefix, None, int(counter.rpartition("-")[2]), random, text)

    assert _flaw(text, None, reading=_ReadsItsOwn()) == ("", "")


@pytest.mark.parametrize(
    ("context", "symptom"),
    [
        (ContextIds("ana\n", f"thread_chat_{TAIL}", "run", "request"), ""),
        (ContextIds("ana", "thread/ana", "run", "request"), "unsafe-text"),
        (ContextIds("ana", "thread", "run", "r" * 300), "too-long"),
    ],
    ids=["shows no user", "an unsafe thread", "a long request"],
)
def test_all_three_ids_of_a_context_are_judged(context: ContextIds, symptom: str) -> None:
    """Not by their shape, which shows an operation; and not the user whom it is for."""
    world = _world()
    if symptom:
        with pytest.raises(Violation) as found:
            judge_context(world, "ana", context)
        assert found.value.finding.symptom == symptom
    else:
        judge_context(world, "ana", context)
    assert world.judged_count == 1


@pytest.mark.parametrize(
    ("error", "clear"),
    [(BackendRefused("no such user"), True), (TypeError("user is no text"), True), (BackendBroke("mint hung"), False)],
    ids=["refused", "names the user", "broke"],
)
def test_an_error_that_is_no_clear_refusal_is_found(error: Exception, clear: bool) -> None:
    """With what was done and what came of it, in ASCII and cut."""
    world = _world()
    if clear:
        judge_error(world, "ana", "log-in", error)
        return
    with pytest.raises(Violation) as found:
        judge_error(world, "\u00e9" * 100, "log-in", error)
    assert found.value.finding.symptom == "no-clear-error"
    (said,) = found.value.finding.evidence
    assert said.startswith(r"With the user '\xe9\xe9")
    assert said.endswith("... (402 characters), log-in ended so: mint hung")


def _tried(wrong: Callable[[object], bool]) -> tuple[list[object], list[Finding]]:
    world, tried = _world(), []

    def body(name: object) -> None:
        tried.append(name)
        if wrong(name):
            judge_error(world, name, "log-in", BackendBroke("broke"))

    over_names(world, body)
    return tried, world.findings


def test_every_known_name_is_tried_though_one_fails() -> None:
    """And none is made of them then."""
    tried, findings = _tried(lambda name: name in ("", None))
    assert tried == list(HOSTILE_NAMES)
    assert [finding.symptom for finding in findings] == ["no-clear-error"]


def test_where_no_known_name_fails_others_are_made_of_them() -> None:
    """So that a list of these names is not enough."""
    tried, findings = _tried(lambda name: False)
    assert len(tried) > len(HOSTILE_NAMES)
    assert findings == []
