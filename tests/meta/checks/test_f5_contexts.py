"""Tests of F5 on the dispatcher: contexts of hostile names that it is handed, and its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from id_isolation.backend.protocol import BackendBroke, BackendRefused, ContextIds
from id_isolation.checks.f5_hostile_names import hostile_names_are_carried_safely
from id_isolation.history.finding import Finding
from id_isolation.plan.kinds import Level, Surface
from id_isolation.world.effort import Effort
from id_isolation.world.world import NotApplicable

from ..bare import Bare, context_on, findings_of
from .shaped import Shaped, safe


class _Dispatcher:
    """Works in the context that it is handed, whoever made it."""

    def __init__(self, operation: str = "dispatcher", user: str = "nobody") -> None:
        self.minting = Shaped(check=str)
        self.operation = operation
        self.user = user

    async def open_anonymous(self) -> ContextIds:
        return self.minting.mint_context(self.user, self.operation)

    async def carry(self, context: ContextIds) -> ContextIds:
        return context


def _found(dispatcher: _Dispatcher, **backend: Any) -> list[Finding]:
    ports = {"contexts": dispatcher, "minting": Shaped(), **backend}
    world = context_on(Bare(**ports), "F5", Surface.DISPATCHER, Level.STRICT, effort=Effort(0.2))
    findings = findings_of(hostile_names_are_carried_safely, world)
    assert world.judged_count > 0
    return findings


class _LooksAgain(_Dispatcher):
    """Refuses the names that the generator refuses."""

    async def carry(self, context: ContextIds) -> ContextIds:
        safe(context.user)
        return context


class _LooksForText(_Dispatcher):
    """Whoever is no text, or blank, is refused in its own words."""

    async def carry(self, context: ContextIds) -> ContextIds:
        if not isinstance(context.user, str) or not context.user.strip():
            raise TypeError("the user of a context is a text that is not blank")
        return context


class _Copies(_Dispatcher):
    async def carry(self, context: ContextIds) -> ContextIds:
        return replace(context)


@pytest.mark.parametrize("make", [_Dispatcher, _LooksAgain, _LooksForText, _Copies])
def test_a_context_that_is_carried_whole_or_refused_in_clear_words_passes(make: type[_Dispatcher]) -> None:
    """Whoever made it has looked at its user already, so to take it is right in any case."""
    assert _found(make()) == []


class _Trims(_Dispatcher):
    async def carry(self, context: ContextIds) -> ContextIds:
        return replace(context, user=str(context.user).strip())


class _WorksInItsOwn(_Dispatcher):
    """Makes a context of its own where the user will not do."""

    async def carry(self, context: ContextIds) -> ContextIds:
        try:
            return replace(context, user=context.user if safe(context.user) else "")
        except BackendRefused:
            return await self.open_anonymous()


class _Crashes(_Dispatcher):
    async def carry(self, context: ContextIds) -> ContextIds:
        if len(str(context.user)) > 255:
            raise BackendBroke("carry raised IndexError: list index out of range")
        return context


class _RaisesInPassing(_Dispatcher):
    """Refuses what is no text, without a word of the user."""

    async def carry(self, context: ContextIds) -> ContextIds:
        return replace(context, user="" + context.user)


class _Choosy(_Dispatcher):
    """Refuses more names than the generator does."""

    async def carry(self, context: ContextIds) -> ContextIds:
        if not str(context.user).isascii():
            raise BackendRefused("the user is not ASCII")
        return context


@pytest.mark.parametrize(
    ("make", "symptom"),
    [
        (_Trims, "carried-otherwise"),
        (_WorksInItsOwn, "carried-otherwise"),
        (_Crashes, "no-clear-error"),
        (_RaisesInPassing, "no-clear-error"),
        (_Choosy, "inconsistent"),
    ],
)
def test_a_context_that_is_changed_or_refused_otherwise_is_found(make: type[_Dispatcher], symptom: str) -> None:
    """Hostile names alone show it."""
    assert [finding.symptom for finding in _found(make())] == [symptom]


def test_without_other_ports_any_clear_refusal_passes() -> None:
    """There is nothing to hold it against."""
    assert _found(_Choosy(), minting=None) == []


def test_the_finding_shows_for_whom_the_dispatcher_works_instead() -> None:
    """In ASCII, with the thread that it was handed."""
    (finding,) = _found(_Trims())
    assert finding.evidence[0].isascii()
    assert "it works for 'ana' in thread_dispatcher_" in finding.evidence[0]


class _Shapeless(_Dispatcher):
    async def open_anonymous(self) -> ContextIds:
        return ContextIds(self.user, self.operation, "run", "request")


@pytest.mark.parametrize(
    ("dispatcher", "opaque", "symptoms"),
    [
        (_Dispatcher("nobody"), False, ["user-for-operation"]),
        (_Dispatcher("nobody"), True, []),
        (_Dispatcher("nobody_chat"), False, []),
        (_Dispatcher("chat", ""), False, []),
        (_Shapeless("nobody", ""), False, []),
    ],
    ids=["the user", "opaque IDs", "begins with the user", "no user at all", "another shape"],
)
def test_its_own_ids_show_the_operation_and_not_the_user(
    dispatcher: _Dispatcher, opaque: bool, symptoms: list[str]
) -> None:
    """That is told, and contexts are handed over all the same."""
    assert [finding.symptom for finding in _found(dispatcher, opaque_ids=opaque)] == symptoms


def test_a_user_for_the_operation_hides_nothing_else() -> None:
    """Both are found."""
    assert [finding.symptom for finding in _found(_Trims("nobody"))] == ["user-for-operation", "carried-otherwise"]


def test_without_a_dispatcher_nothing_is_judged() -> None:
    """It is not applicable."""
    with pytest.raises(NotApplicable, match="contexts"):
        hostile_names_are_carried_safely(context_on(check="F5", surface=Surface.DISPATCHER))
