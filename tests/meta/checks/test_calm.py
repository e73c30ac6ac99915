"""A calm run learns the policies of a backend: log-ins, releases, the age of stored sessions and a user's sockets."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from id_isolation.backend.protocol import BackendBroke, Session
from id_isolation.checks.parts.calm import calm_run
from id_isolation.drivers.spec import on_disk, resolve
from id_isolation.history.finding import Outcome
from id_isolation.judging.client import Judge
from id_isolation.judging.judge import judge
from id_isolation.plan.kinds import Level, Surface
from id_isolation.rules.policies import UNLESS_TOLD, Way
from id_isolation.world.delivery import Delivery
from id_isolation.world.effort import POLICIES, Effort

from ..bare import Bare
from ..world.backends import SmallBackend
from .holding import Minting, Registry, Stored, Swept, by_run
from .test_parts_live import NewestWins, SecondRefused
from .test_right_accounts import _Accounts, _Lazy, _OneForEachUser

SLOW = pytest.mark.slow


class _Aging(Stored):
    """Sessions that a sweep ends by their age; a look-up makes them young again where expiry slides."""

    def __init__(self, slides: bool) -> None:
        super().__init__()
        self.slides = slides
        self.since: dict[tuple[str, str], datetime] = {}

    async def store(self, user, thread=None):  # type: ignore[no-untyped-def]
        self.since[(user, thread or "default")] = datetime.now(UTC)
        return await super().store(user, thread)

    async def find(self, user, thread):  # type: ignore[no-untyped-def]
        if self.slides and (user, thread) in self.since:
            self.since[(user, thread)] = datetime.now(UTC)
        return await super().find(user, thread)

    async def expire(self, older_than_hours):  # type: ignore[no-untyped-def]
        now = datetime.now(UTC)
        old = [key for key, at in self.since.items() if (now - at).total_seconds() > older_than_hours * 3600]
        for key in old:
            self.since.pop(key)
            self.runs.pop(key, None)
        return len(old)


class _SharesOne(_Accounts):
    """All log-ins of a user are given one session, which is on record as long as one of its tokens is good."""

    async def log_in(self, token: str) -> Session:
        user = self.user_of(token)
        mine = next((session for session in self.book.values() if session.user == user), None)
        return self.book.setdefault(token, mine or Session(user, secrets.token_hex(16), f"key of {user}"))


class _Renews(_Accounts):
    """Each log-in with a token gives it a new session in the place of the old one."""

    async def log_in(self, token: str) -> Session:
        user = self.user_of(token)
        self.book[token] = Session(user, secrets.token_hex(16), f"key {token}")
        return self.book[token]


class _Stays(_Accounts):
    """A session stays on record when its token has ended."""

    async def withdraw(self, token: str) -> None:
        self.users.pop(token, None)


class _GoesWhenRefused(_Stays):
    """The record goes when its token is refused."""

    async def log_in(self, token: str) -> Session:
        if token not in self.users:
            self.book.pop(token, None)
        return await super().log_in(token)


def _of_accounts(make: type[_Accounts]) -> tuple[Bare, Surface]:
    accounts = make()
    return Bare(opaque_ids=True, tokens=accounts, sessions=accounts), Surface.AUTH


def _holding(registry: Registry, stored: Stored | None = None) -> tuple[Bare, Surface]:
    return Bare(minting=Minting(), cleanup=registry, stored=stored), Surface.GENERATOR


def _served(delivery: type[Delivery]) -> tuple[SmallBackend, Surface]:
    return SmallBackend(delivery), Surface.WEBSOCKET


class _Plain(Delivery):
    """As many sockets as a user likes, by a server of the backend's own."""


