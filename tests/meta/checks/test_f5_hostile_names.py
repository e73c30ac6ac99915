"""Tests of F5 on the generator: what it mints and stores for hostile names."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from id_isolation.backend.protocol import BackendBroke, BackendRefused, ContextIds
from id_isolation.checks.f5_hostile_names import hostile_names_mint_safe_ids
from id_isolation.plan.kinds import Kind, Level, Surface
from id_isolation.world.effort import Effort

from ..bare import Bare, context_on, findings_of
from .shaped import Shaped, Show, safe
from .small import Minting, Stored


def _digest(user: Any) -> str:
    if not isinstance(user, str) or not user.strip():
        raise BackendRefused("a user is a text that is not blank")
    return hashlib.sha256(user.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _plain(user: Any) -> str:
    if not isinstance(user, str) or not user.replace(".", "").isalnum() or not user.isascii() or len(user) > 64:
        raise BackendRefused("a user has letters and digits only")
    return user


def _unbounded(user: Any) -> str:
    return quote(user, safe="", errors="surrogatepass") if isinstance(user, str) and user.strip() else safe(user)


def _dropping(user: Any) -> str:
    """What is not safe is left out, though nothing may be left."""
    safe(user)
    return "".join(letter for letter in user if letter.isascii() and letter.isalnum())


def _unescaped(user: Any) -> str:
    safe(user)
    return str(user)


def _broken_by_ascii(user: Any) -> str:
    try:
        str(user).encode("ascii")
    except UnicodeEncodeError as error:
        raise BackendBroke(f"mint raised {error}") from error
    return safe(user)


def _without_a_word(user: Any) -> str:
    try:
        return safe(user)
    except BackendRefused:
        raise BackendRefused("") from None


class _StoredBy(Stored):
    """A stored session of the name as `show` has it."""

    def __init__(self, show: Show) -> None:
        super().__init__()
        self.show = show

    async def store(self, user: str, thread: str | None = None) -> ContextIds:
        return ContextIds(user, f"thread_{self.show(user)}", "run_1", "req_1")


class _ContextsBy(Shaped):
    """Contexts with the name in their thread, as `label` has it."""

    def __init__(self, label: Show) -> None:
        super().__init__()
        self.label = label

    def mint_context(self, user: str, operation: str) -> ContextIds:
        return replace(super().mint_context(user, operation), thread=f"thread_{self.label(user)}")


def _symptoms(minting: Minting, **backend: Any) -> set[str]:
    world = context_on(Bare(minting=minting, **backend), "F5", Surface.GENERATOR, Level.STRICT, effort=Effort(0.2))
    symptoms = {finding.symptom for finding in findings_of(hostile_names_mint_safe_ids, world)}
    assert world.judged_count > 0
    return symptoms


@pytest.mark.parametrize("show", [safe, _digest, _plain], ids=["escaped", "digested", "refused"])
def test_safe_ids_of_some_names_and_a_clear_refusal_of_the_others_pass(show: Show) -> None:
    """As long as every port does the same."""
    assert _symptoms(Shaped(show)) == set()
    assert _symptoms(Shaped(show), stored=_StoredBy(show)) == set()


@pytest.mark.parametrize(
    ("show", "symptoms"),
    [
        (str, {"unsafe-text", "too-long", "no-grammar"}),
        (_unescaped, {"unsafe-text"}),
        (_unbounded, {"too-long"}),
        (_dropping, {"no-grammar"}),
        (_broken_by_ascii, {"no-clear-error"}),
        (_without_a_word, {"no-clear-error"}),
    ],
    ids=["as it is", "unescaped", "unbounded", "nothing left", "crashes", "refuses without a word"],
)
def test_what_is_unsafe_long_shapeless_or_unclear_is_found(show: Show, symptoms: set[str]) -> None:
    """And nothing else is."""
    assert _symptoms(Shaped(show, safe)) == symptoms


def _of_anybody(user: Any) -> str:
    """Takes whoever comes."""
    return "anybody"


def _of_nobody_too(user: Any) -> str:
    return safe(user) if isinstance(user, str) and user.strip() else "nobody"


@pytest.mark.parametrize(
    ("check", "symptoms"),
    [(_of_anybody, {"inconsistent"}), (_plain, {"inconsistent"}), (_of_nobody_too, set())],
    ids=["of anybody", "of plain names", "of nobody, too"],
)
def test_contexts_and_stored_sessions_take_the_names_that_ids_take(check: Show, symptoms: set[str]) -> None:
    """What belongs to nobody they may have besides."""
    assert _symptoms(Shaped(safe, check)) == symptoms
    assert _symptoms(Shaped(safe), stored=_StoredBy(check)) == symptoms


@pytest.mark.parametrize(("show", "symptom"), [(_unescaped, "unsafe-text"), (_broken_by_ascii, "no-clear-error")])
def test_what_is_stored_is_judged_as_well(show: Show, symptom: str) -> None:
    """Its thread, and how a name is refused; the same goes for the contexts that the generator makes."""
    assert _symptoms(Shaped(safe), stored=_StoredBy(show)) == {symptom}
    assert _symptoms(_ContextsBy(show)) == {symptom}


class _OneKindTakesAll(Shaped):
    def mint(self, kind: Kind, user: str) -> str:
        return f"ws_conn_anybody_{self.tail()}" if kind is Kind.CONNECTION else super().mint(kind, user)


def test_two_kinds_that_bear_a_user_take_the_same_names() -> None:
    """Whatever contexts do."""
    assert _symptoms(_OneKindTakesAll()) == {"inconsistent"}
    assert _symptoms(_OneKindTakesAll(check=_of_anybody)) == {"inconsistent"}


class _BaseIds(Shaped):
    """IDs of a kind that bears no user, with the user in them."""

    def kinds(self) -> list[Kind]:
        return [Kind.BASE]

    def mint(self, kind: Kind, user: str) -> str:
        return f"{user}" if kind is Kind.BASE else super().mint(kind, user)


@pytest.mark.parametrize(("opaque", "symptoms"), [(False, set()), (True, {"unsafe-text", "too-long"})])
def test_of_opaque_ids_every_kind_is_read(opaque: bool, symptoms: set[str]) -> None:
    """Of others only those that bear a user."""
    assert _symptoms(_BaseIds(_of_anybody), opaque_ids=opaque) == symptoms
