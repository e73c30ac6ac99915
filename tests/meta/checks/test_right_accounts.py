"""Right designs of log-ins that are unlike the embedded ones: none of the checks of sessions and users accuses them."""

from __future__ import annotations

import asyncio
import secrets

import pytest
from _pytest.mark import ParameterSet

from id_isolation.backend.protocol import BackendRefused, Session
from id_isolation.checks.check import check_of
from id_isolation.history.finding import Finding
from id_isolation.plan.kinds import Level, Surface
from id_isolation.world.effort import Effort
from id_isolation.world.world import NotApplicable

from ..bare import Bare, context_on, findings_of


class _Accounts:
    """Opaque sessions behind issued tokens, each with a record of its own."""

    def __init__(self) -> None:
        self.users: dict[str, str] = {}
        self.book: dict[str, Session] = {}

    async def issue(self, user: str) -> str:
        token = secrets.token_hex(16)
        self.users[token] = user
        return token

    async def withdraw(self, token: str) -> None:
        self.users.pop(token, None)
        self.book.pop(token, None)

    async def reassign(self, token: str, user: str) -> None:
        raise BackendRefused("a token never changes its user")

    def user_of(self, token: str) -> str:
        if token not in self.users:
            raise BackendRefused("401")
        return self.users[token]

    async def log_in(self, token: str) -> Session:
        user = self.user_of(token)
        return self.book.setdefault(token, Session(user, secrets.token_hex(16), f"key {token}"))

    async def records(self) -> list[Session]:
        return list(self.book.values())


class _OneForEachUser(_Accounts):
    """The newest log-in ends the user's other sessions."""

    async def log_in(self, token: str) -> Session:
        user = self.user_of(token)
        self.book = {key: session for key, session in self.book.items() if session.user != user}
        return await super().log_in(token)


class _CookieIsTheKey(_Accounts):
    async def log_in(self, token: str) -> Session:
        user = self.user_of(token)
        return self.book.setdefault(token, Session(user, secrets.token_hex(16), token))


class _LocksOut(_Accounts):
    """Lets nobody in after five failed log-ins in a row."""

    failed = 0

    async def log_in(self, token: str) -> Session:
        if self.failed >= 5:
            raise BackendRefused("too many failed log-ins")
        self.failed = 0 if token in self.users else self.failed + 1
        return await super().log_in(token)


class _Lazy(_Accounts):
    """A session is on record once its token comes for the second time."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, Session] = {}

    async def log_in(self, token: str) -> Session:
        user = self.user_of(token)
        if token in self.known:
            self.book[token] = self.known[token]
        return self.known.setdefault(token, Session(user, secrets.token_hex(16), f"key {token}"))

    async def withdraw(self, token: str) -> None:
        await super().withdraw(token)
        self.known.pop(token, None)


class _WritesLater(_Accounts):
    """A record is there some looks after its log-in was answered."""

    def __init__(self) -> None:
        super().__init__()
        self.since: dict[str, int] = {}
        self.looks = 0

    async def log_in(self, token: str) -> Session:
        self.user_of(token)
        self.since.setdefault(token, self.looks)
        return await super().log_in(token)

    async def records(self) -> list[Session]:
        self.looks += 1
        return [session for token, session in self.book.items() if self.looks - self.since[token] > 3]


class _SlowStore(_Accounts):
    """A log-in needs 20 ms of a store that has a hundred connections; whoever comes beyond waits, or is refused."""

    refuses = False

    def __init__(self) -> None:
        super().__init__()
        self.at_work = 0

    async def log_in(self, token: str) -> Session:
        while self.at_work >= 100:
            if self.refuses:
                raise BackendRefused("503: too many log-ins")
            await asyncio.sleep(0.001)
        self.at_work += 1
        try:
            await asyncio.sleep(0.02)
            return await super().log_in(token)
        finally:
            self.at_work -= 1


class _RefusesForLoad(_SlowStore):
    refuses = True


class _NoTokenEnds(_Accounts):
    """A signed token lasts until it expires."""

    async def withdraw(self, token: str) -> None:
        raise BackendRefused("a signed token cannot be taken back")


DESIGNS = [_Accounts, _OneForEachUser, _CookieIsTheKey, _LocksOut, _Lazy, _WritesLater]


def _found(check: str, accounts: _Accounts) -> list[Finding]:
    backend = Bare(opaque_ids=True, tokens=accounts, sessions=accounts)
    world = context_on(backend, check, Surface.AUTH, Level.STRICT, effort=Effort(0.1))
    return findings_of(check_of(check).workload(Surface.AUTH), world)


def _judged(check: str, make: type[_Accounts]) -> ParameterSet:
    """U2 and A3 ask many times, or wait for a record that comes late: most of that is left to the long proof."""
    long = make not in {"U2": (_CookieIsTheKey,), "A3": (_OneForEachUser, _WritesLater)}.get(check, DESIGNS)
    return pytest.param(check, make, marks=pytest.mark.slow if long else (), id=f"{check}-{make.__name__.strip('_')}")


@pytest.mark.parametrize(
    ("check", "make"),
    [_judged(check, make) for check in ("A1", "A2", "A3", "A4", "A6", "U1", "U2", "U3") for make in DESIGNS],
)
def test_a_right_design_of_log_ins_is_accused_by_no_check(check: str, make: type[_Accounts]) -> None:
    """Whatever its policies are."""
    if make is _Lazy and check == "U1":
        with pytest.raises(NotApplicable, match="on record"):
            _found(check, make())
        return
    assert _found(check, make()) == []


def test_where_no_token_can_be_taken_back_its_end_is_not_applicable() -> None:
    """Every other bad token is judged."""
    with pytest.raises(NotApplicable, match="cannot be taken back"):
        _found("A3", _NoTokenEnds())
    assert _found("A6", _NoTokenEnds()) == []


def test_a_backend_without_sessions_has_none_that_an_id_could_open() -> None:
    """Nor is anything else said of it."""
    accounts = _Accounts()
    world = context_on(Bare(tokens=accounts), "A4", Surface.AUTH, Level.STRICT)
    with pytest.raises(NotApplicable):
        check_of("A4").workload(Surface.AUTH)(world)


@pytest.mark.parametrize("make", [_SlowStore, _RefusesForLoad])
def test_a_slow_store_is_neither_a_hang_nor_a_leak(make: type[_Accounts]) -> None:
    """With more log-ins at once than it has connections."""
    accounts = make()
    backend = Bare(opaque_ids=True, tokens=accounts, sessions=accounts)
    world = context_on(backend, "X2", Surface.AUTH, Level.STRICT, effort=Effort(1))
    assert findings_of(check_of("X2").workload(Surface.AUTH), world) == []
    assert world.judged_count > 0