BACKENDS: dict[Way, Callable[[], tuple[Any, Surface]]] = {
    Way.ONE_SESSION: lambda: _of_accounts(_SharesOne),
    Way.SEVERAL_SESSIONS: lambda: _of_accounts(_Accounts),
    Way.NEWEST_SESSION: lambda: _of_accounts(_OneForEachUser),
    Way.TOKEN_KEEPS: lambda: _of_accounts(_Accounts),
    Way.TOKEN_RENEWS: lambda: _of_accounts(_Renews),
    Way.WRITTEN_AT_ONCE: lambda: _of_accounts(_Accounts),
    Way.WRITTEN_LATER: lambda: _of_accounts(_Lazy),
    Way.ENDED_AT_ONCE: lambda: _of_accounts(_Accounts),
    Way.ENDED_WHEN_REFUSED: lambda: _of_accounts(_GoesWhenRefused),
    Way.ENDED_STAYS: lambda: _of_accounts(_Stays),
    Way.RELEASED_AT_ONCE: lambda: _holding(Registry()),
    Way.RELEASED_BY_SWEEP: lambda: _holding(Swept(by_run)),
    Way.SLIDING_AGE: lambda: _holding(Registry(), _Aging(slides=True)),
    Way.FIXED_AGE: lambda: _holding(Registry(), _Aging(slides=False)),
    Way.SEVERAL_SOCKETS: lambda: _served(_Plain),
    Way.NEWEST_SOCKET: lambda: _served(NewestWins),
    Way.SECOND_REFUSED: lambda: _served(SecondRefused),
}
"""For each way that can be learnt a backend that goes it, and the surface where it shows."""

CHECKS = {Surface.AUTH: ("A1", "A3", "A6", "C7"), Surface.GENERATOR: ("C2", "C3"), Surface.WEBSOCKET: ("E1", "E6")}


def _learnt(backend: Any, surface: Surface) -> tuple[str, set[Way]]:
    told = (calm_run(backend, Level.STRICT, 1, Effort(0.2)).aside or {})["policies"]
    return told, set(map(Way.named, json.loads(told)[surface]))


@pytest.mark.parametrize("way", BACKENDS)
def test_a_calm_run_learns_which_way_a_backend_goes(way: Way) -> None:
    """And no other way of the same policy."""
    _, ways = _learnt(*BACKENDS[way]())
    assert {one for one in ways if one.policy is way.policy} == {way}


@pytest.mark.parametrize(
    "way",
    [way if way in (Way.RELEASED_BY_SWEEP, Way.NEWEST_SOCKET) else pytest.param(way, marks=SLOW) for way in BACKENDS],
)
def test_no_backend_is_accused_for_the_way_that_it_goes(way: Way) -> None:
    """Of each policy, every way: by the checks that have to do with it, which are told what was learnt."""
    backend, surface = BACKENDS[way]()
    told, _ = _learnt(backend, surface)
    for check in CHECKS[surface]:
        # As in a run, each check has a backend that nobody has used.
        backend, _ = BACKENDS[way]()
        verdict = judge(backend, check, surface, Level.STRICT, 1, Effort(0.1, ((POLICIES, told),)))
        assert (check, [finding.symptom for finding in verdict.findings], verdict.reason) == (check, [], "")
        assert dict(verdict.policies)[way.about] == way.does


def test_all_ways_that_can_be_learnt_are_learnt_of_some_backend() -> None:
    """What no backend shows is declared; a second socket that is closed is the same way as one that is refused."""
    declared = {*UNLESS_TOLD, Way.OPAQUE_IDS, Way.RUN_GOES_ON, Way.KEPT_CONNECTION}
    assert set(Way) == {*BACKENDS, *declared, Way.SECOND_CLOSED}


def test_what_is_refused_lacking_or_broken_teaches_nothing_and_harms_nothing() -> None:
    """What there is besides is learnt all the same."""

    class _Breaks(_Accounts):
        async def withdraw(self, token: str) -> None:
            raise BackendBroke("the store is down")

    assert Way.TOKEN_KEEPS in _learnt(*_of_accounts(_Breaks))[1]
    assert _learnt(Bare(), Surface.AUTH)[1] == set()


def test_one_run_learns_once_and_all_its_checks_and_workers_are_told(tmp_path: Path) -> None:
    """The second worker reads what the first one wrote, and asks nothing of its own backend."""
    shared = tmp_path / "policies"
    shared.touch()
    with on_disk(resolve("remediated")) as target:
        for told in (None, {"auth": ["ended=stays"]}):
            if told is not None:
                shared.write_text(json.dumps(told))
            with Judge(target, Level.PLAN, 1, Effort(0.1), shared=shared) as judging:
                verdicts = [judging.verdict(check, Surface.AUTH) for check in ("A1", "A6")]
            assert [verdict.outcome for verdict in verdicts] == [Outcome.PASSED] * 2
            first, second = (dict(verdict.policies) for verdict in verdicts)
            assert first == second
            way = Way.ENDED_STAYS if told else Way.ENDED_WHEN_REFUSED
            assert first[way.about] == way.does
    assert judging.unlearnt == ""
