"""Tests of U2 on the generator: what IDs show of users who are easy to confuse."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from id_isolation.backend.protocol import BackendBroke, BackendRefused
from id_isolation.checks.context import CheckContext
from id_isolation.checks.parts.identity import clipped
from id_isolation.checks.u2_users_told_apart import minted_ids_tell_users_apart
from id_isolation.history.finding import Finding
from id_isolation.plan.kinds import Kind, Level, Surface
from id_isolation.world.effort import Effort
from id_isolation.world.world import NotApplicable

from ..bare import context_on, findings_of
from .small import Minting, Small


def _world(minting: Minting, fold: Callable[[str], str] = str, *, opaque: bool = False) -> CheckContext:
    backend = Small(fold)
    backend.minting, backend.opaque_ids = minting, opaque
    return context_on(backend, "U2", Surface.GENERATOR, Level.STRICT, effort=Effort(0.2))


def _found(minting: Minting, fold: Callable[[str], str] = str) -> list[Finding]:
    """What is found where every other port takes users for what `fold` makes of them."""
    world = _world(minting, fold)
    findings = findings_of(minted_ids_tell_users_apart, world)
    assert world.judged_count > 0
    return findings


def _text(user: Any) -> str:
    if not isinstance(user, str) or not user.strip():
        raise BackendRefused("a user is a text that is not blank")
    return user


def _quoted(user: Any) -> str:
    return quote(_text(user), safe="", errors="surrogatepass").replace("_", "%5F")


def _plain(user: Any, error: type[Exception] = BackendRefused) -> str:
    if not re.fullmatch(r"[a-z.]{1,20}", _text(user)):
        raise error("a user has letters and dots only")
    return str(user)


def _crashing(user: Any) -> str:
    return _plain(user, BackendBroke)


class _Named(Minting):
    """IDs in the plan's shape, or bare ones of a name and a number, with what `show` makes of the user."""

    def __init__(self, show: Callable[[Any], str], *, bare: bool = False) -> None:
        super().__init__()
        self.show = show
        self.bare = bare

    def kinds(self) -> list[Kind]:
        return [Kind.SESSION, Kind.MESSAGE]

    def mint(self, kind: Kind, user: str) -> str:
        number = next(self.numbers)
        if kind is Kind.MESSAGE:
            return f"message_{number}"
        tail = f"{number}" if self.bare else f"1726234567890_{number}_{number:08x}"
        return f"session_auth_{self.show(user)}_{tail}"


@pytest.mark.parametrize("bare", [False, True], ids=["of the plan's shape", "of another shape"])
@pytest.mark.parametrize("show", [_quoted, _plain, _crashing], ids=["quoted", "refused", "crashing"])
def test_names_that_are_escaped_or_refused_are_told_apart(show: Callable[[Any], str], bare: bool) -> None:
    """A crash shares nothing either; a kind that bears no user need not show one."""
    assert _found(_Named(show, bare=bare)) == []


@pytest.mark.parametrize("bare", [False, True], ids=["of the plan's shape", "of another shape"])
@pytest.mark.parametrize(
    "show",
    [
        lambda user: _quoted(user)[:8],
        lambda user: re.sub("[^a-z]", "-", _text(user)),
        lambda user: _quoted(_text(user).replace("+", "#")),
        lambda user: _quoted(str(user) or "nobody"),
        lambda user: _quoted(_text(user).split("@")[0]),
        lambda user: _quoted(_text(user).lower()),
    ],
    ids=["eight characters", "one joint for all", "two joints alike", "what is no text", "before the @", "one case"],
)
def test_two_names_that_show_the_same_are_found(show: Callable[[Any], str], bare: bool) -> None:
    """As one finding, which counts the pairs that end so."""
    (finding,) = _found(_Named(show, bare=bare))
    assert (finding.symptom, finding.kind) == ("merged-users", Kind.SESSION)
    assert "fail in this way: " in finding.evidence[-1]
    assert finding.history


def test_spellings_that_every_port_takes_for_one_user_may_show_the_same() -> None:
    """Letter case here; where one port keeps them apart, they may not."""
    minting = _Named(lambda user: _quoted(_text(user).lower()))
    assert _found(minting, str.lower) == []
    assert [finding.symptom for finding in _found(minting)] == ["merged-users"]


class _TellsTwoApart(_Named):
    """A digit behind each name changes where the last user's name looked the same, and knows only that one."""

    def __init__(self) -> None:
        super().__init__(self.numbered)
        self.last: dict[str, tuple[str, int]] = {}

    def numbered(self, user: Any) -> str:
        slug = re.sub("%[0-7].|[.~]", "-", _quoted(user))
        before, digit = self.last.get(slug, (user, 0))
        self.last[slug] = (user, digit if before == user else 1 - digit)
        return f"{slug}-{self.last[slug][1]}"


def test_a_third_user_who_is_taken_for_the_first_is_found() -> None:
    """Though any two are told apart."""
    (finding,) = _found(_TellsTwoApart())
    assert finding.symptom == "merged-users"
    assert "alike" in finding.evidence[0]


def test_opaque_ids_that_were_only_minted_are_not_judged() -> None:
    """Nothing records whose they are."""
    with pytest.raises(NotApplicable, match="opaque"):
        minted_ids_tell_users_apart(_world(_Named(_quoted), opaque=True))


def test_a_finding_shows_names_in_ascii_and_long_ones_cut() -> None:
    """With their length."""
    assert clipped("a" * 60) == "a" * 60
    assert clipped("a" * 61) == f"{'a' * 60}... (61 characters)"
    assert clipped("abcdef", 3) == "abc... (6 characters)"
    (finding,) = _found(_Named(lambda user: _quoted(_text(user).replace("\u0430", "a"))))
    assert r" for '\u0430n\u0430' (look-alike letters): " in finding.evidence[0]
